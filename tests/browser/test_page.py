"""The report in a real browser: sort, filter, cards by keyboard, paper, dark, narrow, a hostile name; nothing from outside.

Playwright drives the system's Chromium (Debian: chromium; pip: playwright, without its own browsers).
"""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from builders import a_book, a_grid, run
from xeploai.pipeline import classify_files
from xeploai.report.html import page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not here: pip install playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not here: install Debian's chromium to run this test"),
]

SAMPLE = Path(__file__).parents[2] / "samples" / "tinh-mau-2016-2019.xlsx"
HEAD = "| Huyện | Đơn vị | TC1 | TC2.1 | TC2.2 |\n"
HOSTILE = [
    "<script>document.title='hỏng'</script>", "<img src=x onerror=document.title='hỏng'>", "{{ 7*7 }}", "=1+1",
    "Xã \u202eáb", "__proto__", "Xã " + "dài" * 100,
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    path = tmp_path_factory.mktemp("trang") / "tỉnh mẫu.html"
    path.write_text(page(classify_files([SAMPLE])), "utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    lines = "".join(f"| '{name}' | '{name}' | {9 + place} | 12 | 7 |\n" for place, name in enumerate(HOSTILE))
    path = tmp_path_factory.mktemp("trang") / "xấu.html"
    path.write_text(page(run(a_book(), a_grid(HEAD + lines))), "utf-8")
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """450 units × 60 criteria: 27,000 points, more than a page draws at once."""
    codes = [f"C{place}" for place in range(1, 61)]
    listed = "".join(f"  - {{mã: {code}, tên: Tiêu chí {code}, điểm tối đa: 10}}\n" for code in codes)
    rows = "".join(f"| Xã {place:03} | {' | '.join([str(place % 11)] * 60)} |\n" for place in range(450))
    book = a_book(criteria=f"tiêu chí:\n{listed}")
    path = tmp_path_factory.mktemp("trang") / "lớn.html"
    path.write_text(page(run(book, a_grid(f"| Đơn vị | {' | '.join(codes)} |\n{rows}"))), "utf-8")
    return path


@pytest.fixture
def opened(chromium):
    """Open a page in a window of its own; whatever it says on the console or asks for fails the test at the end."""
    contexts, said, asked = [], [], []

    def open_(path, width=1280, height=900, **how):
        context = chromium.new_context(viewport={"width": width, "height": height}, **how)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(path.as_uri())
        return shown

    yield open_
    for context in contexts:
        context.close()
    assert said == []
    assert len(asked) == len(contexts)  # each window asked for its own file and nothing else
    assert all(url.startswith("file:") and url.endswith(".html") for url in asked)


def names(shown):
    """The units that the ranking shows, from the top."""
    return shown.locator("#ranking tbody tr:visible th").all_inner_texts()


def column(shown, place):
    return shown.locator(f"#ranking tbody tr:visible > :nth-child({place})").all_inner_texts()


def test_the_ranking_sorts_by_mouse_and_by_keyboard_and_says_how(opened, province):
    shown = opened(province)
    points = column(shown, 4)
    assert (len(points), points[0]) == (130, "91")
    head = shown.locator("#ranking thead th").nth(3)
    assert head.get_attribute("aria-sort") is None
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    numbers = [float(word.replace(",", ".")) for word in column(shown, 4)]
    assert numbers == sorted(numbers)
    assert numbers != sorted(numbers, reverse=True)
    head.get_by_role("button").focus()
    shown.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(shown, 4)[:2] == ["91", "89,55"]
    assert shown.locator("#ranking thead th[aria-sort]").count() == 1
    assert column(shown, 3)[:2] == ["tốt", "tốt"]
    head.get_by_role("button").click()  # the lowest first
    shown.locator("#ranking thead th").nth(2).get_by_role("button").click()  # bands by their order, not by the alphabet
    assert list(dict.fromkeys(column(shown, 3))) == ["tốt", "khá", "trung bình"]


def test_the_filter_finds_names_without_accents_and_keeps_accents_apart(opened, province):
    shown = opened(province)
    status, form = shown.locator("#shown"), shown.locator("#filter")
    assert status.inner_text() == "Đang hiện 130/130 đơn vị."
    search = form.get_by_label("Tìm tên")
    search.fill("keo thot")
    sync_api.expect(status).to_have_text("Đang hiện 1/130 đơn vị.")
    assert names(shown) == ["Xã Keo Thọt"]
    search.fill("Keo Thót")
    sync_api.expect(status).to_have_text("Đang hiện 0/130 đơn vị.")
    search.fill("")
    form.get_by_label("Mức").select_option("trung bình")
    sync_api.expect(status).to_have_text("Đang hiện 7/130 đơn vị.")
    assert set(column(shown, 3)) == {"trung bình"}
    form.get_by_label("Danh hiệu").select_option(label="đạt Trong sạch, vững mạnh")
    sync_api.expect(status).to_have_text("Đang hiện 0/130 đơn vị.")
    form.get_by_role("button", name="Xoá lọc").click()
    sync_api.expect(status).to_have_text("Đang hiện 130/130 đơn vị.")
    form.get_by_label("Danh hiệu").select_option(label="đạt Trong sạch, vững mạnh")
    sync_api.expect(status).to_have_text("Đang hiện 75/130 đơn vị.")
    form.get_by_label("Nhóm").select_option("Thành phố Khoang Luốt")
    sync_api.expect(status).to_have_text("Đang hiện 8/130 đơn vị.")
    form.get_by_role("button", name="Xoá lọc").click()
    form.get_by_label("Cảnh báo").select_option("chan-chinh")
    sync_api.expect(status).to_have_text("Đang hiện 6/130 đơn vị.")


def test_heat_map_and_years_follow_the_filter_and_show_numbers_and_gaps(opened, province):
    shown = opened(province)
    assert shown.locator("#heat td").count() == 0  # drawn when it is looked at
    shown.locator("#ban-do").scroll_into_view_if_needed()
    sync_api.expect(shown.locator("#heat tbody tr")).to_have_count(130)
    assert re.fullmatch(r"\d+", shown.locator("#heat tbody td").first.inner_text())
    shown.get_by_role("button", name="Tiêu chí thành phần").click()
    assert "TC1.1" in shown.locator("#heat thead").inner_text()
    shown.locator("#cac-nam").scroll_into_view_if_needed()
    sync_api.expect(shown.locator("#years tbody tr")).to_have_count(130)
    assert shown.locator("#years thead th").all_inner_texts()[1:] == [str(year) for year in range(2011, 2020)]
    assert shown.locator("#years td.gap", has_text="chưa có số liệu").count() > 0
    shown.get_by_label("Tìm tên").fill("xa keo thot")
    sync_api.expect(shown.locator("#years tbody tr")).to_have_count(1)
    sync_api.expect(shown.locator("#heat tbody tr")).to_have_count(1)
    assert shown.locator("#years td .sr").all_inner_texts() == ["trung bình"] * 9  # nine years in a row, as flagged


def test_of_many_units_a_page_is_drawn_at_a_time(opened, large):
    shown = opened(large)
    assert shown.locator("#ranking tbody tr:visible").count() == 200
    pager = shown.locator("#ranking-pager")
    assert "1–200 trong 450 đơn vị" in pager.inner_text()
    assert pager.get_by_role("button", name="Trước").is_disabled()
    pager.get_by_role("button", name="Sau").click()
    shown.keyboard.press("Enter")  # the focus stays on the button
    assert "401–450 trong 450 đơn vị" in pager.inner_text()
    assert shown.locator("#ranking tbody tr:visible").count() == 50
    shown.locator("#ban-do").scroll_into_view_if_needed()
    sync_api.expect(shown.locator("#heat tbody tr")).to_have_count(100)
    assert shown.locator("#heat td").count() == 6000
    shown.get_by_label("Tìm tên").fill("xa 44")
    sync_api.expect(shown.locator("#shown")).to_have_text("Đang hiện 10/450 đơn vị.")
    assert len(names(shown)) == 10
    shown.emulate_media(media="print")
    assert len(names(shown)) == 10


def test_a_card_opens_and_closes_by_keyboard_and_the_focus_comes_back(opened, province):
    shown = opened(province)
    unit = shown.locator("#ranking").get_by_role("button", name="Xã Keo Thọt")
    unit.focus()
    shown.keyboard.press("Enter")
    card = shown.get_by_role("dialog", name="Xã Keo Thọt")
    sync_api.expect(card).to_be_visible()
    text = card.inner_text()
    for words in (
        "127/130",
        "60,45/100 điểm (60,45%)",
        "Đến mức khá: còn thiếu 4,55 điểm (ít nhất 65%).",
        "Phải làm",
        "TC1.1.",
    ):
        assert words in text
    assert "SỐ MINH HOẠ" in text
    assert "2011" in text
    shown.keyboard.press("Escape")
    sync_api.expect(card).to_be_hidden()
    assert shown.evaluate("document.activeElement.textContent") == "Xã Keo Thọt"
    shown.keyboard.press("Enter")
    shown.get_by_role("button", name="Đóng").click()
    assert shown.locator("dialog[open]").count() == 0


def test_the_findings_are_filtered_by_severity_and_code(opened, province):
    shown = opened(province)
    status = shown.locator("#findings-shown")
    assert status.inner_text() == "Đang hiện 217/217 phát hiện."
    shown.get_by_label("ghi chú (113)").uncheck()
    assert status.inner_text() == "Đang hiện 104/217 phát hiện."
    shown.get_by_label("Mã").select_option("kiem-diem")
    assert status.inner_text() == "Đang hiện 68/217 phát hiện."
    assert shown.locator(".found:visible tbody tr:visible").count() == 50
    shown.get_by_role("button", name="Hiện cả 68 dòng").click()
    assert shown.locator(".found:visible tbody tr:visible").count() == 68


def test_on_paper_there_are_headings_and_all_units_and_no_controls(opened, province):
    shown = opened(province)
    shown.emulate_media(media="print")
    assert shown.locator("#ranking tbody tr:visible").count() == 130
    for control in ("#filter", ".bar", "#finding-filter", ".skip"):
        assert shown.locator(control).is_hidden()
    assert shown.evaluate("getComputedStyle(document.querySelector('#ranking thead')).display") == "table-header-group"
    assert shown.locator(".found tbody tr:visible").count() == 217
    assert shown.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_printed_card_is_alone_on_portrait_paper(opened, province):
    shown = opened(province)
    shown.locator("#ranking [data-card]").first.click()
    pdf = shown.pdf(prefer_css_page_size=True)
    boxes = [tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)]
    assert 1 <= len(boxes) <= 3
    assert all(width < height for width, height in boxes)
    assert shown.locator("#sheets .card").count() == 0  # gone again after it


def test_the_cards_of_the_shown_units_are_printed_and_no_others(opened, province):
    shown = opened(province)
    shown.evaluate(
        """window.print = () => {
          window.dispatchEvent(new Event("beforeprint"));
          window.printed = [...document.querySelectorAll("#sheets h2")].map((each) => each.textContent);
          window.dispatchEvent(new Event("afterprint"));
        }"""
    )
    shown.get_by_label("Tìm tên").fill("keo luot")
    sync_api.expect(shown.locator("#shown")).not_to_have_text("Đang hiện 130/130 đơn vị.")
    units = names(shown)
    assert 1 < len(units) < 130
    shown.get_by_role("button", name=f"In {len(units)} phiếu đang hiện").click()
    assert shown.evaluate("window.printed") == units


def test_a_filtered_ranking_says_on_paper_that_it_is_a_part(opened, province):
    shown = opened(province)
    shown.emulate_media(media="print")
    assert shown.locator("#xep-hang .partial").is_hidden()
    shown.emulate_media(media="screen")
    shown.get_by_label("Tìm tên").fill("keo thot")
    sync_api.expect(shown.locator("#xep-hang .partial")).to_have_text("Theo bộ lọc: chỉ 1 trong 130 đơn vị.")
    shown.emulate_media(media="print")
    assert shown.locator("#xep-hang .partial").is_visible()
    assert shown.locator("#ranking tbody tr:visible").count() == 1


def luminance(rgb):
    """Relative luminance (WCAG 2): what is left of a colour in black and white."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", rgb)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_are_read_without_colours(opened, province, scheme):
    shown = opened(province, color_scheme=scheme)
    seen = shown.locator(".swatch:not(.gap)").evaluate_all(
        "all => all.map(each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color])"
    )
    assert len(seen) == 7 + 4  # steps of the heat map, bands
    grounds = [luminance(ground) for ground, _ in seen]
    for ground, ink in zip(grounds, (luminance(ink) for _, ink in seen), strict=True):
        light, dark = max(ground, ink), min(ground, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    steps = grounds[:7]
    assert steps == sorted(steps, reverse=scheme == "dark")
    assert all((max(a, b) + 0.05) / (min(a, b) + 0.05) > 1.12 for a, b in pairwise(steps))


def test_dark_by_the_system_and_by_the_switch(opened, province):
    ground = "getComputedStyle(document.body).backgroundColor"
    dark, light = opened(province, color_scheme="dark"), opened(province, color_scheme="light")
    of_dark, of_light = dark.evaluate(ground), light.evaluate(ground)
    assert of_dark != of_light
    light.get_by_role("button", name="Nền tối").click()
    assert light.evaluate(ground) == of_dark
    light.get_by_role("button", name="Nền sáng").click()
    assert light.evaluate(ground) == of_light
    dark.get_by_role("button", name="Nền sáng").click()
    assert dark.evaluate(ground) == of_light


@pytest.mark.parametrize("which", ["province", "hostile"])
def test_a_narrow_screen_never_scrolls_sideways(opened, request, which):
    shown = opened(request.getfixturevalue(which), width=360, height=740)
    for part in shown.locator("main > section").all():
        part.scroll_into_view_if_needed()
    sync_api.expect(shown.locator("#heat tbody tr").first).to_be_attached()
    wide = "document.documentElement.scrollWidth"
    assert shown.evaluate(wide) == 360
    shown.locator("#ranking [data-card]").first.click()
    assert shown.evaluate(wide) == 360
    assert shown.evaluate(
        "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"
    )


def test_a_hostile_name_is_text_in_ranking_heat_map_and_card(opened, hostile):
    shown = opened(hostile)
    told = [name.replace("\u202e", r"\x202e") for name in HOSTILE]
    assert sorted(names(shown)) == sorted(told)
    shown.locator("#ban-do").scroll_into_view_if_needed()
    sync_api.expect(shown.locator("#heat tbody th")).to_have_count(len(HOSTILE))
    assert sorted(shown.locator("#heat tbody th").all_inner_texts()) == sorted(told)
    for place in range(len(HOSTILE)):
        shown.locator("#ranking [data-card]").nth(place).click()
        assert shown.locator("dialog h2").inner_text() in told
        shown.keyboard.press("Escape")
    assert shown.title() == "Kết quả xếp loại: Bộ thử"
    assert shown.locator("main img, main script:not([type])").count() == 0


def test_without_scripts_the_result_stands_and_no_idle_button_does(opened, province):
    shown = opened(province, java_script_enabled=False)
    assert shown.locator("#ranking tbody tr").count() == 130
    assert shown.locator(".found tbody tr").count() == 217
    assert shown.get_by_text("Theo kết quả đánh giá năm 2019").is_visible()
    for idle in ("#filter", "#ban-do", ".tools", "#finding-filter"):
        assert shown.locator(idle).first.is_hidden()
