"""The outermost wrapper: starts reading before anything heavy is imported, and turns a bug into words and a report file."""

from __future__ import annotations

import gc
import io
import os
import sys
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    """Run the command line and exit with its code: 0, 1, 2, 3 (a bug), 130 (Ctrl-C)."""
    arguments = sys.argv[1:]
    _speak_utf8()
    stopped = _hear_ctrl_c()
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
        code = _stop()
    except _Unheard as error:
        code = _unheard(error)
    except Exception:  # the one place that says sorry for a bug
        code = _stop() if stopped else _confess()
    if code != 3:
        os._exit(code)  # every file is written, every stream flushed: taking the tables apart would only take time
    sys.exit(code)


def _speak_utf8() -> None:
    """Vietnamese must never crash a narrow terminal: pipes get UTF-8, a terminal its own encoding with \\u escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by «>&-»: nobody listens
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        elif isinstance(stream, io.TextIOWrapper):
            pipe = io.BufferedWriter(_Patient(stream.fileno(), "w", closefd=False))
            setattr(sys, name, io.TextIOWrapper(pipe, "utf-8", "backslashreplace", line_buffering=name == "stderr"))


class _Unheard(OSError):
    """Standard output or error goes to a file, and that took no more: the disk is full."""


class _Patient(io.FileIO):
    """A pipe whose reader may go (`| head`): what it no longer hears is let go, and the run ends as it would have."""

    def write(self, content: Any) -> int:
        try:
            while (written := super().write(content)) is None:  # full, and set not to wait
                import select

                select.select((), (self,), ())
        except BrokenPipeError:
            return len(content)
        except OSError as error:
            if os.name == "nt" and error.errno == 22:  # a broken pipe is EINVAL there
                return len(content)
            raise _Unheard(error.errno, error.strerror) from None
        return written


_NOT_READ = ("-o", "--output", "--json", "--html", "--annotate", "--letters")
"""Options whose value is written."""


def _head_start(arguments: list[str]) -> None:
    """Start reading what will be read while the imports go on. It can change no result."""
    from xeploai.read import ahead
    from xeploai.read.files import SUFFIXES

    words = [word for before, word in pairwise(arguments) if before not in _NOT_READ]
    ahead([word for word in words if word.lower().endswith(SUFFIXES) or os.path.isdir(word)])


def _unheard(error: OSError) -> int:
    import contextlib

    from xeploai.write.whole import words

    with contextlib.suppress(OSError):  # the words go to the same disk, perhaps
        print(f"lỗi DL91  Không in được kết quả: {words(error)}.", file=sys.stderr)
    return 2


def _hear_ctrl_c() -> list[int]:
    """A list that holds something once Ctrl-C came: pydantic, half-way in a class, makes an error of its own of it."""
    import signal

    came: list[int] = []

    def hear(number: int, frame: Any) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # «nohup» and «&» may have it ignored
        signal.signal(signal.SIGINT, hear)
    return came


def _stop() -> int:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would only tear the farewell apart
    print("\nĐã dừng theo yêu cầu; không có tệp nào ghi dở.", file=sys.stderr)
    return 130


def _confess() -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", prefix="xeploai-loi-", suffix=".txt", delete=False
    ) as file:
        file.write("xeploai " + " ".join(sys.argv[1:]) + "\n" + traceback.format_exc())
    print(
        "Phần mềm gặp lỗi của chính nó, không phải do dữ liệu. Không có tệp nào ghi dở.\n"
        f"Gửi tệp này cho người phát triển: {file.name}",
        file=sys.stderr,
    )
    return 3


if __name__ == "__main__":
    main()
