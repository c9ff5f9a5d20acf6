"""A slip on the command line is answered with what was wrong, in the officer's words, and with the command to run."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from xeploai import vi

_ASKED = re.compile(r"«([^«»]+)»[^«»]*có phải «([^«»]+)»\?")
_FITTING = re.compile(r"(?:cùng khớp|gần nhất): (.+)\.$")


def proposals(arguments: Sequence[str], messages: Sequence[str]) -> list[list[str]]:
    """The very commands to run next, where what was meant can be told: the right name of a file, book, unit, option."""
    found: list[list[str]] = []
    for message in messages[:3]:
        if asked := _ASKED.search(message):
            meant = [_meant(word, *asked.groups()) for word in arguments]
            if meant != list(arguments):
                found.append(meant)
        elif fitting := _FITTING.search(message):
            found += ([*arguments, "--rules", code] for code in fitting[1].split(", ")[:3])
    return found


def _meant(word: str, given: str, near: str) -> str:
    """The argument with the right name in place of the one that was typed; as it is where it says something else."""
    folder, name = os.path.split(word)
    if word == given or (folder and name == os.path.basename(given)):
        return os.path.join(folder, near) if folder and not os.path.dirname(near) else near
    return word


def say_command(arguments: Sequence[str]) -> None:
    """A command to run, on its own line."""
    sys.stderr.write(f"       → Chạy: {vi.shown(shlex.join(['xeploai', *arguments]), 10_000)}\n")


def usage(error: Any, arguments: Sequence[str]) -> int:
    """A wrong command line in the officer's words."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.ctx.get_help()}\n")
        return 2
    hint = error.ctx.command_path if getattr(error, "ctx", None) else "xeploai"
    word = getattr(error, "option_name", None) or getattr(getattr(error, "param", None), "opts", [""])[0]
    if kind == "NoSuchOption":
        near = next(iter(getattr(error, "possibilities", None) or []), "")
        what = f"Không có tuỳ chọn «{word}»" + (f"; có phải «{near}»?" if near else "")
    elif kind == "MissingParameter":
        metavar, help_ = getattr(error.param, "metavar", None), getattr(error.param, "help", None) or ""
        what = f"Thiếu {metavar or word}" + (f" ({help_.removesuffix('  [required]').rstrip('.')})" if help_ else "")
    elif kind == "BadOptionUsage":
        takes = "does not take" not in str(error.message)
        what = f"Tuỳ chọn «{word}» cần một giá trị" if takes else f"Tuỳ chọn «{word}» không kèm giá trị"
    elif kind == "BadParameter":
        need = "cần một năm, ví dụ 2019" if word == "--year" else str(error.message)
        what = f"Giá trị của {word or 'tham số'} không dùng được: {need}"
    elif "No such command" in str(error.message):
        given = str(error.message).split("'")[1] if "'" in str(error.message) else ""
        known = sorted(error.ctx.command.commands)
        meant = vi.nearest(given, known)
        what = f"Không có lệnh «{given}»; " + (f"có phải «{meant}»?" if meant else f"các lệnh: {', '.join(known)}")
    elif "unexpected extra argument" in str(error.message):
        extra = str(error.message).partition("(")[2].partition(")")[2].strip(" ()")
        what = f"Thừa «{extra}»; tên có dấu cách thì đặt trong ngoặc kép"
    else:
        what = f"Dòng lệnh không đúng: {error.message}"
    said = vi.shown(what, 10_000)
    sys.stderr.write(f"lỗi DL93  {said}.\n".replace("?.", "?"))
    proposed = proposals(arguments, [what])
    for line in proposed:
        say_command(line)
    if not proposed:
        sys.stderr.write(f"       → Xem cách dùng: {hint} --help\n")
    return 2
