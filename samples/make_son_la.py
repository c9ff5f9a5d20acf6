"""Writes nguoi-dung-dau-2015-2016.xlsx and par-index-tinh-2015-2016.xlsx: every number of the article on Sơn La is true.

The article is "Sơn La đánh giá thực chất vai trò người đứng đầu cơ quan, đơn vị" (2017). The first workbook rates 233 heads of
the invented province of `province`, one form for each of the five kinds of organisation; of 2015 only the bands are known.
The second ranks 63 invented provinces in two years. `verify` and `verify_ranks` count what the article says from the cells
alone, exactly and without xeploai, before a file is written.

    python samples/make_son_la.py [FOLDER]
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random

from make import LEFT, packed, page, points_of, put, put_row, write_list
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from province import DISTRICTS, FAMILY, GIVEN, MIDDLE, PROVINCE

RNG = Random()
NAME = "Đơn vị, cá nhân"  # who is rated; in the sheet of history too
GOOD, FAIR, AVERAGE, WEAK = "Tốt", "Khá", "Trung bình", "Yếu"
BANDS = {9000: "Hoàn thành xuất sắc nhiệm vụ", 7000: "Hoàn thành tốt nhiệm vụ", 5000: "Hoàn thành nhiệm vụ",
         0: "Không hoàn thành nhiệm vụ"}  # fmt: skip
BEST, SECOND, THIRD, LAST = BANDS.values()
MAXIMA = (2000, 1500, 1500, 2000, 1500, 1500)  # hundredths of a point: three common criteria, three of the kind's own
COMMON = ("Tư tưởng chính trị, đạo đức, lối sống", "Đổi mới tác phong, lề lối làm việc", "Nêu gương, tự soi, tự sửa")
OWN = {  # kind → the sheet's name, its own criteria
    "Cơ quan tham mưu, giúp việc Tỉnh ủy": ("Biểu 1. Tham mưu, giúp việc", (
        "Chất lượng tham mưu, đề xuất", "Tiến độ đề án, văn bản trình cấp ủy", "Hướng dẫn, kiểm tra cấp dưới")),
    "Huyện ủy, thành ủy": ("Biểu 2. Huyện ủy, thành ủy", (
        "Kết quả kinh tế - xã hội trên địa bàn", "Đối thoại với nhân dân", "Giải quyết vụ việc phức tạp, kéo dài")),
    "Đảng ủy trực thuộc": ("Biểu 3. Đảng ủy trực thuộc", (
        "Nhiệm vụ chính trị của ngành, doanh nghiệp", "Cải cách hành chính trong cơ quan", "Xây dựng tổ chức đảng")),
    "Mặt trận Tổ quốc và đoàn thể": ("Biểu 4. Mặt trận, đoàn thể", (
        "Vận động, tập hợp đoàn viên, hội viên", "Giám sát và phản biện xã hội", "Phong trào thi đua yêu nước")),
    "Đơn vị sự nghiệp thuộc Tỉnh ủy": ("Biểu 5. Đơn vị sự nghiệp", (
        "Chất lượng dịch vụ sự nghiệp", "Quản lý tài chính, tài sản", "Phục vụ nhiệm vụ của Tỉnh ủy")),
}  # fmt: skip
STAFF, DISTRICT, DIRECT, MASS, SERVICE = OWN
LATE, SITE = "Cải cách hành chính chậm trễ", "Quy hoạch khu di tích"

# fmt: off
OF_DISTRICT = (  # the body, the office of its head
    ("{party} {place}", "Bí thư {party} {place}"), ("HĐND {where}", "Chủ tịch HĐND {where}"),
    ("UBND {where}", "Chủ tịch UBND {where}"), ("Ủy ban MTTQ {where}", "Chủ tịch Ủy ban MTTQ {where}"),
    ("Ủy ban Kiểm tra {party} {place}", "Chủ nhiệm Ủy ban Kiểm tra {party} {place}"),
    ("Ban Tổ chức {party} {place}", "Trưởng ban Tổ chức {party} {place}"),
    ("Ban Tuyên giáo {party} {place}", "Trưởng ban Tuyên giáo {party} {place}"),
    ("Ban Dân vận {party} {place}", "Trưởng ban Dân vận {party} {place}"),
    ("Văn phòng {party} {place}", "Chánh Văn phòng {party} {place}"), ("Công an {where}", "Trưởng Công an {where}"),
    ("Ban Chỉ huy Quân sự {where}", "Chỉ huy trưởng Quân sự {where}"),
    ("Trung tâm Bồi dưỡng chính trị {where}", "Giám đốc Trung tâm Bồi dưỡng chính trị {where}"),
)
BODIES = {  # kind → what its head is called: the bodies
    STAFF: {"Chánh": "Văn phòng Tỉnh ủy", "Chủ nhiệm": "Ủy ban Kiểm tra Tỉnh ủy",
        "Trưởng": "Ban Tổ chức Tỉnh ủy, Ban Tuyên giáo Tỉnh ủy, Ban Dân vận Tỉnh ủy, Ban Nội chính Tỉnh ủy, "
            "Ban Bảo vệ sức khỏe cán bộ tỉnh"},
    MASS: {"Chủ tịch": "Ủy ban MTTQ tỉnh, Liên đoàn Lao động tỉnh, Hội Nông dân tỉnh, Hội Liên hiệp Phụ nữ tỉnh, "
            "Hội Cựu chiến binh tỉnh, Liên minh Hợp tác xã tỉnh, Hội Chữ thập đỏ tỉnh, Hội Người cao tuổi tỉnh, "
            "Hội Nhà báo tỉnh, Hội Văn học nghệ thuật tỉnh, Hội Luật gia tỉnh, Liên hiệp các hội khoa học tỉnh, "
            "Liên hiệp các tổ chức hữu nghị tỉnh, Hội Khuyến học tỉnh, Hội Cựu thanh niên xung phong tỉnh, "
            "Hội Đông y tỉnh, Hội Làm vườn tỉnh, Hội Bảo trợ người khuyết tật tỉnh, Hội Nạn nhân chất độc da cam tỉnh, "
            "Hội Kế hoạch hóa gia đình tỉnh, Hội Cựu giáo chức tỉnh", "Bí thư": "Tỉnh đoàn"},
    SERVICE: {"Hiệu trưởng": "Trường Chính trị tỉnh", "Tổng biên tập": f"Báo {PROVINCE}",
        "Giám đốc": "Nhà khách Tỉnh ủy, Trung tâm Lưu trữ Tỉnh ủy, Trung tâm Công nghệ thông tin Tỉnh ủy, "
            "Nhà in Tỉnh ủy, Cổng thông tin Đảng bộ tỉnh"},
    DIRECT: {"Giám đốc": "Sở Nội vụ, Sở Tài chính, Sở Kế hoạch và Đầu tư, Sở Tư pháp, Sở Công Thương, Sở Xây dựng, "
            "Sở Nông nghiệp và Phát triển nông thôn, Sở Giao thông vận tải, Sở Tài nguyên và Môi trường, Sở Y tế, "
            "Sở Thông tin và Truyền thông, Sở Văn hóa - Thể thao và Du lịch, Sở Lao động - Thương binh và Xã hội, "
            "Sở Khoa học và Công nghệ, Sở Giáo dục và Đào tạo, Sở Ngoại vụ, Công an tỉnh, Kho bạc Nhà nước tỉnh, "
            "Bảo hiểm xã hội tỉnh, Bưu điện tỉnh, Chi nhánh Ngân hàng Nhà nước tỉnh, Bệnh viện Đa khoa tỉnh, "
            "Bệnh viện Y dược cổ truyền, Bệnh viện Phổi, Bệnh viện Nội tiết, Bệnh viện Tâm thần, Bệnh viện Mắt, "
            "Đài Phát thanh - Truyền hình tỉnh, Bảo tàng tỉnh, Thư viện tỉnh, Trung tâm Khuyến nông, "
            "Trung tâm Xúc tiến đầu tư, Trung tâm Y tế dự phòng, Trung tâm Văn hóa tỉnh, Trung tâm Giống cây trồng, "
            "Công ty Cấp nước, Công ty Môi trường đô thị, Công ty Xổ số kiến thiết, Công ty Điện lực, Công ty Thủy nông, "
            "Công ty Xăng dầu, Công ty Chè Khoang Luốt, Công ty Cao su Khoang Luốt",
        "Chánh": "Thanh tra tỉnh, Văn phòng UBND tỉnh, Văn phòng HĐND tỉnh, Tòa án nhân dân tỉnh",
        "Viện trưởng": "Viện Kiểm sát nhân dân tỉnh", "Chỉ huy trưởng": "Bộ Chỉ huy Quân sự tỉnh, Bộ đội Biên phòng tỉnh",
        "Cục trưởng": "Cục Thi hành án dân sự, Cục Thuế, Cục Thống kê",
        "Chi cục trưởng": "Chi cục Hải quan, Chi cục Quản lý thị trường, Chi cục Kiểm lâm, Chi cục Thú y, "
            "Chi cục Bảo vệ thực vật, Chi cục Thủy lợi, Chi cục Phát triển nông thôn, Chi cục Dân số, "
            "Chi cục An toàn thực phẩm, Chi cục Tiêu chuẩn đo lường",
        "Hiệu trưởng": "Trường Cao đẳng Sư phạm, Trường Cao đẳng Y tế, Trường Cao đẳng Nghề, Trường Năng khiếu, "
            "Trường Trung cấp Văn hóa - Nghệ thuật, Trường Trung cấp Nông lâm, Trường Chuyên, Trường Dân tộc nội trú",
        "Trưởng": "Ban Dân tộc, Ban Quản lý dự án giao thông, Ban Quản lý các khu công nghiệp, "
            "Ban Quản lý rừng phòng hộ, Ban Quản lý dự án thủy lợi, Ban Quản lý di tích"},
}
MEMBERS = ("Văn phòng Tỉnh ủy, Ủy ban Kiểm tra Tỉnh ủy, Ban Tổ chức Tỉnh ủy, Ban Tuyên giáo Tỉnh ủy, Ban Dân vận Tỉnh ủy, "
    "Ban Nội chính Tỉnh ủy, Ủy ban MTTQ tỉnh, Liên đoàn Lao động tỉnh, Hội Nông dân tỉnh, Hội Liên hiệp Phụ nữ tỉnh, "
    f"Hội Cựu chiến binh tỉnh, Tỉnh đoàn, Trường Chính trị tỉnh, Báo {PROVINCE}, Công an tỉnh, Bộ Chỉ huy Quân sự tỉnh, "
    "Bộ đội Biên phòng tỉnh, Tòa án nhân dân tỉnh, Viện Kiểm sát nhân dân tỉnh, Sở Nội vụ, Sở Tài chính, "
    "Sở Kế hoạch và Đầu tư, Sở Tư pháp, Sở Công Thương, Sở Xây dựng, Sở Nông nghiệp và Phát triển nông thôn, "
    "Sở Giao thông vận tải, Sở Tài nguyên và Môi trường, Sở Y tế, Sở Thông tin và Truyền thông"
).split(", ")  # and the secretary of every district
MUST_EXPLAIN = {  # body → the matters: three directors, four chairmen
    "Sở Nội vụ": (LATE,), "Sở Kế hoạch và Đầu tư": (LATE,), "Sở Văn hóa - Thể thao và Du lịch": (LATE, SITE),
    "UBND huyện Keo Luốt": (SITE,), "UBND huyện Púng Sưa": (LATE,), "UBND huyện Nậm Sưởng": (LATE, SITE),
    "UBND huyện Tênh Đoỏng": (LATE,),
}
# fmt: on
BEST_2016, CAPPED, THIRDS, LASTS = 103, 21, 14, 2  # CAPPED had the points of the best band; the others are second
MEMBERS_BEST, MEMBERS_CAPPED, MEMBERS_BEST_BEFORE = 27, 4, 36
SHARE_BEFORE = 60  # percent of each kind in 2015, rounded up, whatever the body was rated


@dataclass
class Head:
    """One row: who heads which body."""

    name: str
    office: str
    body: str
    kind: str
    member: bool
    unit_band: str = ""
    points: Sequence[int] = ()
    before: str = ""
    matters: Sequence[str] = field(default_factory=tuple)

    @property
    def by_points(self) -> str:
        """The band by points alone."""
        return next(band for floor, band in BANDS.items() if sum(self.points) >= floor)

    @property
    def band(self) -> str:
        """A body that is trung bình or weaker has no head in the best band."""
        return SECOND if self.by_points == BEST and self.unit_band in (AVERAGE, WEAK) else self.by_points


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    heads = draw_heads()
    verify(heads)
    book = Workbook()
    book.remove(book.worksheets[0])
    for kind in OWN:
        write_form(book.create_sheet(OWN[kind][0]), kind, [head for head in heads if head.kind == kind])
    write_list(
        book.create_sheet("Lịch sử"),
        "KẾT QUẢ PHÂN LOẠI CÁN BỘ THUỘC DIỆN BAN THƯỜNG VỤ TỈNH ỦY QUẢN LÝ NĂM 2015",
        {"TT": 6, NAME: 26, "Chức vụ": 48, "Năm 2015": 32},
        [[n, head.name, head.office, head.before] for n, head in enumerate(heads, start=1)],
    )
    (folder / "nguoi-dung-dau-2015-2016.xlsx").write_bytes(packed(book))
    years = draw_index()
    verify_ranks(years)
    book = Workbook()
    book.remove(book.worksheets[0])
    for year, rows in years.items():
        write_index(book.create_sheet(f"Năm {year}"), year, rows)
    (folder / "par-index-tinh-2015-2016.xlsx").write_bytes(packed(book))


# --- the 233 heads ---


def every_body() -> list[tuple[str, str, str]]:
    """Kind, body and the office of its head, in the order of the forms."""
    found: list[tuple[str, str, str]] = []
    for kind in OWN:
        if kind == DISTRICT:
            found += [(kind, *of_district(district, *each)) for district, each in product(DISTRICTS, OF_DISTRICT)]
            continue
        for office, bodies in BODIES[kind].items():
            for body in bodies.split(", "):
                told = {"Chánh": f"Chánh {body}", "Trưởng": f"Trưởng {body[0].lower()}{body[1:]}"}
                found.append((kind, body, told.get(office, f"{office} {body}")))
    return found


def of_district(district: str, body: str, office: str) -> tuple[str, str]:
    level, *place = district.rsplit(" ", 2)
    party = {"Huyện": "Huyện ủy", "Thị xã": "Thị ủy", "Thành phố": "Thành ủy"}[level]
    words = {"party": party, "place": " ".join(place), "where": f"{level.lower()} {' '.join(place)}"}
    return body.format(**words), office.format(**words)


def draw_heads() -> list[Head]:
    RNG.seed(319)  # the number of the decision
    names = [" ".join(name) for name in product(FAMILY.split(), MIDDLE.split(), GIVEN.split())]
    RNG.shuffle(names)
    heads = [
        Head(names.pop(), office, body, kind, body in MEMBERS or (office.startswith("Bí thư") and kind == DISTRICT),
             matters=MUST_EXPLAIN.get(body, ()))
        for kind, body, office in every_body()
    ]  # fmt: skip
    members, others = ([h for h in heads if h.member is one and not h.matters] for one in (True, False))
    explaining = [head for head in heads if head.matters]
    RNG.shuffle(members)
    RNG.shuffle(others)
    best = members[:MEMBERS_BEST] + others[: BEST_2016 - MEMBERS_BEST]
    capped = members[MEMBERS_BEST:][:MEMBERS_CAPPED] + others[BEST_2016 - MEMBERS_BEST :][: CAPPED - MEMBERS_CAPPED]
    rest = others[BEST_2016 - MEMBERS_BEST + CAPPED - MEMBERS_CAPPED :]
    for place, head in enumerate(best):
        head.unit_band = GOOD if place % 5 < 3 else FAIR
        head.points = draw_points(9000 if place in (3, 50) else RNG.randrange(9025, 9700, 25))
    for place, head in enumerate(capped):
        head.unit_band = WEAK if place % 9 == 8 else AVERAGE
        head.points = draw_points(9000 if place == 4 else RNG.randrange(9025, 9500, 25))
    for place, head in enumerate([*rest, *members[MEMBERS_BEST + MEMBERS_CAPPED :], *explaining]):
        total = RNG.randrange(7100, 8900, 25)
        if place < THIRDS + LASTS:
            total = RNG.randrange(5200, 6900, 25) if place < THIRDS else RNG.randrange(4100, 4900, 25)
        head.points = draw_points(8999 if place == 20 else 7000 if place == 21 else total)
        head.unit_band = RNG.choice((FAIR, AVERAGE, WEAK) if place < THIRDS + LASTS else (GOOD, FAIR, FAIR, AVERAGE))
    draw_year_before(heads)
    return heads


def draw_points(total: int) -> list[int]:
    """Believable points for six criteria that add up to the total."""
    while True:
        points = [round(total * most / 10000 * RNG.uniform(0.95, 1.05) / 25) * 25 for most in MAXIMA[:-1]]
        points.append(total - sum(points))
        if all(300 <= one <= most for one, most in zip(points, MAXIMA, strict=True)):
            return points


def draw_year_before(heads: list[Head]) -> None:
    """In 2015 a share of each kind was in the best band, of the members of the committee 36."""
    order = sorted(heads, key=lambda head: sum(head.points) + RNG.randrange(1500), reverse=True)
    asked = [head for head in order if head.member][:MEMBERS_BEST_BEFORE]
    for kind in OWN:
        of_kind = [head for head in order if head.kind == kind]
        count = -(-SHARE_BEFORE * len(of_kind) // 100)
        taken = [head for head in asked if head.kind == kind]
        best = taken + [head for head in of_kind if not head.member][: count - len(taken)]
        for head in of_kind:
            head.before = BEST if head in best else RNG.choice((SECOND,) * 9 + (THIRD,))


def verify(heads: list[Head]) -> None:
    """The article's numbers, from nothing but what will stand in the cells."""
    sizes = Counter(head.kind for head in heads)
    assert sizes == {STAFF: 7, DISTRICT: 120, DIRECT: 77, MASS: 22, SERVICE: 7}
    assert len(heads) == 233
    assert len({head.name for head in heads}) == len({head.body for head in heads}) == 233
    assert all(0 <= p <= most for head in heads for p, most in zip(head.points, MAXIMA, strict=True))

    assert sum(head.band == BEST for head in heads) == 103
    assert sum(head.before == BEST for head in heads) == 143 == 103 + 40
    members = [head for head in heads if head.member]
    assert len(members) == 40
    assert sum(head.band == BEST for head in members) == 27
    assert sum(head.before == BEST for head in members) == 36 == 27 + 9
    assert Counter(head.band for head in heads) == {BEST: 103, SECOND: 114, THIRD: 14, LAST: 2}

    held = [head for head in heads if head.by_points != head.band]
    assert len(held) == 21
    assert {head.unit_band for head in held} == {AVERAGE, WEAK}
    assert {head.unit_band for head in heads if head.band == BEST} == {GOOD, FAIR}
    assert any(head.unit_band == AVERAGE and head.by_points == SECOND for head in heads)  # and nothing is taken
    totals = [sum(head.points) for head in heads]
    assert [totals.count(edge) for edge in (9000, 8999, 7000)] == [3, 1, 1]
    before = Counter(head.kind for head in heads if head.before == BEST)
    assert all(100 * (before[kind] - 1) < SHARE_BEFORE * sizes[kind] <= 100 * before[kind] for kind in OWN)

    told = [head for head in heads if head.matters]
    chairmen = [head for head in told if head.office.startswith("Chủ tịch UBND huyện ")]
    directors = [head for head in told if head.office.startswith("Giám đốc Sở ")]
    assert (len(told), len(chairmen), len(directors)) == (7, 4, 3)
    assert Counter(matter for head in told for matter in head.matters) == {LATE: 6, SITE: 3}


# --- the 63 provinces ---

FIELDS = {  # name → maximum in thousandths of a point
    "Chỉ đạo, điều hành cải cách hành chính": 15000,
    "Xây dựng và tổ chức thực hiện văn bản quy phạm pháp luật": 10000,
    "Cải cách thủ tục hành chính": 10000,
    "Cải cách tổ chức bộ máy hành chính": 10000,
    "Xây dựng đội ngũ cán bộ, công chức, viên chức": 15000,
    "Cải cách tài chính công": 10000,
    "Hiện đại hóa hành chính": 15000,
    "Tác động của cải cách hành chính": 15000,
}
MOUNTAINS = "Miền núi phía Bắc"
REGIONS = {  # no real province has one of these second words
    MOUNTAINS: (15, "Sơn Tuyền Thảo Hồng Lương", "Khoang Sưởng Mịch"),
    "Đồng bằng phía Bắc": (10, "Đông Hưng Thượng Hải Kinh", "Khoáng Thướng"),
    "Duyên hải miền Trung": (14, "Phú Khánh Quảng Bình Thuận An Hà", "Luốt Thoan"),
    "Cao nguyên": (5, "Cư Đăk Chư Ea Krông", "Sổm"),
    "Miền Đông": (6, "Tân Long Xuân", "Thoảng Vời"),
    "Miền Tây": (13, "Cần Vĩnh Bạc Sóc Kiên Rạch Đồng", "Rạng Dìu"),
}
Rows = list[tuple[str, str, list[int]]]  # region, province, thousandths by field


def draw_index() -> dict[int, Rows]:
    RNG.seed(63)
    places = [
        (region, f"{first} {second}")
        for region, (count, firsts, seconds) in REGIONS.items()
        for second, first in list(product(seconds.split(), firsts.split()))[:count]
    ]
    north = [place for place in places if place[0] == MOUNTAINS and place[1] != PROVINCE]
    others = [place for place in places if place[0] != MOUNTAINS]
    strength = {place: RNG.random() for place in places}
    drawn: dict[int, Rows] = {}
    for year, rank, in_north in ((2015, 42, 8), (2016, 33, 6)):
        form = {place: strength[place] + RNG.uniform(0, 0.25) for place in places}
        north.sort(key=form.__getitem__, reverse=True)
        others.sort(key=form.__getitem__, reverse=True)
        above = sorted(north[: in_north - 1] + others[: rank - in_north], key=form.__getitem__, reverse=True)
        below = sorted(north[in_north - 1 :] + others[rank - in_north :], key=form.__getitem__, reverse=True)
        order = [*above, (MOUNTAINS, PROVINCE), *below]
        top = 88500 if year == 2016 else 85500
        totals = [top - 410 * n - 10 * RNG.randrange(20) for n in range(len(order))]
        if year == 2016:
            totals[3], totals[4] = 86944, 86936  # both look like 86,94
            totals[19] = totals[20]  # a real tie
        of = dict(zip(order, totals, strict=True))
        drawn[year] = [(region, name, draw_fields(of[region, name])) for region, name in places]
    return drawn


def draw_fields(total: int) -> list[int]:
    while True:
        points = [round(total * most / 100000 * RNG.uniform(0.9, 1.1) / 10) * 10 for most in list(FIELDS.values())[:-1]]
        points.append(total - sum(points))
        if all(0 <= one <= most for one, most in zip(points, FIELDS.values(), strict=True)):
            return points


def verify_ranks(years: dict[int, Rows]) -> None:
    """The article's ranks, and the traps, from nothing but what will stand in the cells."""

    def ranks(year: int, region: str = "") -> dict[str, int]:
        totals = {name: sum(points) for where, name, points in years[year] if region in where}
        return {name: 1 + sum(other > total for other in totals.values()) for name, total in totals.items()}

    assert [Counter(region for region, *_ in rows)[MOUNTAINS] for rows in years.values()] == [15, 15]
    assert all(len({name for _, name, _ in rows}) == len(rows) == 63 for rows in years.values())
    assert (ranks(2016)[PROVINCE], ranks(2016, MOUNTAINS)[PROVINCE], ranks(2015)[PROVINCE]) == (33, 6, 42)
    assert ranks(2015)[PROVINCE] - ranks(2016)[PROVINCE] == 9
    assert Counter(ranks(2016).values())[20] == 2
    assert 21 not in ranks(2016).values()
    totals = sorted((sum(points) for *_, points in years[2016]), reverse=True)
    assert totals[3:5] == [86944, 86936]  # ranks 4 and 5, though both are 86,94


# --- writing ---


def letterhead(ws: Worksheet, last: str, title: str, note: str, year: int, left: tuple[str, str], right: str) -> None:
    half = get_column_letter(ws[f"{last}1"].column // 2 + 1)
    put(ws, "A1", left[0], to="D1")
    put(ws, "A2", left[1], to="D2", bold=True)
    put(ws, f"{half}1", right, to=f"{last}1", bold=True)
    put(ws, f"{half}2", f"ngày 20 tháng 01 năm {year + 1}", to=f"{last}2", italic=True)
    put(ws, "A4", f"{title} NĂM {year}", to=f"{last}4", bold=True, size=14)
    put(ws, "A5", note, to=f"{last}5", italic=True)


def write_form(ws: Worksheet, kind: str, heads: list[Head]) -> None:
    letterhead(
        ws, "P", "BIỂU TỔNG HỢP ĐIỂM ĐÁNH GIÁ, PHÂN LOẠI NGƯỜI ĐỨNG ĐẦU CƠ QUAN, ĐƠN VỊ", f"({kind})", 2016,
        (f"TỈNH ỦY {PROVINCE.upper()}", "BAN TỔ CHỨC"), "ĐẢNG CỘNG SẢN VIỆT NAM",
    )  # fmt: skip
    plain = ["TT", NAME, "Chức vụ", "Cơ quan, đơn vị", "Loại hình tổ chức", "Ủy viên Ban Chấp hành", "Xếp loại đơn vị"]
    put_row(ws, 7, [*plain, *[None] * 6, "Tổng điểm", *[None] * 2], bold=True, text_at=())
    put_row(ws, 8, [None] * 7 + [*COMMON, *OWN[kind][1], None, LATE, SITE], bold=True, text_at=())
    for letters, text in (("HJ", "Tiêu chí chung"), ("KM", "Tiêu chí riêng của loại hình"), ("OP", "Giải trình")):
        put(ws, f"{letters[0]}7", text, to=f"{letters[1]}7", bold=True)
    for letter in "ABCDEFGN":
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, 17)], text_at=())
    for n, head in enumerate(heads, start=1):
        marks = ["x" if matter in head.matters else None for matter in (LATE, SITE)]
        row = [n, head.name, head.office, head.body, kind, "x" if head.member else None, head.unit_band]
        scores = [*map(points_of, head.points), points_of(sum(head.points))]
        put_row(ws, 9 + n, [*row, *scores, *marks], text_at=(2, 3, 4, 5))
    end = 10 + len(heads)
    put_row(ws, end, ["Tổng cộng", None, f"{len(heads)} đồng chí", *[None] * 13], bold=True)
    ws.merge_cells(f"A{end}:B{end}")
    put(ws, f"B{end + 2}", "Nơi nhận:", bold=True, italic=True, align=LEFT)
    put(ws, f"B{end + 3}", "- Ban Thường vụ Tỉnh ủy (báo cáo);", align=LEFT)
    put(ws, f"B{end + 4}", "- Lưu: VP.", align=LEFT)
    put(ws, f"K{end + 2}", "TRƯỞNG BAN", to=f"P{end + 2}", bold=True)
    put(ws, f"K{end + 3}", "(Ký, ghi rõ họ tên)", to=f"P{end + 3}", italic=True)
    put(ws, f"K{end + 7}", "Lường Thuần Mịch", to=f"P{end + 7}", bold=True)
    widths = (5, 22, 44, 40, 34, 9, 11, 12, 12, 11, 13, 13, 13, 9, 11, 11)
    finish(ws, widths)


def write_index(ws: Worksheet, year: int, rows: Rows) -> None:
    letterhead(
        ws, "L", "CHỈ SỐ CẢI CÁCH HÀNH CHÍNH CÁC TỈNH, THÀNH PHỐ", "(Các tỉnh, thành phố và số điểm đều là giả định)", year,
        ("SỐ LIỆU MẪU", "CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    )  # fmt: skip
    put_row(ws, 7, ["TT", "Tỉnh, thành phố", "Vùng", *[None] * 8, "Tổng điểm"], bold=True, text_at=())
    put_row(ws, 8, [None] * 3 + [f"{name} ({most // 1000} điểm)" for name, most in FIELDS.items()] + [None], bold=True,
            text_at=())  # fmt: skip
    put(ws, "D7", "Lĩnh vực", to="K7", bold=True)
    for letter in "ABCL":
        ws.merge_cells(f"{letter}7:{letter}8")
    put_row(ws, 9, [f"({n})" for n in range(1, 13)], text_at=())
    for n, (region, name, points) in enumerate(rows, start=1):
        scores = [one / 1000 if one % 1000 else one // 1000 for one in (*points, sum(points))]
        put_row(ws, 9 + n, [n, name, region, *scores], text_at=(2, 3))
    for cells in ws.iter_rows(min_row=10, max_row=9 + len(rows), min_col=4, max_col=12):
        for cell in cells:
            cell.number_format = "0.00"
    end = 10 + len(rows)
    means = [round(sum(column) / len(rows)) / 1000 for column in zip(*(points for *_, points in rows), strict=True)]
    put_row(ws, end, ["Trung bình", None, None, *means, round(sum(means), 3)], bold=True)
    ws.merge_cells(f"A{end}:B{end}")
    put(ws, f"G{end + 2}", "NGƯỜI LẬP BIỂU", to=f"L{end + 2}", bold=True)
    put(ws, f"G{end + 3}", "(Ký, ghi rõ họ tên)", to=f"L{end + 3}", italic=True)
    finish(ws, (5, 22, 24, *[13] * 8, 10))


def finish(ws: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        ws.column_dimensions[get_column_letter(column)].width = width
    ws.row_dimensions[7].height = 34
    ws.row_dimensions[8].height = 78
    page(ws, header_row=9, landscape=True)


if __name__ == "__main__":
    main()
