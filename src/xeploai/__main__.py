"""The outermost wrapper: starts reading before anything heavy is imported, and turns a bug into words and a report file."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit with its code: 0, 1, 2, 3 (a bug), 130 (Ctrl-C)."""
    arguments = sys.argv[1:]
    _speak_utf8()
    gc.disable()  # a run is short and keeps what it makes; collecting would only cost time
    try:
        if arguments[:1] in (["classify"], ["check"]) and "--help" not in arguments:
            _head_start(arguments)
        from xeploai.cli import run

        if arguments[:1] == ["classify"] and "--help" not in arguments:
            from xeploai.write import beside

            beside.start()  # not earlier: on two processors it would only take its time from the reader and from here
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except KeyboardInterrupt:
        print("\nĐã dừng theo yêu cầu; không có tệp nào ghi dở.", file=sys.stderr)
        code = 130
    except BrokenPipeError:  # "| head": the reader had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # the one place that says sorry for a bug
        code = _full(error) or _confess()
    if code != 3:
        os._exit(code)  # every file is written, every stream flushed: taking the tables apart would only take time
    sys.exit(code)


def _speak_utf8() -> None:
    """Vietnamese must never crash a narrow terminal: pipes get UTF-8, a terminal its own encoding with \\u escapes."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  closed by «>&-»: nobody listens
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and not stream.isatty():
            reconfigure(encoding="utf-8", errors="replace")
        elif reconfigure:
            reconfigure(errors="backslashreplace")


def _head_start(arguments: list[str]) -> None:
    """Start reading what look like files while the imports go on. It can change no result."""
    from xeploai.read import ahead

    ahead([word for word in arguments if word.lower().endswith((".xlsx", ".xlsm"))])


def _full(error: Exception) -> int:
    """2 with a sentence where standard output goes to a full disk; 0 for anything else."""
    import errno

    if not isinstance(error, OSError) or error.errno != errno.ENOSPC or error.filename:
        return 0
    print("lỗi DL91  Không in được kết quả: đĩa đã đầy.", file=sys.stderr)
    return 2


def _confess() -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="xeploai-loi-", suffix=".txt", delete=False) as file:
        file.write("xeploai " + " ".join(sys.argv[1:]) + "\n" + traceback.format_exc())
    print(
        "Phần mềm gặp lỗi của chính nó, không phải do dữ liệu. Không có tệp nào ghi dở.\n"
        f"Gửi tệp này cho người phát triển: {file.name}",
        file=sys.stderr,
    )
    return 3


if __name__ == "__main__":
    main()
