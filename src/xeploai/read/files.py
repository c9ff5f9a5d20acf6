"""Which files are meant: the given ones, and of a folder the spreadsheets in it."""

from __future__ import annotations

import os
import stat
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xeploai.findings import Finding

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots", ".et")
"""What a folder is searched for. What a file is, its content says later."""

LOCKS = ("~$", ".~lock")
"""How the names of Excel's and LibreOffice's locks begin, which tell that somebody has a spreadsheet open."""

LEFT_BEHIND = (*LOCKS, "._", ".xeploai-")
"""How names begin that no person gave: Excel's lock, macOS's shadow, LibreOffice's lock, our own temporary file."""


def gather(paths: Sequence[Path]) -> tuple[list[Path], list[Finding]]:
    """The files to read, in the given order and each once; a folder is its spreadsheets, sorted by name."""
    from pathlib import Path

    found: list[Path] = []
    findings: list[Finding] = []
    for path in paths:
        reason = why_not(path)
        if not reason and path.name.startswith(LEFT_BEHIND) and path.is_file():
            findings.append(_passed_over(path))
        elif not reason and os.path.isdir(path):
            inside, locks = _inside(path)
            found += map(Path, inside)
            findings += map(_passed_over, locks)
            reason = "" if inside else "thư mục không có bảng tính nào"
        elif not reason:
            found.append(path)
        if reason:
            from xeploai.findings import FILE_MISSING

            findings.append(FILE_MISSING(file=unicodedata.normalize("NFC", str(path)), reason=reason))
    return list(_once(found)), findings


def _once(paths: Sequence[Path]) -> Iterable[Path]:
    """Without those that are the same file by another name. One folder is looked up once, however much lies in it."""
    folders: dict[str, str] = {}
    first: dict[str, Path] = {}
    for path in paths:
        folder, name = os.path.split(path)
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        real = os.path.realpath(path) if os.path.islink(path) else os.path.join(folders[folder], name)
        first.setdefault(os.path.normcase(real), path)
    return first.values()


def _passed_over(path: str | os.PathLike[str]) -> Finding:
    from xeploai.findings import LOCK_FILE

    return LOCK_FILE(file=unicodedata.normalize("NFC", os.fspath(path)))


def spreadsheets(folder: str | os.PathLike[str]) -> list[str]:
    """What is called a spreadsheet in this folder itself, sorted by NFC name; a broken link or a pipe is told later."""
    return _inside(folder)[0]


def _inside(folder: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
    """(the spreadsheets in this folder, the locks of spreadsheets that somebody has open), each sorted by NFC name."""
    with os.scandir(folder) as entries:
        named = [entry for entry in entries if entry.name.lower().rstrip("#").endswith(SUFFIXES)]
        names = [entry.name for entry in named if not _is_folder(entry)]
    names.sort(key=lambda name: (unicodedata.normalize("NFC", name), name))
    sheets = [name for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(LEFT_BEHIND)]
    locks = [name for name in names if name.startswith(LOCKS)]
    return [os.path.join(folder, name) for name in sheets], [os.path.join(folder, name) for name in locks]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def is_regular(path: str | os.PathLike[str]) -> bool:
    """Whether this is a file that can be read to its end: opening a pipe would wait for ever."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def why_not(path: Path) -> str:
    """Why this path cannot be read; "" where it can."""
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return f"không có tệp này{_similar(path)}"
    except ValueError:
        return "tên tệp có ký tự không dùng được"
    except OSError as error:
        return f"hệ thống báo «{error.strerror}»"
    if not os.access(path, os.R_OK | (os.X_OK if stat.S_ISDIR(mode) else 0)):
        return "không có quyền đọc"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "đây là đường ống hoặc thiết bị, không phải tệp"
    return ""


def _similar(path: Path) -> str:
    from xeploai import vi

    try:
        beside = [os.path.basename(name) for name in spreadsheets(path.parent)]
    except OSError:
        return ""
    stems = {os.path.splitext(name)[0]: name for name in reversed(beside)}  # all end alike: that makes no likeness
    near = stems.get(vi.nearest(path.stem, stems) or "")
    return f"; có phải «{unicodedata.normalize('NFC', near)}»?" if near else ""
