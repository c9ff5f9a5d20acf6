"""Vietnamese words and numbers. Expected values come from the design (section 3), the articles, or a sum done by hand."""

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xeploai import vi
from xeploai.vi import NoNumber

NBSP = "\u00a0"


def nfd(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    return decomposed


# ------------------------------------------------------------------------------------------ what is shown


@pytest.mark.parametrize("text", ["Xã Hoà Bình", "Xã Hòa Bình", "XÃ Ðông", "kinh tế - xã hội (*)"])
def test_a_clean_text_keeps_its_letters_its_case_and_its_tone_marks(text):
    assert vi.clean(text) == text


def test_decomposed_letters_are_shown_composed():
    assert vi.clean(nfd("Xã Mường Lạn")) == "Xã Mường Lạn"


@pytest.mark.parametrize("space", [NBSP, "\t", "\n", "\r\n", "\u202f", "\u3000", "\ufeff", "  ", f" {NBSP}\n "])
def test_every_run_of_spaces_and_line_breaks_is_one_space(space):
    assert vi.clean(f"{space}Kinh tế{space}xã hội{space}") == "Kinh tế xã hội"


@pytest.mark.parametrize("unseen", ["\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\u034f"])
def test_what_has_no_width_parts_no_word(unseen):
    for look in (vi.clean, vi.key, vi.letters, vi.fold):
        assert look(f"{unseen}Xã Mườ{unseen}ng Lạn{unseen}") == look("Xã Mường Lạn")


def test_a_mark_behind_a_joiner_is_composed_with_its_letter():
    assert vi.clean("L\u0061\u200d\u0323n") == "Lạn"


def test_a_soft_hyphen_is_shown_but_never_compared():
    # In TCVN3 it is the letter ư: what is shown may not lose it. In a Unicode name nobody sees it.
    assert vi.clean("Ph\u00adêng") == "Ph\u00adêng"
    assert vi.key("Điện\u00adBiên") == vi.key("ĐiệnBiên")


def test_full_width_letters_and_brackets_are_the_plain_ones():
    assert vi.key("ＴＣ１（２０）") == "tc1(20)"
    assert vi.code_key("ＴＣ１．１") == vi.code_key("TC1.1")
    assert vi.key("ａ\u0301") == vi.key("á")


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert vi.clean(vi.clean(text)) == vi.clean(text)


def test_a_plain_text_is_shown_as_it_is_up_to_60_letters():
    assert vi.shown("chín điểm") == "chín điểm"
    assert vi.shown("đ" * 60) == "đ" * 60


def test_a_text_of_61_letters_is_cut_and_says_so():
    assert vi.shown("đ" * 61) == "đ" * 59 + "…"


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x07b", r"a\x07b"), ("a\x1b[31mb", r"a\x1b[31mb"), ("a\u202eb", r"a\x202eb")]
)
def test_control_characters_in_a_message_are_made_visible(text, shown):
    assert vi.shown(text) == shown


@pytest.mark.parametrize(
    ("words", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a và b"), (["a", "b", "c"], "a, b và c")]
)
def test_words_are_listed_as_in_a_sentence(words, sentence):
    assert vi.listed(words) == sentence


# --------------------------------------------------------------------------------------- what is compared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mường Lan", "Mường Lạn"),  # two real communes
        ("Tả Phìn", "Tà Phìn"),
        ("Đông", "Dông"),
        ("Thanh Hòa", "Thanh Hóa"),
        ("hoàn", "hòan"),  # the mark moves at the end of a syllable only
    ],
)
def test_names_that_differ_by_an_accent_are_two_names(one, other):
    assert vi.key(one) != vi.key(other)
    assert vi.letters(one) != vi.letters(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xã Hoà Bình", "xã Hòa Bình"),
        ("HOÀ BÌNH", "Hòa Bình"),
        ("Khoẻ", "Khỏe"),
        ("Thuý Lâm", "Thúy Lâm"),
        ("Thuỷ", "Thủy"),
        ("Xoè", "Xòe"),
        ("Ðông", "Đông"),  # Ð U+00D0 and Đ U+0110
        ("ðông", "đông"),
        ("Mường Lạn", nfd("Mường Lạn")),
        ("Mường Lạn", f"Mường{NBSP}Lạn "),
        ("H'Drai", "H’Drai"),
        ("Kinh tế – xã hội", "Kinh tế - xã hội"),
    ],
)
def test_ways_of_writing_one_name_are_one_key(one, other):
    assert vi.key(one) == vi.key(other)


@given(st.text())
def test_the_key_of_a_key_is_itself(text):
    assert vi.key(vi.key(text)) == vi.key(text)


def test_a_heading_is_known_by_its_letters_without_line_breaks_dashes_and_stars():
    assert vi.letters("Kinh tế -\nxã hội (*)") == vi.letters("kinh tế, xã hội") == "kinhtếxãhội"


@pytest.mark.parametrize(("one", "other"), [("TC1.1", "TC11"), ("I.1", "I.11"), ("d", "đ"), ("1.1", "11")])
def test_codes_that_differ_by_a_dot_or_a_letter_are_two_codes(one, other):
    assert vi.code_key(one) != vi.code_key(other)


@pytest.mark.parametrize("code", ["TC1.1", "tc1.1", "TC 1.1", "TC1.1.", "TC1.1)"])
def test_ways_of_writing_one_code_are_one_code(code):
    assert vi.code_key(code) == vi.code_key("TC1.1")


# ------------------------------------------------------------------------------------ what is recognised


@pytest.mark.parametrize(
    "text", ["Điểm tối đa", "điểm_tối_đa", "diem toi da", "ĐIỂM TỐI ĐA", "Ðiểm\ntối đa", nfd("điểm tối đa")]
)
def test_the_words_of_our_forms_are_recognised_however_they_are_written(text):
    assert vi.fold(text) == "diem toi da"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert vi.fold(vi.fold(text)) == vi.fold(text)


@given(st.text())
def test_what_compares_equal_folds_equal(text):
    assert vi.fold(vi.key(text)) == vi.fold(text)


@given(st.text(alphabet="aáàảãạâăđêôơưyếộữ ĐÐQu", max_size=20))
def test_decomposed_text_is_the_same_word_in_every_way_of_looking(text):
    apart = unicodedata.normalize("NFD", text)
    for look in (vi.clean, vi.key, vi.letters, vi.fold):
        assert look(apart) == look(text)


def test_a_word_that_is_like_none_has_no_nearest():
    assert vi.nearest("ngân sách", ["tốt", "khá"]) is None
    assert vi.nearest("khá", []) is None


@pytest.mark.parametrize(
    ("word", "near"), [("trung bnh", "trung bình"), ("kha", "khá"), ("Trung binh", "trung bình"), ("tôt", "tốt")]
)
def test_the_nearest_word_is_the_one_that_was_probably_meant(word, near):
    assert vi.nearest(word, ["tốt", "khá", "trung bình", "yếu"]) == near


# -------------------------------------------------------------------------------------- names of units


LOOK_ALIKES = "Mường Lan|Xá Nhè|Xa Dung|Pa Ham|Hua Thanh|Ta Lèng|Tả Phìn|Bản Phố|Quài Cang|Phương Thịnh|Xãm|TTA|T1"
DOUBTFUL = "Miền Đồi|Ban Công|Sở Dầu|Khối Trài"


@pytest.mark.parametrize("name", f"{LOOK_ALIKES}|{DOUBTFUL}".split("|"))
def test_a_name_that_only_looks_like_an_abbreviation_tells_no_kind(name):
    assert vi.split_kind(name) == ("", vi.key(name))


@pytest.mark.parametrize("alone", ["Xã", "X.", "Thị trấn", "TT", "tt.", "Phường", "Huyện", ""])
def test_a_kind_without_a_name_is_no_kind(alone):
    assert vi.split_kind(alone) == ("", vi.key(alone))


@pytest.mark.parametrize(
    ("name", "kind", "rest"),
    [
        ("Xã Mường Lan", "xã", "mường lan"),
        ("xã Mường Lan", "xã", "mường lan"),
        ("XÃ MƯỜNG LAN", "xã", "mường lan"),
        ("X. Mường Lan", "xã", "mường lan"),
        ("X.Mường Lan", "xã", "mường lan"),
        ("X Mường Lan", "xã", "mường lan"),
        (f"Xã{NBSP}Mường  Lan", "xã", "mường lan"),
        ("UBND xã Mường Lan", "xã", "mường lan"),
        (nfd("Xã Mường Lạn"), "xã", "mường lạn"),
        ("Xã Xá Nhè", "xã", "xá nhè"),  # "xá" is part of the name
        ("TT. Mường Chà", "thị trấn", "mường chà"),
        ("TT Mường Chà", "thị trấn", "mường chà"),
        ("Thị trấn Mường Chà", "thị trấn", "mường chà"),
        ("P. 1", "phường", "1"),
        ("P.1", "phường", "1"),
        ("Phường 1", "phường", "1"),
        ("TP. Điện Biên", "thành phố", "điện biên"),
        ("Thành phố Điện Biên", "thành phố", "điện biên"),
        ("TX. Mường Lay", "thị xã", "mường lay"),
        ("Thị xã Mường Lay", "thị xã", "mường lay"),
        ("H. Tủa Chùa", "huyện", "tủa chùa"),
        ("Q. 3", "quận", "3"),
        ("Đặc khu Phú Quốc", "đặc khu", "phú quốc"),
        ("Xã Miền Đồi", "xã", "miền đồi"),
        ("Sở Y tế", "sở", "y tế"),
        ("Ban Dân tộc", "ban", "dân tộc"),
        ("Cụm 2", "cụm", "2"),
        ("Cụm A", "cụm", "a"),
        ("Vùng III", "vùng", "iii"),
        ("Vùng cao", "vùng", "cao"),
        ("Miền núi", "miền", "núi"),
        ("Khối thi đua số 1", "khối", "thi đua số 1"),
    ],
)
def test_a_name_tells_its_kind_in_every_way_of_writing(name, kind, rest):
    assert vi.split_kind(name) == (kind, rest)


# --------------------------------------------------------------------------------------- numbers that are typed


NO_NUMBERS = (
    "| |-|+|.|,|chín|9 điểm|56,17 %|56,17%|9/20|8-9|1e5|#REF!|(9)|--9|+-9|9,|9.|..5|1,5,5|9 5|9, 5|12,34,5|1.23.456"
    "|1 2345|1.234 567|1,234.567,8|1'234|½|٩|nan|inf|\u00ad9|9\u00ad5|m²|9²|９％|（９）"
)


@pytest.mark.parametrize("text", NO_NUMBERS.split("|"))
def test_a_text_that_is_no_number_is_not_taken_for_one(text):
    assert vi.read_number(text) is NoNumber.TEXT


@pytest.mark.parametrize("text", ["1.234", "1.000", "12.500", "100.000", "-1.234", f"{NBSP}1.234 "])
def test_a_single_dot_before_three_digits_is_ambiguous(text):
    assert vi.read_number(text) is NoNumber.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9", "9"),
        ("0", "0"),
        ("9,5", "9.5"),
        ("9.5", "9.5"),
        ("9,01", "9.01"),
        (".34", "0.34"),  # Lai Châu writes so (domain.md 6.1)
        (",34", "0.34"),
        ("1.2345", "1.2345"),
        ("0.500", "0.5"),  # no thousands begin with 0
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        (f"1{NBSP}234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("-9,5", "-9.5"),
        ("- 9,5", "-9.5"),
        ("\u22129,5", "-9.5"),  # a true minus sign
        ("+9,5", "9.5"),
        ("９，５", "9.5"),  # full-width, as an East Asian keyboard gives them
        ("\uff0d９．５", "-9.5"),
        ("9\u200c,5\u200d", "9.5"),  # joiners that nobody sees
        ("-.5", "-0.5"),
        (" 9,5\n", "9.5"),
        ("007", "7"),
    ],
)
def test_a_typed_number_is_read_as_a_person_means_it(text, number):
    assert vi.read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "comma", "dot"),
    [
        ("1.234", "1234", "1.234"),
        ("100.000", "100000", "100.000"),
        ("1,234", "1.234", "1234"),
        ("9,5", "9.5", None),
        ("9.5", None, "9.5"),
        ("1.234,5", "1234.5", None),
        ("1,234.5", None, "1234.5"),
        ("9", "9", "9"),
    ],
)
def test_the_books_decimal_mark_decides(text, comma, dot):
    for mark, number in (("phẩy", comma), ("chấm", dot)):
        assert vi.read_number(text, mark) == (Decimal(number) if number else NoNumber.TEXT)


@pytest.mark.parametrize(("text", "mark"), [("0.500", "phẩy"), ("0,125", "chấm"), ("0.125", "phẩy")])
def test_no_thousands_begin_with_zero_also_where_the_book_decides(text, mark):
    assert vi.read_number(text, mark) is NoNumber.TEXT


@pytest.mark.parametrize(("text", "holds"), [("123456789012345", True), ("1234567890123456", False)])
def test_more_than_15_digits_are_more_than_excel_holds(text, holds):
    assert (vi.read_number(text) == Decimal(text)) is holds
    assert (vi.read_number(f"0,{text[:-1]}") == Decimal(f"0.{text[:-1]}")) is holds


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        (8.999999999999998, "9"),  # what 9 becomes after a subtraction of fractions
        (9.000000000000002, "9"),
        (0.1 + 0.2, "0.3"),
        (79.99999999999999, "80"),
        (4.35 * 100, "435"),
        (8.99999999999999, "8.99999999999999"),  # 15 digits are kept
        (9.01, "9.01"),
        (56.165, "56.165"),
    ],
)
def test_a_stored_number_is_the_15_digits_that_excel_holds(stored, meant):
    assert vi.from_float(stored) == Decimal(meant)


# ------------------------------------------------------------------------------------- numbers that are shown


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("56.164", 2, "56.16"),
        ("56.165", 2, "56.17"),  # seeds 004 prints 56,17; the nearest double of 56.165 lies below it
        ("50.774", 2, "50.77"),
        ("50.775", 2, "50.78"),  # Bà Rịa - Vũng Tàu
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),  # and not the even neighbour
        ("-0.005", 2, "-0.01"),  # away from zero
        ("9", 2, "9"),
    ],
)
def test_rounding_is_half_up(value, places, expected):
    assert vi.rounded(Decimal(value), places) == Decimal(expected)
    assert vi.rounded(Fraction(value), places) == Decimal(expected)


@pytest.mark.parametrize(("value", "expected"), [(Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67"), (5, "5")])
def test_a_share_that_does_not_end_is_rounded_too(value, expected):
    assert vi.rounded(value, 2) == Decimal(expected)


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 4))
def test_rounding_moves_by_half_a_step_at_most(value, places):
    assert abs(vi.rounded(value, places) - value) * 2 <= Decimal(1).scaleb(-places)
    assert vi.rounded(Fraction(value), places) == vi.rounded(value, places)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("9.5"), "9,5"),
        (Decimal("9.50"), "9,5"),
        (Decimal(9), "9"),
        (9, "9"),
        (Decimal("100"), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.123456"), "0,123456"),  # ends within 6 places: whole
        (Fraction(1, 4), "0,25"),
        (Fraction(2086, 23), "90,7"),  # 90,6956…: half up to two places
        (Fraction(-1, 3), "-0,33"),
        (Decimal("-0.00"), "0"),
        (Decimal("-0"), "0"),
        (Fraction(-1, 1000000000), "0"),
    ],
)
def test_a_number_is_written_as_an_official_writes_it(value, written):
    assert vi.number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("56.165"), "56,17%"),
        (Decimal("50.775"), "50,78%"),
        (Fraction(1100, 14), "78,57%"),  # 11 of 14
        (Decimal("80"), "80%"),
        (Decimal("79.996"), "80%"),
        (Decimal("79.994"), "79,99%"),
        (Decimal("-0.001"), "0%"),
        (0, "0%"),
    ],
)
def test_a_percent_has_two_places_at_most(value, written):
    assert vi.percent(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("83.50"), "83.5"),
        (Decimal("1E+3"), "1000"),
        (Fraction(167, 2), "83.5"),
        (Fraction(2086, 23), "2086/23"),  # design, section 3
        (7, "7"),
        (Decimal("-0"), "0"),
    ],
)
def test_programs_get_the_exact_number(value, written):
    assert vi.exact(value) == written


@pytest.mark.parametrize(
    ("value", "decimal"),
    [
        (Fraction(1, 3), None),
        (Fraction(1, 6), None),
        (Fraction(1, 8), "0.125"),
        (Fraction(7, 125), "0.056"),
        (Fraction(-3, 8), "-0.375"),
        (Fraction(3, 1), "3"),
        (Decimal("1.10"), "1.1"),
        (3, "3"),
    ],
)
def test_a_fraction_is_finite_where_its_decimal_ends(value, decimal):
    assert vi.finite(value) == (None if decimal is None else Decimal(decimal))


@given(st.fractions(-1000, 1000, max_denominator=2000))
def test_a_finite_fraction_keeps_its_value(value):
    ends = vi.finite(value)
    assert ends is None or Fraction(ends) == value


@given(st.decimals(-(10**6), 10**6, places=5))
def test_what_is_written_as_an_official_writes_it_is_read_back(value):
    assert vi.read_number(vi.number(value), "phẩy") == value


def test_a_sum_with_more_digits_than_anybody_can_hold_is_shown_rounded() -> None:
    assert vi.number(Fraction(13) + Fraction(1, 10**300)) == "13"
    assert vi.finite(Fraction(13) + Fraction(1, 10**300)) is None
    assert vi.apart(Fraction(13) + Fraction(1, 10**300), Fraction(13)) == ("13", "13")
