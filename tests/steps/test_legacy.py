"""Old letters: TCVN3 becomes Unicode where that is sure, VNI is refused, and ordinary Unicode is never touched.

The pairs of texts are those of reliability.md 3(g), or written by hand letter by letter. Invented communes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_book, a_grid, brief, run
from xeploai.findings import Unusable
from xeploai.model import Grid, Value
from xeploai.steps.legacy import modern
from xeploai.steps.old_letters import TCVN3, VNI, from_tcvn3, from_vni, to_tcvn3, western
from xeploai.steps.syllables import is_syllable

# What stands in a file that was typed in .VnTime → what its reader sees (reliability.md 3(g)).
MEASURED = {
    "X· Hßa B×nh": "Xã Hòa Bình",
    "Ph\u00adêng Mü §×nh 1": "Phường Mỹ Đình 1",
    "§ång T©m": "Đồng Tâm",
    "Tû lÖ hé nghÌo": "Tỷ lệ hộ nghèo",
    "Sè l\u00adîng thñ tôc": "Số lượng thủ tục",
}
MEASURED_VNI = {
    "Phöôøng Myõ Ñình": "Phường Mỹ Đình",
    "xaõ Ñoàng Taâm": "xã Đồng Tâm",
    "Thò traán Yeân Laïc": "Thị trấn Yên Lạc",
}
HEAD = ("STT", "Đơn vị", "Tiêu chí một", "Phần thứ nhất", "Phần thứ hai")
NAMES = ("Xã Hòa Vối", "Phường Mỹ Lừm", "Thị trấn Yên Sẳng", "Xã Đồng Chụm", "Xã Lê Khuôn", "Xã Hà Nhíp")


def old(text: str) -> str:
    """The text as typed in .VnTime: its capitals with a tone are small letters there."""
    return to_tcvn3("".join(c if c.isascii() or c in "ĂÂÊÔƠƯĐ" else c.lower() for c in text))


def vni(text: str) -> str:
    marks = {letter: pair for pair, letter in VNI.items()}
    return "".join(c if c.isascii() else marks[c] if c.islower() else marks[c.lower()].upper() for c in text)


def through_1258(text: str) -> str:
    """What a reader of the code page 1258 makes of the bytes (Excel 95)."""
    return text.encode("latin-1").decode("cp1258")


def in_1258(text: str) -> str:
    """Real Vietnamese as the code page 1258 holds it: a letter, then its tone."""
    apart = unicodedata.normalize("NFD", text)
    tones = "\u0300\u0301\u0303\u0309\u0323"
    words = []
    for letter in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in apart if c in tones)
        words.append(unicodedata.normalize("NFC", "".join(c for c in apart if c not in tones)) + tone)
    return "".join(words)


def sheet(names: Sequence[str], head: Sequence[str] = HEAD, **more: object) -> Grid:
    rows: list[list[Value]] = [list(head)]
    rows += [[float(place), name, 18.0, 10.0, 6.0] for place, name in enumerate(names, 1)]
    return Grid("diem.xlsx", "Bảng điểm", rows, **more)  # type: ignore[arg-type]


def texts(grid: Grid) -> list[str]:
    return [value for row in grid.rows for value in row if isinstance(value, str)]


def read(grid: Grid, font: str = "auto") -> tuple[list[str], list[tuple[str, str, str]]]:
    kept, said = modern([grid], font)
    return [text for each in kept for text in texts(each)], brief(said)


# ------------------------------------------------------------------------------- what must not be touched


@pytest.mark.parametrize("font", ["auto", "tcvn3"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_is_left_alone_in_either_form_also_where_the_user_says_tcvn3(form, font):
    grid = sheet([unicodedata.normalize(form, name) for name in NAMES], [unicodedata.normalize(form, h) for h in HEAD])
    kept, said = modern([grid], font)
    assert (kept, said) == ([grid], [])


@pytest.mark.parametrize(
    "names",
    [
        ("Xã Hòa Bình",),  # decoded: Xó Hũa Bỡnh
        ("Lê", "Hà", "Xã Tà"),
        ("Xã Lê", "Xã Tân"),  # letters of the Western page alone
        ("Lê", "Pá Hu", "Sín Chéng"),
        ("Ðông Ðà", "Xã Ðo"),  # eth typed for Đ
        ("Xã A «mới»", "km² × 3", "½ Xã · B", "X¹", "µm 5", "2 × 3 ±5 °C", "© ®"),
        ("tôt", "môt", "hôp", "xêp", "ngáp", "nhât"),  # mistyped: tụt, mụt, hụp, xờp in TCVN3
        ("Größe", "Café", "señor", "façade", "naïve"),
        ("Krông Pắk", "Đắk Lắk", "Ia H'Lốp"),
        ("H¹", "T¹ A¹", "N¹"),  # marks of remarks; Hạ, Tạ, Nạ in TCVN3
        ("X· A", "X· B"),  # one word, no font: a sign between letters proves nothing
    ],
)
def test_ordinary_texts_are_neither_changed_nor_asked_about(names):
    assert read(sheet(names)) == ([*HEAD, *names], [])


@pytest.mark.parametrize("fonts", [(".VnTime",), ("VNI-Times",)])
def test_a_font_that_was_left_behind_says_nothing(fonts):
    columns = dict.fromkeys(range(5), fonts)
    assert read(sheet(NAMES, fonts=columns)) == ([*HEAD, *NAMES], [])
    assert read(sheet(["Xã Lê", "Xã Tân"], fonts=columns))[1] == []


def test_the_commonest_word_of_these_sheets_is_no_tcvn3_whatever_the_font():
    assert read(sheet(["Xã", "Xã A"], ["STT", "Ten"], fonts={1: (".VnTime",)}))[1] == []  # xó is no word of a form
    assert read(sheet(["Lê"], ["STT", "Ten"], fonts={1: ("VNI-Times",)}))[1] == []
    assert read(sheet(["Lê"], ["STT", "Ten"], fonts={1: (".VnTime",)}))[1] == [("DL75", "", "B2")]


def test_a_font_that_holds_unicode_in_one_column_proves_nothing_in_another():
    grid = sheet(NAMES, ["STT", "Ten", "Lê"], fonts={1: (".VnTime",), 2: (".VnTime",)})
    assert read(grid) == (["STT", "Ten", "Lê", *NAMES], [])


def test_a_column_that_may_be_either_is_left_alone_where_the_sheet_is_a_mixture():
    grid = sheet(list(map(old, NAMES)), ["STT", "Ten", "Lê", "Tiêu chí hai"])
    for font in ("auto", "tcvn3"):
        assert read(grid, font)[0] == ["STT", "Ten", "Lê", "Tiêu chí hai", *NAMES]


def test_vietnamese_in_the_code_page_1258_is_unicode():
    names = [in_1258(name) for name in NAMES]
    assert names != list(NAMES)
    assert read(sheet(names, [in_1258(head) for head in HEAD]))[1] == []


@pytest.mark.parametrize("folder", ["samples", "workbooks"])
def test_no_sheet_of_ours_is_suspected(folder, request):
    from pathlib import Path

    from xeploai.read import read as read_files

    root = Path(__file__).parents[2] / "samples" if folder == "samples" else request.getfixturevalue("shared") / folder
    grids = [grid for source, _ in read_files(sorted(root.rglob("*.xlsx"))) if source for grid in source.grids]
    assert grids
    for font in ("auto", "tcvn3"):
        assert modern(grids, font) == (grids, [])


# --------------------------------------------------------------------------------------- what is converted


@pytest.mark.parametrize(("seen", "meant"), MEASURED.items())
def test_the_measured_texts_are_read_as_their_writers_meant_them(seen, meant):
    assert from_tcvn3(seen) == meant
    assert to_tcvn3(meant) == seen
    assert all(is_syllable(word) for word in meant.split() if word.isalpha())


def test_a_sheet_in_tcvn3_is_read_as_unicode_with_a_note():
    grid = sheet(list(map(old, NAMES)), list(map(old, HEAD)))
    assert read(grid) == ([*HEAD, *NAMES], [("DL74", "", "B1")])
    assert texts(grid)[1] == old(HEAD[1])  # what was given is not changed


def test_the_note_tells_how_many_cells_the_evidence_and_both_readings():
    grid = sheet([*MEASURED], fonts={1: (".VnTime",)})
    (note,) = modern([grid])[1]
    assert "5 ô" in note.message
    assert "cột B" in note.message
    assert ".VnTime" in note.message
    assert "«X· Hßa B×nh» → «Xã Hòa Bình»" in note.message


def test_a_head_in_unicode_over_names_in_tcvn3_and_the_other_way_round():
    assert read(sheet(list(map(old, NAMES)))) == ([*HEAD, *NAMES], [("DL74", "", "B2")])
    assert read(sheet(NAMES, list(map(old, HEAD)))) == ([*HEAD, *NAMES], [("DL74", "", "B1")])


def test_a_name_that_may_be_either_goes_with_its_column():
    names = [
        old("Xã Đồng Chụm"),
        "Lª",
        "S\u00f4n",
        old("Phường Mỹ Lừm"),
    ]  # «Sôn» is Sụn in TCVN3, and a word in Unicode
    assert read(sheet(names))[0][5:] == ["Xã Đồng Chụm", "Lê", "Sụn", "Phường Mỹ Lừm"]


def test_a_name_between_the_data_and_the_foot_goes_with_the_larger():
    names = [*map(old, NAMES), "S\u00f4n", "Nơi nhận:"]
    assert read(sheet(names, ["STT", "Ten"]))[0][2:] == [*NAMES, "Sụn", "Nơi nhận:"]


def test_merged_titles_are_decided_one_by_one():
    lines = ["Bảng tổng hợp kết quả chấm điểm năm 2019", "Tỉnh Phiêng Sáy", "Sở Nội vụ", "Biểu số 1"]
    rows: list[list[Value]] = [[old(line) if place % 2 else line] for place, line in enumerate(lines)]
    merged = tuple((row, 0, row, 4) for row in range(4))
    titled = Grid("d.xlsx", "S", [*rows, *sheet(NAMES).rows], merged=merged)
    assert read(titled)[0][:4] == lines
    apart = Grid("d.xlsx", "S", [*rows, *sheet(NAMES).rows])
    assert read(apart)[1] == [("DL75", "", "A2")]  # not merged, they are a mixed column


def test_a_font_makes_one_word_enough():
    assert read(sheet(["X· A", "X· B"], ["STT", "Ten"], fonts={1: (".VnTime",)})) == (
        ["STT", "Ten", "Xã A", "Xã B"], [("DL74", "", "B2")],
    )  # fmt: skip


@pytest.mark.parametrize(("fonts", "seen"), [((".VnTimeH",), "XÃ HÒA BÌNH"), ((".VnTime", ".VnTimeH"), "xã hòa bình")])
def test_a_font_of_capitals_shows_small_letters_as_capitals(fonts, seen):
    assert read(sheet(["x· hßa b×nh"], ["STT", "Ten"], fonts={1: fonts}))[0][2] == seen


def test_letters_between_capitals_are_capitals():
    assert read(sheet(["UBND TØNH S¥N KHOANG", "THµNH PHè"]))[0][5:] == ["UBND TỈNH SƠN KHOANG", "THÀNH PHỐ"]


def test_signs_stay_signs_in_a_column_of_tcvn3():
    assert read(sheet([*map(old, NAMES), "2 × 3 km²", "± 5 °C"]))[0][-2:] == ["2 × 3 km²", "± 5 °C"]


def test_letters_that_came_through_the_code_page_1258_are_taken_back_first():
    names = [through_1258(old(name)) for name in (*NAMES, "Xã Nghèo Mó")]
    assert "ngh\u0300o" in through_1258("nghÌo")  # reliability.md 3(g)
    assert read(sheet(names, [through_1258(old(head)) for head in HEAD]))[0] == [*HEAD, *NAMES, "Xã Nghèo Mó"]


def test_the_whole_line_rates_a_sheet_in_tcvn3_like_its_unicode_twin():
    def units(names: Sequence[str], head: Sequence[str]) -> list[tuple[str, object, object]]:
        outcome = run(a_book(), sheet(names, head))
        return [(rating.unit.name, rating.points, rating.band) for rating in outcome.ratings]

    assert units(list(map(old, NAMES)), list(map(old, HEAD))) == units(NAMES, HEAD)


def test_the_history_is_read_so_too():
    past = a_grid(f"| {old('Đơn vị')} | {old('Năm')} 2018 |\n| {old('Xã Hòa Vối')} | {old('khá')} |", sheet="Lich su")
    outcome = run(a_book(), sheet(NAMES), history=[past], year=None)
    assert brief(outcome.findings, "DL74", "LS04") == [("DL74", "", "A1")]


# ------------------------------------------------------------------------------------ what is asked about

MIXED = [old(name) if place % 2 else name for place, name in enumerate(NAMES)]


def test_a_mixed_column_is_asked_about_and_stays_as_it_is():
    assert read(sheet(MIXED)) == ([*HEAD, *MIXED], [("DL75", "", "B3")])


def test_in_a_mixed_column_the_option_converts_the_old_cells_alone():
    assert read(sheet(MIXED), "tcvn3") == ([*HEAD, *NAMES], [("DL74", "", "B3")])


@pytest.mark.parametrize(("names", "codes"), [(["X· A"], []), (["X· Hßa"], ["DL75"]), (["X· §ång T©m"], ["DL74"])])
def test_one_word_is_silence_two_are_a_question_three_with_four_letters_are_enough(names, codes):
    assert [code for code, *_ in read(sheet(names))[1]] == codes


def test_the_question_shows_both_readings_and_the_option():
    (question,) = modern([sheet(["X· Hßa"])])[1]
    assert "«X· Hßa» → «Xã Hòa»" in question.message
    assert "--font tcvn3" in question.duty


def test_the_option_answers_the_question():
    assert read(sheet(["X· Hßa"]), "tcvn3")[0][5:] == ["Xã Hòa"]


def test_a_question_is_told_also_where_no_table_is_found():
    grid = sheet(["X· Hßa"], ["STT", "Ten", "x", "y", "z"])
    with pytest.raises(Unusable) as stopped:
        run(None, grid)  # type: ignore[arg-type]
    assert stopped.value.findings[0].code == "DL75"


# ------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(("seen", "meant"), MEASURED_VNI.items())
def test_vni_is_understood_well_enough_to_name_it(seen, meant):
    assert from_vni(seen) == meant
    assert vni(meant) == seen


def test_a_sheet_in_vni_is_refused_with_its_cells_and_the_way_out():
    kept, (refused,) = modern([sheet(list(map(vni, NAMES)))])
    assert (kept, brief([refused])) == ([], [("DL76", "", "B2")])
    assert "B2, B3, B4, B5, B6" in refused.message
    assert f"«{vni('Xã Hòa Vối')}» có lẽ là «Xã Hòa Vối»" in refused.message
    assert "Ctrl+Shift+F6" in refused.duty


def test_two_words_of_vni_are_not_enough_without_its_font():
    grid = sheet(["Hoøa Laïc"], ["STT", "Ten"])
    assert read(grid)[1] == []
    assert read(sheet(["Hoøa Laïc"], ["STT", "Ten"], fonts={1: ("VNI-Times",)}))[1] == [("DL76", "", "B2")]


def test_a_refused_sheet_stops_the_run_where_it_is_the_only_one_and_no_other():
    lost = sheet(list(map(vni, NAMES)))
    with pytest.raises(Unusable) as stopped:
        run(a_book(), lost)
    assert [finding.code for finding in stopped.value.findings] == ["DL76"]
    outcome = run(a_book(), lost, sheet(NAMES))
    assert len(outcome.ratings) == len(NAMES)
    assert brief(outcome.errors) == [("DL76", "", "B2")]


# ------------------------------------------------------------------------------------------------ the tables


def test_the_table_is_the_measured_one(shared):
    measured = json.loads((shared / "data" / "tcvn3.json").read_text("utf-8"))
    assert {chr(int(code)): letter for code, letter in measured.items()} == TCVN3


@given(st.text(alphabet=[*map(chr, range(0x20, 0x7F)), *TCVN3], max_size=30))
def test_what_is_decoded_is_encoded_back(text):
    assert to_tcvn3(from_tcvn3(text)) == text


@given(
    st.text(
        alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ĂÂÊÔƠƯĐ"
    )
)
def test_what_is_encoded_is_decoded_back(text):
    assert from_tcvn3(to_tcvn3(text)) == text


@given(
    st.text(
        alphabet=[*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA1, 0xD2)), *map(chr, range(0xD3, 0xFF))], max_size=30
    )
)
def test_what_came_through_the_code_page_1258_is_taken_back_whole(text):
    assert western(through_1258(text)) == text


@pytest.mark.parametrize("letter", [*"áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"])
def test_every_letter_of_vietnamese_has_its_vni_writing_in_both_cases(letter):
    assert from_vni(vni(letter)) == letter
    assert from_vni(vni(letter.upper())) == letter.upper()


SYLLABLES = (
    "nghèo nghiêng giếng giêng gìn gì già quốc quy quỳnh quang quen khuya khuỷu thuở Nguyễn HUỲNH rượu xoong hoà hòa "
    "ủy uỷ yên ý ở ăn ông Krông Đắk Lắk ngoằn tuyết chuếnh loè"
)
NO_SYLLABLES = "Bỡnh Hôc hộcc nge ce ghà ngiêng ñôn xãan Phöôøng Myõ X· Hßa km² àa áá hócà brr đ ươ ăà tiêp"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word):
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", NO_SYLLABLES.split())
def test_what_is_no_syllable(word):
    assert not is_syllable(word)


# ------------------------------------------------------------------------------------------------ the option


def test_the_option_is_checked_and_stated(xeploai, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (["STT", "Đơn vị", "TC1", "TC2"], [1, "X· Hßa", 45, 45]):
        book.active.append(row)
    book.save(tmp_path / "diem.xlsx")
    (tmp_path / "bo.yaml").write_text(
        "bộ tiêu chí: Bộ thử\nmã: bo-thu\ntiêu chí:\n  - {mã: TC1, tên: Một, điểm tối đa: 50}\n"
        "  - {mã: TC2, tên: Hai, điểm tối đa: 50}\nxếp loại: [{mức: tốt, ít nhất: 0%}]\n", "utf-8"
    )  # fmt: skip
    asked = xeploai("check", "diem.xlsx", "--rules", "bo.yaml")
    assert (asked.returncode, "DL75" in asked.stderr) == (0, True)
    told = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--font", "tcvn3", "--json", "-")
    seen = json.loads(told.stdout)
    assert [unit["name"] for unit in seen["units"]] == ["Xã Hòa"]
    assert "tcvn3" in told.stdout
    assert "DL74" in told.stdout
    wrong = xeploai("check", "diem.xlsx", "--rules", "bo.yaml", "--font", "vni")
    assert (wrong.returncode, "DL93" in wrong.stderr) == (2, True)
