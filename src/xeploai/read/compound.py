"""A compound file (OLE2) → the one stream that holds the workbook. xlrd never sees the file around it.

    header ──▶ DIFAT ──▶ FAT: which sector follows which ──▶ directory ──▶ Workbook | Book ──▶ its sectors, in order
                                                                    └────▶ mini stream, for what is under 4096 bytes

Every chain is checked for loops and for its end, every count against what the file has room for. What the header counts
(sectors of each table) is not believed and not needed.
"""

from __future__ import annotations

from struct import unpack, unpack_from

from xeploai.read.guard import damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_SECTORS = 0xFFFFFFFA  # numbers from here on mean something else
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_NAMES = ("workbook", "book")  # BIFF8 first, where a file holds both
_STREAM, _ROOT = 2, 5
_MINI = 64


def workbook(data: bytes) -> bytes:
    """The workbook stream of a file that begins as a compound file. Raises Refused."""
    return _File(data).workbook()


class _File:
    def __init__(self, data: bytes) -> None:
        if len(data) < 1024 or data[28:30] != b"\xfe\xff":
            raise damaged("phần đầu của tệp bị hỏng")
        shift, mini_shift = unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise damaged("phần đầu của tệp bị hỏng")
        self._data = data
        self._size = 1 << shift
        self._sectors = -(-(len(data) - self._size) // self._size)  # the last one may be cut short
        self._directory, self._cutoff, self._mini_table = unpack_from("<I4xII", data, 48)
        self._next: list[int] = []
        """The FAT: the sector that follows each."""
        nothing = [_FREE] * (self._size // 4)
        for sector in self._tables():
            if len(self._next) >= self._sectors:
                break
            self._next += nothing if sector >= _MOST_SECTORS else self._numbers(sector)
        del self._next[self._sectors :]

    def workbook(self) -> bytes:
        entries = self._chained(self._directory)
        root = entries[:128]
        if len(root) < 128 or root[66] != _ROOT:
            raise damaged("danh mục bên trong tệp bị hỏng")
        found = {name: (start, size) for name, start, size in self._streams(entries)}
        for name in _NAMES:
            if name in found:
                start, size = found[name]
                if size >= self._cutoff:
                    return self._whole(self._chained(start, size), size)
                return self._whole(self._mini(root, start, size), size)
        raise damaged("không tìm thấy bảng tính bên trong tệp")

    def _tables(self) -> Iterator[int]:
        """The sectors of the FAT: 109 stand in the header, the rest in a chain of sectors of their own."""
        yield from unpack_from("<109I", self._data, 76)
        following = unpack_from("<I", self._data, 68)[0]
        seen: set[int] = set()
        while following < _MOST_SECTORS and not (following == 0 and not seen):  # 0 for «none» is met in the wild
            if following in seen:
                raise damaged("bảng sắp xếp bên trong tệp lặp vòng")
            seen.add(following)
            *sectors, following = self._numbers(following)
            yield from sectors

    def _numbers(self, sector: int) -> tuple[int, ...]:
        start = (sector + 1) * self._size
        table = self._data[start : start + self._size]
        if len(table) < self._size:
            raise damaged("tệp bị cụt")
        return unpack(f"<{self._size // 4}I", table)

    def _chained(self, start: int, size: int | None = None) -> bytes:
        """The bytes of a chain of sectors; no more of them than `size` needs."""
        most = len(self._next) + 1 if size is None else -(-size // self._size)
        sectors = _chain(self._next, start, most)
        return b"".join(self._data[(n + 1) * self._size : (n + 2) * self._size] for n in sectors)

    def _mini(self, root: bytes, start: int, size: int) -> bytes:
        """The bytes of a chain within the mini stream, which the root entry holds."""
        table = self._chained(self._mini_table)
        following = unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        stream = self._chained(unpack_from("<I", root, 116)[0])
        sectors = _chain(following, start, -(-size // _MINI))
        return b"".join(stream[n * _MINI : (n + 1) * _MINI] for n in sectors)

    def _whole(self, stream: bytes, size: int) -> bytes:
        if len(stream) < size:
            raise damaged("tệp bị cụt")
        return stream[:size]

    def _streams(self, entries: bytes) -> Iterator[tuple[str, int, int]]:
        """(name, first sector, size) of the streams that stand in the root, not in a storage of some embedded object."""
        count = len(entries) // 128
        waiting = [unpack_from("<I", entries, 76)[0]]
        seen: set[int] = set()
        while waiting:
            place = waiting.pop()
            if place == _FREE:
                continue
            if place >= count or place in seen:
                raise damaged("danh mục bên trong tệp lặp vòng hoặc bị hỏng")
            seen.add(place)
            length, kind, left, right, start, size = unpack_from("<HBxII40xII", entries, place * 128 + 64)
            waiting += left, right
            if kind == _STREAM:
                name = entries[place * 128 : place * 128 + min(max(length - 2, 0), 62)]
                yield name.decode("utf-16-le", "replace").lower(), start, size


def _chain(following: Sequence[int], start: int, most: int) -> list[int]:
    """The numbers of a chain, the first `most` of them."""
    sectors: list[int] = []
    sector = start
    while sector != _END and len(sectors) < most:
        if sector >= len(following):
            raise damaged("tệp bị cụt, hoặc bảng sắp xếp bên trong bị hỏng")
        sectors.append(sector)
        sector = following[sector]
    if len(set(sectors)) < len(sectors):
        raise damaged("bảng sắp xếp bên trong tệp lặp vòng")
    return sectors
