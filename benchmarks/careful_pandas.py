"""What a careful person writes instead of xeploai: one pandas script for this one rule book, with the same answers.

    python benchmarks/careful_pandas.py SCORES.xlsx CRITERIA.csv RESULT.xlsx

Same sums, bands, ranks, title, low scores, streaks, counts and targets, same six sheets, read and written with openpyxl
as pandas does by default. Vectorised throughout, and not slowed down: it is here to be beaten honestly. Its rules stand
in its constants; it does not check its input, explain a rating or keep exact decimals (it rounds sums to six places).
"""

import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

BANDS = ["tốt", "khá", "trung bình", "yếu"]  # from high to low, each with the percent that it starts at
BAND_STARTS = [80, 65, 50, 0]
TITLE = "Trong sạch, vững mạnh"
TITLE_ABOVE = 0.30  # every criterion above this share of its maximum
LOW_AT_MOST = 0.40
STREAK_YEARS = 2
TARGET_PERCENT = 80
FIRST_ROW = 4  # of the communes, as Excel counts; title, empty row and headers stand above
FIRST_COLUMN = 4  # of the points

DISTRICT, UNIT, YEAR = "Huyện", "Đơn vị", "Năm"
POINTS, MAXIMUM, PERCENT, BAND, TITLES = "Điểm", "Điểm tối đa", "Tỷ lệ (%)", "Xếp loại", "Danh hiệu"
RANK, RANK_HERE = "Xếp hạng", "Xếp hạng trong huyện"


def main(scores: Path, criteria: Path, result: Path) -> None:
    parts = pd.read_csv(criteria)
    sheets = pd.read_excel(scores, sheet_name=None, header=2, engine="openpyxl")
    years = pd.concat({int(re.search(r"\d{4}", name)[0]): sheet for name, sheet in sheets.items()}, names=[YEAR])
    years = years.copy().reset_index(level=YEAR).reset_index(drop=True)  # copy: pandas asks for it, a hundred columns
    year = years[YEAR].max()

    rated, sums = rate(years, parts)
    now = rated[rated[YEAR] == year].reset_index(drop=True)
    now_sums = sums[(years[YEAR] == year).to_numpy()].reset_index(drop=True)
    now_parts = years.loc[years[YEAR] == year, parts["tiêu chí thành phần"]].reset_index(drop=True)
    now["Lý do chưa có danh hiệu"] = why_no_title(now, now_sums, parts)

    low = low_scores(now, now_sums, parts, f"Năm {year}")
    streaks = bad_streaks(rated, year)
    targets = missed_targets(now)
    warnings = pd.concat([low, streaks, targets], ignore_index=True)

    with pd.ExcelWriter(result, engine="openpyxl") as book:
        summary(rated, year, warnings).to_excel(book, sheet_name="Tổng hợp", index=False)
        now.to_excel(book, sheet_name="Kết quả", index=False)
        warnings.to_excel(book, sheet_name="Cảnh báo", index=False)
        details(now, now_sums, now_parts, parts).to_excel(book, sheet_name="Chi tiết", index=False)
        history(rated, warnings, year).to_excel(book, sheet_name="Lịch sử", index=False)
        about(scores, criteria, rated, year).to_excel(book, sheet_name="Thông tin", index=False)


def rate(years: pd.DataFrame, parts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row per unit and year with points, band, title and both ranks; beside it the sum of each criterion."""
    points = years[parts["tiêu chí thành phần"]]
    criterion_of = parts.set_index("tiêu chí thành phần")["tiêu chí"]
    sums = points.T.groupby(criterion_of, sort=False).sum().T.round(6)
    maxima = maxima_of(parts)

    rated = years[[DISTRICT, UNIT, YEAR]].copy()
    rated[POINTS] = points.sum(axis=1).round(6)
    rated[MAXIMUM] = maxima.sum()
    rated[PERCENT] = (100 * rated[POINTS] / rated[MAXIMUM]).round(6)
    rated[BAND] = pd.cut(rated[PERCENT], [*BAND_STARTS[::-1], np.inf], labels=BANDS[::-1], right=False).astype(str)
    good = rated[BAND].isin(["tốt", "khá"]) & (sums > maxima * TITLE_ABOVE).all(axis=1)
    rated[TITLES] = np.where(good, TITLE, None)
    rated[RANK] = rated.groupby(YEAR)[PERCENT].rank(method="min", ascending=False).astype(int)
    rated[RANK_HERE] = rated.groupby([YEAR, DISTRICT])[PERCENT].rank(method="min", ascending=False).astype(int)
    return rated, sums


def maxima_of(parts: pd.DataFrame) -> pd.Series:
    return parts.groupby("tiêu chí", sort=False)["điểm tối đa"].sum()


def why_no_title(now: pd.DataFrame, sums: pd.DataFrame, parts: pd.DataFrame) -> pd.Series:
    below = (sums <= maxima_of(parts) * TITLE_ABOVE).to_numpy()
    names = np.where(below, sums.columns.to_numpy() + " không trên 30%; ", "").sum(axis=1)
    band = np.where(now[BAND].isin(["tốt", "khá"]), "", "xếp loại " + now[BAND] + "; ")
    return pd.Series(band + names, index=now.index).str.removesuffix("; ").replace("", None)


def low_scores(now: pd.DataFrame, sums: pd.DataFrame, parts: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """Criteria at or under 40 % of their maximum, with the cells that they were summed from."""
    maxima = maxima_of(parts)
    rows, columns = np.nonzero((sums <= maxima * LOW_AT_MOST).to_numpy())
    width = parts.groupby("tiêu chí", sort=False).size()
    starts = (FIRST_COLUMN + width.cumsum() - width).to_numpy()
    spans = [(get_column_letter(a), get_column_letter(a + n - 1)) for a, n in zip(starts, width, strict=True)]
    ranges = [f"{spans[c][0]}{r + FIRST_ROW}:{spans[c][1]}{r + FIRST_ROW}" for r, c in zip(rows, columns, strict=True)]
    low = now.loc[rows, [DISTRICT, UNIT]].reset_index(drop=True)
    low.insert(0, "Mã", "kiem-diem")
    low["Tiêu chí"] = sums.columns[columns]
    low["Số liệu"] = sums.to_numpy()[rows, columns]
    low["Nội dung"] = [
        f"{name} đạt {points:g} điểm, không quá 40% của {maximum:g} điểm"
        for name, points, maximum in zip(low["Tiêu chí"], low["Số liệu"], maxima.iloc[columns], strict=True)
    ]
    low["Trang"] = sheet
    low["Ô"] = ranges
    low["Phải làm"] = "Lãnh đạo phụ trách và công chức lĩnh vực làm biên bản kiểm điểm"
    return low


def bad_streaks(rated: pd.DataFrame, year: int) -> pd.DataFrame:
    """Units of "trung bình" or worse for two years or more, counted back until a better or a missing year."""
    wide = rated.pivot(index=[DISTRICT, UNIT], columns=YEAR, values=BAND)
    wide = wide.reindex(columns=range(rated[YEAR].min(), year + 1))
    bad = wide.isin(["trung bình", "yếu"]).to_numpy()
    length = pd.Series(np.cumprod(bad[:, ::-1], axis=1).sum(axis=1), index=wide.index, name="Số liệu")
    streaks = length[length >= STREAK_YEARS].reset_index()
    streaks.insert(0, "Mã", "chan-chinh")
    streaks["Nội dung"] = [f"{n} năm liên tiếp xếp loại trung bình trở xuống" for n in streaks["Số liệu"]]
    streaks["Phải làm"] = "Nhắc nhở, yêu cầu chấn chỉnh"
    return streaks


def missed_targets(now: pd.DataFrame) -> pd.DataFrame:
    """Districts where fewer than 80 % of the units hold the title, and how many more are needed."""
    holders = now.groupby(DISTRICT, sort=False)[TITLES].agg(có="count", tổng="size").reset_index()
    missed = holders[100 * holders["có"] < TARGET_PERCENT * holders["tổng"]]
    needed = -(-TARGET_PERCENT * missed["tổng"] // 100) - missed["có"]
    return pd.DataFrame(
        {
            "Mã": "chi-tieu-80",
            DISTRICT: missed[DISTRICT],
            "Số liệu": 100 * missed["có"] / missed["tổng"],
            "Nội dung": [
                f"{k} trên {n} đơn vị có danh hiệu {TITLE}, còn thiếu {more} đơn vị"
                for k, n, more in zip(missed["có"], missed["tổng"], needed, strict=True)
            ],
            "Phải làm": "Huyện giải trình và có kế hoạch nâng số xã đạt danh hiệu",
        }
    )


def summary(rated: pd.DataFrame, year: int, warnings: pd.DataFrame) -> pd.DataFrame:
    """Counts by band and title, by district and in all, with the change on last year where there is one."""

    def counts(of: pd.DataFrame) -> pd.DataFrame:
        table = pd.crosstab(of[DISTRICT], of[BAND]).reindex(of[DISTRICT].unique()).reindex(columns=BANDS, fill_value=0)
        table.insert(0, "Số đơn vị", of.groupby(DISTRICT).size())
        table[TITLE] = of.groupby(DISTRICT)[TITLES].count()
        table.loc["Toàn bộ"] = table.sum()
        return table

    table = counts(rated[rated[YEAR] == year])
    before = rated[rated[YEAR] == year - 1]
    if not before.empty:
        table = table.join((table - counts(before))[[*BANDS, TITLE]].add_suffix(f" (so với {year - 1})"))
    table["Tỷ lệ danh hiệu (%)"] = (100 * table[TITLE] / table["Số đơn vị"]).round(2)
    missed = warnings.loc[warnings["Mã"] == "chi-tieu-80", DISTRICT]
    table["Chỉ tiêu 80%"] = np.where(table.index.isin(missed), "không đạt", "đạt")
    return table.reset_index(names=DISTRICT)


def details(now: pd.DataFrame, sums: pd.DataFrame, points: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Every criterion followed by its parts, as the rule book lists them."""
    order = [column for name, own in parts.groupby("tiêu chí", sort=False) for column in (name, *own.iloc[:, 1])]
    return pd.concat([now[[DISTRICT, UNIT]], pd.concat([sums, points], axis=1)[order], now[[POINTS]]], axis=1)


def history(rated: pd.DataFrame, warnings: pd.DataFrame, year: int) -> pd.DataFrame:
    flags = warnings.dropna(subset=[UNIT]).groupby([DISTRICT, UNIT])["Mã"].agg(lambda own: ", ".join(own.unique()))
    past = rated.drop(columns=[RANK_HERE]).merge(flags.rename("Cảnh báo").reset_index(), how="left")
    past.loc[past[YEAR] != year, "Cảnh báo"] = None
    past["Trên tổng số"] = past.groupby(YEAR)[UNIT].transform("size")
    past["Bộ tiêu chí"] = "đo tốc độ"
    return past


def about(scores: Path, criteria: Path, rated: pd.DataFrame, year: int) -> pd.DataFrame:
    said = {
        "Năm xếp loại": year,
        "Tệp điểm": scores.name,
        "SHA-256 tệp điểm": hashlib.sha256(scores.read_bytes()).hexdigest(),
        "Tệp tiêu chí": criteria.name,
        "Số đơn vị": int((rated[YEAR] == year).sum()),
        "Số dòng các năm": len(rated),
    }
    return pd.DataFrame(said.items(), columns=["Mục", "Nội dung"])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
