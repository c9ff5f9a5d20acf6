"""What the benchmark reads: score sheets of three sizes, a rule book for each shape; invented, and the same everywhere.

    python benchmarks/inputs.py FOLDER [S] [M] [L]

    S   130 communes × 30 criteria, one year                     S.xlsx   S.yaml   S.csv
    M   3,321 communes × 100 criteria (the country), one year    M.xlsx   M.yaml   M.csv
    L   the same communes, ten years, a sheet for each           L.xlsx   (M.yaml, M.csv)

The .csv is the rule book's list of criteria for the pandas script, which has no YAML to read. A process of its own when
run.py calls it: the memory that it takes must not stand in anybody's measurement.
"""

import csv
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

from openpyxl import Workbook

LAST_YEAR = 2025
# Ten districts as a real province has them; the country repeats them until its communes are used up.
DISTRICT_SIZES = (9, 3, 11, 12, 12, 19, 25, 14, 10, 15)

# Invented syllables: no real place gets an invented score.
FIRST = (
    "Vuổm Khoằn Ngoăm Truổng Xoong Nhuổng Phưởm Đoong Lưởm Sượn Thoăng Chuổm "
    "Khướm Gioong Bưởm Huỷn Toẳn Nguộm Rưởng Quẩm Vẳng Duổng Nưởm Hoằm"
)
SECOND = (
    "Lẩm Vối Khum Thẻn Rạng Chuôn Pông Suồi Đẻm Mịn Tợp Khẻo Sươm Vưn Noọng Lỡn Hẩm "
    "Bòm Ngươn Phẩy Trẹo Xuộm Giạm Cuổn Đuỗng Nhẩy Ruồm Quẹn Tuổm Vỉa"
)
SUBJECTS = (
    "giải quyết hồ sơ đúng hạn",
    "công khai thủ tục hành chính",
    "tiếp công dân định kỳ",
    "giữ gìn an ninh trật tự",
    "thu ngân sách trên địa bàn",
    "giảm nghèo bền vững",
    "xây dựng đời sống văn hoá",
    "chuyển đổi số",
    "phòng, chống thiên tai",
    "quản lý đất đai, môi trường",
)

BANDS = """\
xếp loại:
  - {mức: tốt, ít nhất: 80%}
  - {mức: khá, ít nhất: 65%}
  - {mức: trung bình, ít nhất: 50%}
  - {mức: yếu, ít nhất: 0%}

danh hiệu:
  - tên: Trong sạch, vững mạnh
    xếp loại ít nhất: khá
    mọi tiêu chí trên: 30%

cảnh báo:
  - mã: kiem-diem
    loại: điểm thấp
    cấp: tiêu chí
    không quá: 40%
    phải làm: Lãnh đạo phụ trách và công chức lĩnh vực làm biên bản kiểm điểm
  - mã: chan-chinh
    loại: liên tiếp
    xếp loại không quá: trung bình
    số năm: 2
    phải làm: Nhắc nhở, yêu cầu chấn chỉnh
  - mã: chi-tieu-80
    loại: chỉ tiêu
    danh hiệu: Trong sạch, vững mạnh
    ít nhất: 80%
    tính theo: huyện
    phải làm: Huyện giải trình và có kế hoạch nâng số xã đạt danh hiệu
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """One size of input: how many communes, the maxima of a part under each criterion, the years."""

    communes: int
    part_maxima: tuple[str, ...]  # one per criterion; every criterion has PARTS parts of that maximum
    years: tuple[int, ...]
    book: str


PARTS = 5
SHAPES = {
    "S": Shape(130, ("4", "4", "3", "3", "3.5", "2.5"), (LAST_YEAR,), "S"),
    "M": Shape(3321, ("1",) * 20, (LAST_YEAR,), "M"),
    "L": Shape(3321, ("1",) * 20, tuple(range(LAST_YEAR - 9, LAST_YEAR + 1)), "M"),
}


def make(folder: Path, sizes: list[str]) -> None:
    """Make what is missing, or everything if this file has changed. A run broken off leaves no half input behind."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe, made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest(), folder / "made-by.txt"
    if not made_by.exists() or made_by.read_text() != recipe:
        for old in (folder / f"{size}.xlsx" for size in SHAPES):
            old.unlink(missing_ok=True)
        made_by.write_text(recipe)
    for size in sizes:
        shape = SHAPES[size]
        (folder / f"{shape.book}.yaml").write_text(rule_book(shape), encoding="utf-8")
        criteria_table(shape, folder / f"{shape.book}.csv")
        target = folder / f"{size}.xlsx"
        if not target.exists():
            score_sheets(shape, folder / f"{size}.part")
            (folder / f"{size}.part").replace(target)


# ---- the rule book ----------------------------------------------------------------------------------


def criteria(shape: Shape) -> Iterator[tuple[str, list[str], str]]:
    """Each criterion: its name, the names of its parts (which stand as headers in the sheet), a part's maximum."""
    number = 0
    for index, maximum in enumerate(shape.part_maxima):
        numbers = range(number + 1, number + 1 + PARTS)
        number += PARTS
        subjects = [SUBJECTS[n % len(SUBJECTS)] for n in numbers]
        parts = [f"Tiêu chí thành phần {n}: {subject}" for n, subject in zip(numbers, subjects, strict=True)]
        yield f"Nhóm tiêu chí {index + 1}", parts, maximum


def rule_book(shape: Shape) -> str:
    lines = [
        "# Bộ tiêu chí sinh ra để đo tốc độ; mọi số là số minh hoạ.",
        f"bộ tiêu chí: Bộ đo tốc độ, {len(shape.part_maxima) * PARTS} tiêu chí thành phần",
        f"mã: do-toc-do-{shape.book.lower()}",
        "căn cứ: Không có (số minh hoạ để đo tốc độ)",
        "minh hoạ: có",
        "áp dụng cho: [xã, phường, thị trấn]",
        "áp dụng từ năm: 2011",
        "các cấp: [tiêu chí, tiêu chí thành phần]",
        "",
        "tiêu chí:",
    ]
    for index, (name, parts, maximum) in enumerate(criteria(shape), 1):
        lines += [f"  - mã: TC{index}", f"    tên: {name}", f"    điểm tối đa: {PARTS * float(maximum):g}", "    gồm:"]
        for part_index, part in enumerate(parts, 1):
            quoted = json.dumps(part, ensure_ascii=False)  # the name holds ": ", which YAML would take for a key
            lines.append(f"      - {{mã: TC{index}.{part_index}, tên: {quoted}, điểm tối đa: {maximum}}}")
    return "\n".join(lines) + "\n\n" + BANDS


def criteria_table(shape: Shape, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["tiêu chí", "tiêu chí thành phần", "điểm tối đa"])
        for name, parts, maximum in criteria(shape):
            table.writerows([name, part, maximum] for part in parts)


# ---- the score sheets -------------------------------------------------------------------------------


def communes(how_many: int) -> Iterator[tuple[str, str]]:
    """District and commune; a name is unique within its district, and returns in others, as in life."""
    names = [f"{first} {second}" for first, second in product(FIRST.split(), SECOND.split())]
    rng = random.Random(335)
    rng.shuffle(names)
    kinds = random.Random(2)
    left = how_many
    for district, size in zip(list(names), cycle(DISTRICT_SIZES), strict=False):
        for name in rng.sample(names, min(size, left)):
            yield f"Huyện {district}", f"{'Phường' if kinds.random() < 0.2 else 'Xã'} {name}"
        left -= size
        if left <= 0:
            return


def score_sheets(shape: Shape, path: Path) -> None:
    rng = random.Random(1)
    units = list(communes(shape.communes))
    # One commune in sixty is in real trouble: a normal curve alone leaves S without a "yếu".
    quality = [0.46 if rng.random() < 1 / 60 else rng.gauss(0.745, 0.075) for _ in units]
    maxima = [float(maximum) for maximum in shape.part_maxima]
    headers = [part for _, parts, _ in criteria(shape) for part in parts]
    workbook = Workbook(write_only=True)
    for year in shape.years:
        sheet = workbook.create_sheet(f"Năm {year}")
        sheet.append([f"BẢNG TỔNG HỢP ĐIỂM CHÍNH QUYỀN CƠ SỞ NĂM {year} (SỐ LIỆU GIẢ ĐỊNH)"])
        sheet.append([])
        sheet.append(["TT", "Huyện", "Đơn vị", *headers, "Ghi chú"])
        for number, ((district, name), usual) in enumerate(zip(units, quality, strict=True), 1):
            note = "Có báo cáo giải trình kèm theo" if rng.random() < 0.02 else None
            sheet.append([number, district, name, *scores(rng, usual + rng.gauss(0, 0.035), maxima), note])
    workbook.save(path)


def scores(rng: random.Random, quality: float, maxima: list[float]) -> Iterator[float]:
    """A commune's points: criteria scatter about its quality; one commune in thirty neglects one criterion."""
    neglected = rng.randrange(len(maxima)) if rng.random() < 1 / 30 else -1
    for index, maximum in enumerate(maxima):
        level = rng.uniform(0.15, 0.40) if index == neglected else max(0.47, quality + rng.gauss(0, 0.04))
        for _ in range(PARTS):
            share = min(1.0, max(0.0, level + rng.uniform(-0.12, 0.12)))
            yield round(share * maximum, 1 if rng.random() < 0.7 else 2)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2:] or list(SHAPES))
