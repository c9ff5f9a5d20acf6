"""Shell comfort: the command to run next, completion by Tab, a folder for -o, how long it still takes; and explain --unit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from test_cli import GOOD, office, scores  # noqa: F401  office is a fixture
from xeploai.cli import commands, progress

SHOWN = "       → Chạy: xeploai "


def proposed(said: subprocess.CompletedProcess[str]) -> list[list[str]]:
    return [shlex.split(line.removeprefix(SHOWN)) for line in said.stderr.splitlines() if line.startswith(SHOWN)]


# ------------------------------------------------------------------------------- the command to run next


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", "khac-han.xlsx"],
        ["explain", "zzzz"],
        ["explain", "--unit", "Thành phố Xa", "diem.xlsx"],
        ["explain", "--unit", "Xã Ổm", "diem.xlsx"],  # only the kind is like «Xã Ná»
        ["what-if", "diem.xlsx", "--set", "xếp loạii=85%"],  # «xếp loại» alone would be no change
        ["classify"],
    ],
)
def test_where_nobody_can_tell_what_was_meant_no_command_is_proposed(xeploai, office, arguments):  # noqa: F811
    said = xeploai(*arguments, "--rules", "bo.yaml")
    assert said.returncode == 2
    assert proposed(said) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("clasify diem.xlsx --rules bo.yaml", "classify diem.xlsx --rules bo.yaml"),
        ("classify diem.xlsx --rule bo.yaml", "classify diem.xlsx --rules bo.yaml"),
        ("classify dien.xlsx --rules bo.yaml", "classify diem.xlsx --rules bo.yaml"),
        ("classify kho/dien.xlsx --rules bo.yaml", "classify kho/diem.xlsx --rules bo.yaml"),
        ("classify diem.xlsx --rules pappi", "classify diem.xlsx --rules papi"),
        ("explain dl5", "explain DL05"),
        ("explain --unit 'Xã Nảa' diem.xlsx --rules bo.yaml", "explain --unit 'Xã Nả' diem.xlsx --rules bo.yaml"),
    ],
)
def test_a_slip_is_answered_with_the_whole_right_command(xeploai, office, typed, meant):  # noqa: F811
    scores(office / "kho" / "diem.xlsx")
    said = xeploai(*shlex.split(typed))
    assert (said.returncode, proposed(said)) == (2, [shlex.split(meant)])
    assert "--help" not in said.stderr  # the command to run is better advice


def test_where_no_command_is_proposed_the_help_is(xeploai, office):  # noqa: F811
    assert "--help" in xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "--hidden", "giấu").stderr


def test_the_command_for_an_old_result_that_stands_in_the_way_is_the_same_with_force(xeploai, office):  # noqa: F811
    command = ["classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "kết quả.xlsx"]
    assert xeploai(*command).returncode == 0
    again = xeploai(*command)
    assert (again.returncode, proposed(again)) == (2, [[*command, "--force"]])
    assert xeploai(*proposed(again)[0]).returncode == 0


def test_a_name_with_an_escape_sequence_is_shown_and_not_obeyed(xeploai, office):  # noqa: F811
    assert "\x1b" not in xeploai("classify", "dien\x1b[31m.xlsx", "--rules", "pappi").stderr


# ------------------------------------------------------------------------------------------- explain --unit


def test_the_whole_derivation_of_a_unit_stands_on_one_screen(xeploai, office):  # noqa: F811
    flags = "cảnh báo:\n  - {mã: kiem-diem, loại: điểm thấp, không quá: 9 điểm, phải làm: Kiểm điểm, căn cứ: Điều 5}\n"
    flags += "danh hiệu:\n  - {tên: Vững mạnh, xếp loại ít nhất: khá, mọi tiêu chí trên: 9 điểm}\n"
    with open(office / "bo.yaml", "a", encoding="utf-8") as book:
        book.write(flags)
    said = xeploai("explain", "--unit", "nả", "diem.xlsx", "--rules", "bo.yaml")
    assert said.returncode == 0, said.stderr
    for words in (
        "Xã Nả (Huyện A) · trung bình · 25/40 điểm (62,5%) · hạng 2/2",
        "- 25/40 điểm (62,5%): xếp loại trung bình (ít nhất 50%)",
        "- Mức trên, khá: còn thiếu 1 điểm (ít nhất 65%)",  # 65 % of 40 is 26
        "Danh hiệu «Vững mạnh»: không đạt",
        "- không đạt: xếp loại trung bình, cần khá trở lên",
        "- không đạt: TC1 9 điểm, cần trên 9 điểm",
        "Cảnh báo kiem-diem: Xã Nả (Huyện A): TC1",
        "- Phải làm: Kiểm điểm",
        "- Căn cứ: Điều 5",
    ):
        assert words in said.stdout
    rows = [" ".join(line.split()) for line in said.stdout.splitlines()]
    assert any(row.endswith("9 20 11 45 13,5 D4") for row in rows), rows  # mean of 18 and 9
    assert any(row.startswith("TỔNG ĐIỂM 25 40 15 62,5 30,5") for row in rows), rows  # of 36 and 25


@pytest.mark.parametrize("name", ["Xã Na", "na"])
def test_a_name_that_may_be_two_units_is_asked_about(xeploai, office, name):  # noqa: F811
    said = xeploai("explain", "--unit", name, "diem.xlsx", "--rules", "bo.yaml")
    assert said.returncode == 2
    assert "là 2 đơn vị: «Xã Ná (Huyện A)»; «Xã Nả (Huyện A)»" in said.stderr


@pytest.mark.parametrize("name", ["", "  "])
def test_no_name_is_nobodys_name_though_units_have_no_codes(xeploai, office, name):  # noqa: F811
    said = xeploai("explain", "--unit", name, "diem.xlsx", "--rules", "bo.yaml")
    assert said.returncode == 2
    assert "Không có đơn vị «»" in said.stderr


@pytest.mark.parametrize("command", ["explain", "what-if"])
def test_a_page_about_one_unit_tells_the_errors_in_the_data_too(xeploai, office, command):  # noqa: F811
    asked = [command, "--unit", "Xã Nả", "--rules", "bo.yaml", "diem.xlsx"]
    well = xeploai(*asked)
    assert (well.returncode, well.stderr) == (0, "")
    (office / "hong.xlsx").write_text("không phải bảng tính")
    said = xeploai(*asked, "hong.xlsx")
    assert (said.returncode, said.stdout) == (1, well.stdout)
    assert "lỗi DL02  «hong.xlsx»" in said.stderr


@pytest.mark.parametrize(("command", "own"), [("explain", 0), ("what-if", 1)])
def test_a_page_about_one_unit_counts_the_errors_of_the_others(xeploai, office, command, own):  # noqa: F811
    """The page of explain tells the unit's own error with its cell; what-if has no place for it. 1 all the same."""
    scores(office / "diem.xlsx", [*GOOD, [3, "Huyện A", "Xã Nạ", None, 8, 8], [4, "Huyện A", "Xã Nấ", "x", 8, 99]])
    said = xeploai(command, "--unit", "Xã Nạ", "--rules", "bo.yaml", "diem.xlsx")
    assert (said.returncode, said.stderr.count("DL20"), "Xã Nấ" in said.stderr) == (1, own, False)
    assert said.stderr.splitlines()[-1] == "… và 2 lỗi của đơn vị khác, xem bằng xeploai check."
    assert "TC1" in said.stdout
    well = xeploai(command, "--unit", "Xã Ná", "--rules", "bo.yaml", "diem.xlsx")
    assert (well.returncode, well.stderr) == (1, "… và 3 lỗi của đơn vị khác, xem bằng xeploai check.\n")


def test_a_score_sheet_in_place_of_a_code_is_answered_with_the_option(xeploai, office):  # noqa: F811
    assert "--unit" in xeploai("explain", "diem.xlsx").stderr


# ------------------------------------------------------------------------------------ completion, -o, progress


def completed(*words: str) -> list[str]:
    """What the shell would offer for the last of these words."""
    env = {
        **os.environ,
        commands.COMPLETE: "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run([sys.executable, "-m", "xeploai"], env=env, capture_output=True, text=True, check=False)
    return done.stdout.split()


def test_tab_completes_commands_options_and_rule_books():
    assert completed("xeploai", "zz") == []
    assert completed("xeploai", "cla") == ["classify"]
    assert completed("xeploai", "classify", "--anno") == ["--annotate"]
    assert completed("xeploai", "classify", "x.xlsx", "--rules", "par") == ["par-index-huyen", "par-index-tinh"]


def test_what_a_shell_needs_for_it_is_printed_for_every_known_shell(xeploai):
    for shell in ("bash", "zsh", "fish", "powershell", "pwsh"):
        assert commands.COMPLETE in xeploai("completion", shell).stdout
    said = xeploai("completion", "tcsh")
    assert (said.returncode, "bash, zsh, fish" in said.stderr) == (2, True)


def test_a_folder_takes_the_result_under_its_usual_name(xeploai, office):  # noqa: F811
    (office / "kết quả").mkdir()
    assert xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "kết quả").returncode == 0
    assert [path.name for path in (office / "kết quả").iterdir()] == ["diem-ket-qua.xlsx"]


def test_a_folder_takes_the_trial_too(xeploai, office):  # noqa: F811
    (office / "thử").mkdir()
    asked = ["what-if", "diem.xlsx", "--rules", "bo.yaml", "--set", "xếp loại.khá=70%", "-o", "thử"]
    assert xeploai(*asked).returncode == 0
    assert [path.name for path in (office / "thử").iterdir()] == ["diem-thu.xlsx"]
    again = xeploai(*asked)
    assert (again.returncode, again.stdout, proposed(again)) == (2, "", [[*asked, "--force"]])


@pytest.mark.parametrize(
    ("options", "clash"),
    [
        (["-o", "a.xlsx", "--html", "a.xlsx"], "-o và --html"),
        (["--json", "b", "--annotate", "./b"], "--json và --annotate"),
    ],
)
def test_two_results_never_share_one_file(xeploai, office, options, clash):  # noqa: F811
    said = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", *options)
    assert (said.returncode, clash in said.stderr) == (2, True)


def test_the_rest_of_long_work_is_estimated_once_enough_is_done():
    progress.estimate(0, 0, 0.0)
    assert progress.estimate(1, 100, 10.0) == ""  # it begins
    assert progress.estimate(20, 100, 12.9) == ""
    assert progress.estimate(20, 100, 13.0) == " · còn khoảng 12 giây"  # 3 s for 20, so 12 s for 80
    assert progress.estimate(50, 100, 210.0) == " · còn khoảng 3 phút"
    assert progress.estimate(100, 100, 300.0) == ""


@pytest.mark.parametrize("linked", [False, True])
def test_a_result_that_goes_through_a_link_says_where_it_lies(xeploai, office, linked):  # noqa: F811
    (office / "kho").mkdir()
    if linked:
        (office / "kq.xlsx").symlink_to("kho/2019.xlsx")
    said = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "kq.xlsx")
    assert said.returncode == 0
    assert ("(liên kết tới " in said.stderr, (office / "kho" / "2019.xlsx").exists()) == (linked, linked)


# ----------------------------------------------------------------------------------------- letters, all or nothing


def test_a_letter_that_is_there_already_stops_the_run_before_anything_is_written(xeploai, office):  # noqa: F811
    (office / "thu").mkdir()
    (office / "thu" / "1 Tờ trình.docx").write_text("của người khác", "utf-8")
    asked = ["classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "kq.xlsx", "--letters", "thu"]
    said = xeploai(*asked)
    assert said.returncode == 2
    assert "DL90" in said.stderr
    assert not (office / "kq.xlsx").exists()
    assert [each.name for each in (office / "thu").iterdir()] == ["1 Tờ trình.docx"]
    assert xeploai(*asked, "--force").returncode == 0
    assert (office / "kq.xlsx").exists()


def test_the_result_and_the_folder_of_letters_are_two_names(xeploai, office):  # noqa: F811
    said = xeploai("classify", "diem.xlsx", "--rules", "bo.yaml", "-o", "chung", "--letters", "chung")
    assert said.returncode == 2
    assert "DL93" in said.stderr
    assert "--letters cần thư mục" in said.stderr
    assert not (office / "chung").exists()
