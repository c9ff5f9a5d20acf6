"""The report as one page: what stands in it, that it needs nothing else, and that every text in it is text."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builders import a_book, a_grid, run
from xeploai.pipeline import Input, classify_files
from xeploai.report.embed import known_years, short, tone
from xeploai.report.html import embedded, page, render

SAMPLES = Path(__file__).parents[2] / "samples"
HEAD = "| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
TITLE = "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá}\n"
FLAG = """
cảnh báo:
  - {mã: kiem-diem, loại: điểm thấp, cấp: tiêu chí, không quá: 9 điểm, phải làm: Kiểm điểm, căn cứ: Điều 1}
"""
HISTORY = "| Năm | Đơn vị | Nhóm (huyện) | Xếp loại |\n"
HOSTILE = [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "<!--<script>", "]]></style>", "{{ 7*7 }}",
    "{% raw %}", '" onclick="alert(1)', "x' autofocus y='", "=1+1",
    "[x](javascript:alert(1))", "&lt;b&gt;", "Xã " + "dài" * 100,
]  # fmt: skip
ACTING = ["Xã \u202eáb", "Xã \x1b[31má", "Xã \u2066á", "Xã \x9bá", "Xã \udcffá"]


class Page(HTMLParser):
    """What a browser would make of it: the tags with their attributes, and the text of every element by its id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in self.inline else ""
        if self._in:
            self.inline[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inline[self._in][-1] += data
        elif data.strip():
            self.words.append(data.strip())

    @property
    def report(self):
        """The embedded values; a binary fraction among them is an error."""
        return json.loads(self.inline["script"][0], parse_float=lambda text: pytest.fail(f"a float: {text}"))

    @property
    def text(self) -> str:
        return "\n".join(self.words)


def two_years(name="Xã Ná", now="18.5 | 12 | 7", head=None, more=TITLE + FLAG, history=()):
    return run(
        a_book(more, **({"head": head} if head else {})),
        a_grid(f"| NĂM 2018 |\n{HEAD}| Huyện A | '{name}' | 9 | 6 | 7 |\n| Huyện A | Xã Nả | 18 | 12 | 8 |", sheet="2018"),
        a_grid(f"| NĂM 2019 |\n{HEAD}| Huyện A | '{name}' | {now} |\n| Huyện A | Xã Nả | 12 | 8 | 6 |", sheet="2019"),
        history=history,
    )  # fmt: skip


@pytest.fixture(scope="module")
def province():
    return classify_files([SAMPLES / "tinh-mau-2016-2019.xlsx"])


# ------------------------------------------------------------------------------------- every text is text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_makes_no_element_and_is_shown_as_it_is(name):
    plain, hostile = Page(page(two_years())), Page(page(two_years(name)))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert {key for _, given in hostile.tags for key in given} == {key for _, given in plain.tags for key in given}
    assert name in hostile.words
    assert len(hostile.report["units"]) == 2


@pytest.mark.parametrize("name", ACTING)
def test_what_turns_a_line_round_or_obeys_a_terminal_is_made_visible(name):
    sign = next(char for char in name if not char.isprintable())
    text = page(two_years(name))
    assert sign not in text
    assert f"\\x{ord(sign):02x}" in Page(text).text
    text.encode()  # half of a surrogate pair would not be written


def test_an_embedded_text_ends_no_script_and_no_line():
    values = {"</script>\u2029": "<!-- & \u2028 </SCRIPT>"}
    text = str(embedded(values))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"</script>\\x2029": "<!-- & \\x2028 </SCRIPT>"}


def test_a_word_of_the_book_is_text_too():
    head = "bộ tiêu chí: <b>Bộ</b> {{ 1 }}\nmã: bo-thu\n"
    assert "<b>Bộ</b> {{ 1 }}" in Page(page(two_years(head=head))).words


# ------------------------------------------------------------------------------ one file that needs no other


def test_the_page_names_no_other_file_and_no_address(province):
    text = page(province)
    seen = Page(text)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|javascript:|\bfetch\(|XMLHttpRequest|innerHTML", text)
    assert {
        given.get(key) for _, given in seen.tags for key in ("src", "srcset", "data", "action") if key in given
    } == set()
    links = [given["href"] or "" for _, given in seen.tags if "href" in given]
    ids = {given["id"] for _, given in seen.tags if "id" in given}
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert not any(key.startswith("on") or key == "style" for _, given in seen.tags for key in given)
    assert ("html", {"lang": "vi"}) in seen.tags


def test_the_policy_allows_exactly_the_scripts_and_the_style_of_the_page(province):
    seen = Page(page(province))
    policy = next(
        given["content"] or "" for tag, given in seen.tags if given.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    def digests(codes):
        return {f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in codes}

    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == digests(seen.inline["script"][1:])  # the first holds values, no code
    assert set(rules["style-src"].split()) == digests(seen.inline["style"])
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


def test_a_province_takes_less_than_two_million_bytes_and_shows_every_unit(province):
    text = page(province)
    assert len(text.encode()) < 2_000_000
    seen = Page(text)
    listed = [int(given["data-unit"] or "") for tag, given in seen.tags if tag == "tr" and "data-unit" in given]
    assert sorted(listed) == list(range(130))
    assert len(seen.report["units"]) == 130
    assert all(rating.unit.name in seen.words for rating in province.ratings)


def test_the_same_outcome_gives_the_same_bytes_in_another_process():
    code = (
        "import sys, hashlib; from pathlib import Path; from xeploai.pipeline import classify_files\n"
        "from xeploai.report.html import page\n"
        "print(hashlib.sha256(page(classify_files([Path(sys.argv[1])])).encode()).hexdigest())"
    )
    sample = SAMPLES / "trong-sach-vung-manh-2015-2019.xlsx"
    made = {
        subprocess.run(
            [sys.executable, "-c", code, str(sample)], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(made) == 1
    assert re.fullmatch(r"[0-9a-f]{64}\n", made.pop())


@pytest.mark.parametrize(
    "sample", sorted(path.name for path in SAMPLES.glob("*.xlsx") if not path.stem.endswith("-ket-qua"))
)
def test_every_sample_has_a_page(sample):
    outcome = classify_files([SAMPLES / sample])
    seen = Page(page(outcome))
    assert len(seen.report["units"]) == len(outcome.ratings)
    assert (outcome.book.illustrative is True) == ("SỐ MINH HOẠ" in seen.text)


# --------------------------------------------------------------------------------------- what it tells


def test_a_confirmed_book_has_no_mark_and_an_illustrative_one_has_it_on_the_page_and_on_the_cards():
    words = "SỐ MINH HOẠ: tiêu chí, điểm, ngưỡng của bộ này chưa có văn bản xác nhận."
    plain = Page(page(two_years()))
    assert "MINH HOẠ" not in plain.text
    assert plain.report["illustrative"] == ""
    marked = Page(page(two_years(head="bộ tiêu chí: Bộ thử\nmã: bo-thu\nminh hoạ: có\n")))
    assert words in marked.words
    assert marked.report["illustrative"] == words


def test_the_percents_of_the_bands_add_up_to_a_hundred(province):
    thirds = run(a_book(), a_grid(f"{HEAD}| H | A | 20 | 12 | 8 |\n| H | B | 14 | 9 | 5 |\n| H | C | 10 | 6 | 5 |"))
    said = set(re.findall(r'label="(Tốt: [^"]*)"', page(thirds)))
    assert said == {"Tốt: 1 đơn vị (33,34%); Khá: 1 đơn vị (33,33%); Trung bình: 1 đơn vị (33,33%)"}
    changes = page(province).split('id="thay-doi"')[1].split("</section>")[0]
    cells = [re.findall(r'<td class="number">([^<]*)</td>', row) for row in changes.split("<tr>")]
    percents = [(row[1], row[3]) for row in cells if len(row) == 5 and row[1]]
    assert [now for _, now in percents] == ["13,85%", "80,77%", "5,38%", "0%"]
    for column in zip(*percents, strict=True):
        assert sum(Decimal(word.rstrip("%").replace(",", ".")) for word in column) == 100


def test_without_scripts_ranking_paragraphs_and_findings_stand_in_the_page():
    seen = Page(page(two_years(now="9 | 6 | 7")))
    words = seen.words
    ranked = words[words.index("2 đơn vị, xếp theo tỷ lệ điểm; bằng nhau thì cùng hạng. Điểm tối đa: 40.") :]
    assert ranked.index("Xã Nả") < ranked.index("Xã Ná")  # 26 before 22 points, though the sheet has them the other way
    assert "Theo kết quả đánh giá năm 2019, 2/2 đơn vị được xếp loại" in seen.text
    assert any(word.startswith("TC1 «Tiêu chí một» đạt 9 điểm") for word in words)
    assert "ô C3 · trang 2019" in words
    assert "Kiểm điểm" in words
    assert "Căn cứ: Điều 1" in words


def test_who_rose_and_who_fell_and_who_stayed():
    assert "Lên mức: 1" in Page(page(two_years())).words  # 22/40 trung bình → 37,5/40 tốt
    assert "Xuống mức: 1" in Page(page(two_years())).words  # 38/40 tốt → 26/40 khá
    assert "Lên mức: 0" in Page(page(two_years(now="9 | 6 | 7"))).words
    assert "Thêm danh hiệu «Vững mạnh»: 1" in Page(page(two_years())).words
    assert "Mất danh hiệu «Vững mạnh»: 0" in Page(page(two_years())).words


@pytest.mark.parametrize("same", [True, False])
def test_a_tile_tells_no_change_where_the_years_are_of_other_units_and_the_section_says_whose_it_tells(same):
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n"
    other = rows if same else rows + "| Huyện A | Xã Nê | 9 | 8 | 6 |\n"
    years = [a_grid(f"| NĂM {year} |\n{HEAD}{drawn}", sheet=str(year)) for year, drawn in ((2018, rows), (2019, other))]
    text = Page(page(run(a_book(TITLE), *years))).text
    tiles, _, rest = text.partition("Theo kết quả đánh giá")
    assert ("không đổi" in tiles) is same
    whose = "Năm 2018 chỉ tính 1 đơn vị của biểu năm nay có kết quả năm đó: số lượng tăng, giảm một phần là do đó."
    assert (whose in rest) is not same


def test_a_unit_that_is_gone_is_not_counted_and_no_change_is_put_down_to_it():
    rows = "| Huyện A | Xã Ná | 18 | 12 | 8 |\n"
    grids = [
        a_grid(f"| NĂM 2018 |\n{HEAD}{rows}| Huyện A | Xã Nê | 9 | 8 | 6 |", sheet="2018"),
        a_grid(f"| NĂM 2019 |\n{HEAD}{rows}", sheet="2019"),
    ]
    text = Page(page(run(a_book(TITLE), *grids))).text
    assert "Năm 2018 chỉ tính 1 đơn vị của biểu năm nay có kết quả năm đó.\n" in text


def test_the_filter_says_of_nobody_that_a_title_was_not_reached():
    """Those of which nobody knows stand among the others."""
    text = Page(page(run(a_book(TITLE), a_grid(f"| NĂM 2019 |\n{HEAD}| Huyện A | Xã Ná | x | 12 | 8 |")))).text
    assert "chưa có Vững mạnh" in text
    assert "không đạt Vững mạnh" not in text


def test_numbers_are_words_and_a_missing_one_is_no_zero():
    report = Page(page(two_years(now=" | 12 | 7"))).report
    one, whole, first, second = report["criteria"]
    assert (one["code"], one["most"], whole["code"]) == ("TC1", "20", "TC2")
    places = [list(map(int, unit["points"].split())) for unit in report["units"]]
    assert one["seen"][places[0][0]] == ["", None, "", "chưa có điểm"]
    assert one["seen"][places[1][0]] == ["12", 60, "", ""]
    assert whole["seen"][places[1][1]] == ["14", 70, "", ""]
    assert first["seen"][places[0][2]] == ["12", 100, "", ""]
    assert second["seen"][places[0][3]] == ["7", 88, "", ""]  # 87,5 rounds half up
    zero = Page(page(two_years(now="0 | 12 | 7"))).report
    assert zero["criteria"][0]["seen"][int(zero["units"][0]["points"].split()[0])] == ["0", 0, "", ""]


def test_the_cell_of_every_score_is_told():
    report = Page(page(two_years())).report
    layout = report["layouts"][report["units"][1]["layout"]]
    assert report["units"][1]["row"] == 4
    assert layout == [["diem.xlsx", "2019", "C"], None, ["diem.xlsx", "2019", "D"], ["diem.xlsx", "2019", "E"]]


def test_a_finding_names_its_file_where_there_are_several():
    one = two_years(now="9 | 12 | 7")
    assert "ô C3 · trang 2019" in Page(page(one)).words
    several = one._replace(inputs=(Input("diem.xlsx", "0" * 64), Input("cu.xlsx", "1" * 64, "history")))
    assert "ô C3 · trang 2019 · tệp diem.xlsx" in Page(page(several)).words


def test_a_year_without_a_record_stands_as_a_gap():
    alone = run(a_book(), a_grid(f"| NĂM 2019 |\n{HEAD}| Huyện A | Xã Ná | 9 | 6 | 7 |"))
    assert known_years(alone) == []
    old = a_grid(f"{HISTORY}| 2015 | Xã Ná | Huyện A | khá |", sheet="Lịch sử")
    outcome = two_years(history=[old])
    assert known_years(outcome) == [2015, 2016, 2017, 2018, 2019]
    unit = Page(page(outcome)).report["units"][0]
    assert {year: record[:2] for year, record in unit["years"].items()} == {
        "2015": [1, "khá"],
        "2018": [2, "trung bình"],
    }


def test_a_short_word_of_a_band_never_stands_for_two():
    names = ["hoàn thành tốt nhiệm vụ", "hoàn thành tồi nhiệm vụ", "trung bình", "khá"]
    assert [short(name, names) for name in names] == [*names[:2], "TB", "khá"]


def test_every_band_has_a_colour_of_its_own_and_an_unknown_one_has_none():
    book = a_book().book
    assert [tone(book, band.name) for band in book.bands] == ["t0", "t1", "t2", "t3"]
    assert tone(book, "giỏi") == tone(book, None) == ""


def test_a_missing_value_of_a_template_is_a_bug():
    with pytest.raises(Exception, match="undefined"):
        render("report.html.j2")


def test_where_nobody_is_rated_the_page_says_so_and_shows_everyone():
    outcome = run(a_book(TITLE), a_grid(f"| NĂM 2019 |\n{HEAD}| Huyện A | Xã Ná | x | 6 | 7 |"))
    seen = Page(page(outcome))
    assert "Năm 2019: chưa đơn vị nào được xếp loại." in seen.words
    assert "Xã Ná" in seen.words
    assert "Chưa xếp loại" in seen.words
    assert [unit["band"] for unit in seen.report["units"]] == ["chưa xếp loại"]
    assert seen.report["units"][0]["why"]
    assert "svg" not in [tag for tag, _ in seen.tags]  # no bar of nothing
