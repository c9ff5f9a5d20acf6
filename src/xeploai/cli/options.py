"""The options that several commands share, and what is made of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xeploai.findings import BAD_OPTION, Unusable

if TYPE_CHECKING:
    from xeploai.pipeline import Options


def _books(incomplete: str) -> list[str]:
    """The shipped books whose codes begin so."""
    from xeploai.book.load import shipped_books

    return [code for code in shipped_books() if code.startswith(incomplete)]


Files = Annotated[
    list[Path], typer.Argument(metavar="TỆP", help="Các tệp bảng điểm (.xlsx, .xls, .ods, .csv …), hoặc một thư mục.")
]
Rules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="BỘ",
        help="Tệp YAML, hoặc mã một bộ có sẵn. Bỏ trống: tự chọn theo tên tiêu chí.",
        autocompletion=_books,
    ),
]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="NĂM", min=1900, max=2200, help="Năm xếp loại. Bỏ trống: năm mới nhất trong tệp."),
]
History = Annotated[
    list[Path] | None, typer.Option("--history", metavar="TỆP", help="Tệp kết quả các năm trước (ghi được nhiều lần).")
]
Register = Annotated[
    Path | None,
    typer.Option("--units", metavar="TỆP", help="Danh mục đơn vị: mã, tên, cấp trên, từ, đến (Excel hoặc YAML)."),
]
Lineage = Annotated[
    Path | None,
    typer.Option(
        "--lineage", metavar="TỆP", help="Sáp nhập, đổi tên: đơn vị cũ, đơn vị mới, từ ngày (Excel hoặc YAML)."
    ),
]
Merger = Annotated[
    str,
    typer.Option(
        "--merger", metavar="dừng|thấp nhất|bất kỳ|tất cả", help="Lịch sử qua sáp nhập. Bỏ trống: theo bộ tiêu chí."
    ),
]
Hidden = Annotated[str, typer.Option("--hidden", metavar="đọc|bỏ", help="Hàng ẩn trong bảng: đọc hay bỏ.")]
Mapped = Annotated[
    Path | None,
    typer.Option("--map", metavar="TỆP", help="Tệp bố trí (YAML): điểm nằm ở đâu, khi biểu trình bày khác thường."),
]
Font = Annotated[
    str,
    typer.Option(
        "--font", metavar="auto|tcvn3", help="Chữ cũ (.VnTime): tự nhận ra, hay coi mọi chỗ nghi ngờ là TCVN3."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="TỆP", help="Tệp kết quả .xlsx. Bỏ trống: ‹tên tệp đầu›-ket-qua.xlsx."),
]
Force = Annotated[bool, typer.Option("--force", help="Ghi đè tệp kết quả đã có.")]
Strict = Annotated[bool, typer.Option("--strict", help="Có cảnh báo về dữ liệu hay lịch sử cũng trả mã 1.")]


_SPOKEN = r"(?:ngày )?(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}) năm (?P<year>\d{4})"
_DAY_FIRST = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"


def _worded(given: str) -> str:
    """The day as every page says it: "ngày 05 tháng 02 năm 2020"; "" of none. Raises Unusable where there is no such day."""
    from xeploai import vi

    text = vi.clean(given).lower()
    for pattern in (_SPOKEN, _DAY_FIRST, _YEAR_FIRST):
        if found := re.fullmatch(pattern, text):
            day, month, year = (int(found[part]) for part in ("day", "month", "year"))
            try:
                datetime.date(year, month, day)
            except ValueError:
                raise Unusable(BAD_OPTION(what=f"--date: lịch không có ngày «{given}»; ví dụ 15/12/2020")) from None
            # Nghị định 30/2020, Phụ lục I: days below 10 and months below 3 are written with a 0.
            return f"ngày {day:02} tháng {f'{month:02}' if month < 3 else month} năm {year}"
    if text:
        raise Unusable(BAD_OPTION(what=f"--date cần một ngày, ví dụ 15/12/2020, không phải «{given}»"))
    return ""


def options_of(year: int | None, hidden: str, date: str, font: str, merger: str) -> Options:
    """The options as the pipeline takes them. Raises Unusable over a word that is none of its values."""
    from xeploai import vi
    from xeploai.model import POLICIES
    from xeploai.pipeline import Options

    word = vi.fold(hidden)
    if word not in ("doc", "bo"):
        raise Unusable(BAD_OPTION(what=f"--hidden nhận «đọc» hoặc «bỏ», không phải «{hidden}»"))
    if vi.fold(font) not in ("auto", "tcvn3"):
        raise Unusable(BAD_OPTION(what=f"--font nhận «auto» hoặc «tcvn3», không phải «{font}»"))
    policy = next((known for known in POLICIES if vi.fold(known) == vi.fold(merger)), None)
    if policy is None:
        raise Unusable(BAD_OPTION(what=f"--merger nhận «{'», «'.join(filter(None, POLICIES))}», không phải «{merger}»"))
    return Options(year, word == "bo", _worded(date), font=vi.fold(font), merger=policy)


def files_read(
    files: Sequence[Path], history: Sequence[Path] | None, rules: str | None, *others: Path | None
) -> list[Path]:
    """Every file that is read, those in folders and the rule book too: none may become the output."""
    from xeploai import read

    found, missing = read.gather(files)
    if not found:  # said first: what is wrong with the output does not matter then
        raise Unusable(*missing)
    past, _ = read.gather(history or ())
    return [*found, *past, *([Path(rules)] if rules else []), *(path for path in others if path)]
