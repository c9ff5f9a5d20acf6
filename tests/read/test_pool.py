"""Many files, several processes: the same outcome whoever is faster, and limits that nothing gets past."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from read.handmade import cell, row, sheet_part
from xeploai import read
from xeploai.findings import Unusable
from xeploai.read import limits, link, pool

ROOT = Path(read.__file__).parents[2]

# A worker made up for a test: it comes up, and answers every file as `answer(path, share, of)` says.
FAKE = """\
import marshal, os, signal, sys, time
sys.path[:], _ = marshal.load(sys.stdin.buffer)
from xeploai.read import frames, limits
out = sys.stdout.buffer
{answer}
limits.confine()
frames.send(out, ("ready",))
while (message := frames.receive(sys.stdin.buffer)) is not None:
    limits.start_clock()
    for frame in answer(os.path.basename(message[1]).decode(), *message[2:]):
        frames.send(out, frame)
"""
FACTS = {
    "name": "S", "visible": True, "top": 0, "left": 0, "marks": [], "merged": [], "hidden_rows": [], "hidden_columns": [],
}  # fmt: skip


@pytest.fixture
def fake(monkeypatch):
    """fake(answer, start): reading processes do this instead."""

    def use(answer="", start=""):
        script = start + f"\nFACTS = {FACTS!r}\n" + FAKE.format(answer=answer)
        monkeypatch.setattr(link, "command", lambda: [sys.executable, "-c", script])

    return use


@pytest.fixture
def files(tmp_path):
    """files(n): n files of a byte, 00.xlsx …"""

    def make(count):
        paths = [tmp_path / f"{number:02}.xlsx" for number in range(count)]
        for path in paths:
            path.write_bytes(b"x")
        return paths

    return make


def told(results):
    """The value in A1 of each file, or the words with which it is refused."""
    return [source.grids[0].rows[0][0] if source else said[-1].message for source, said in results]


def several(monkeypatch, count):
    monkeypatch.setattr(pool, "processors", lambda: count)
    monkeypatch.setattr(pool, "WORTH", 1)


# ------------------------------------------------------------------------------- the order, and who reads

LATE_FIRST = """\
def answer(name, share, of):
    number = int(name[:2])
    time.sleep(0.2 if number == 0 else 0)
    yield "rows", [[float(number)]], []
    yield "sheet", FACTS
    yield "done", ""
"""


def test_results_come_in_the_given_order_whatever_is_ready_first(fake, files, monkeypatch):
    several(monkeypatch, 2)
    fake(LATE_FIRST)
    assert told(read.read(files(12))) == [float(number) for number in range(12)]


def test_each_process_takes_the_next_file_when_it_is_free(fake, files, monkeypatch):
    several(monkeypatch, 2)
    fake(LATE_FIRST.replace("float(number)", "float(os.getpid())").replace("0.2", "1"))
    who = told(read.read(files(12)))
    assert len(set(who)) == 2
    assert who.count(who[0]) <= pool.DEPTH  # the slow one has what waited for it from the beginning, and no more


def test_files_that_are_worth_no_second_process_are_read_by_one(fake, files, monkeypatch):
    monkeypatch.setattr(pool, "processors", lambda: 4)
    fake(LATE_FIRST.replace("float(number)", "float(os.getpid())").replace("0.2", "0"))
    assert len(set(told(read.read(files(6))))) == 1


def outcome(paths):
    return [
        (source and (source.name, source.sha256, [(g.sheet, g.rows, g.top, g.left) for g in source.grids]), said)
        for source, said in read.read(paths)
    ]


def test_one_two_and_four_processes_tell_the_same(book, tmp_path, monkeypatch):
    rows = "".join(row(cell(f"B{n}", f"<v>{n}.25</v>"), number=n) for n in range(3, 400))
    paths = [book(rows, row(cell("A1", f"<v>{n}</v>")), rows, name=f"{n}.xlsx") for n in range(9)]
    paths[3].write_bytes(b"%PDF-1.7")
    paths[5].write_bytes(paths[5].read_bytes()[:-100])
    paths.insert(4, book(rows, "<row", "<row", rows, name="hai-phan-hong.xlsx"))
    paths.append(book(rows, rows, "<row", "<row", name="hai-phan-hong-khac.xlsx"))
    paths.insert(7, book(rows, rows, name="sai-duoi.xls"))
    monkeypatch.setattr(pool, "LARGE", 1)  # all in halves
    found = []
    for count in (1, 2, 4):
        several(monkeypatch, count)
        found.append(outcome(paths))
    assert found[0] == found[1] == found[2]
    assert [bool(source) for source, _ in found[0]] == [True] * 3 + [False] * 2 + [True, False, *[True] * 4, False]
    assert "sheet2.xml" in found[0][4][1][0].message  # the first of the two in the workbook's order, by either half
    assert "sheet3.xml" in found[0][11][1][0].message


# --------------------------------------------------------------------------------- deaths and silence


def test_a_process_killed_from_outside_costs_only_its_file(fake, files, monkeypatch):
    several(monkeypatch, 1)
    fake("""\
def answer(name, share, of):
    if name.startswith("01"):
        time.sleep(60)
    yield "rows", [[1.0]], []
    yield "sheet", FACTS
    yield "done", ""
""")
    results = read.read(files(4))
    first = next(results)
    time.sleep(0.3)
    (pid,) = children()
    os.kill(pid, signal.SIGKILL)
    assert told([first, *results]) == [
        1.0,
        "Không đọc được «01.xlsx»: trình đọc dừng giữa chừng, tín hiệu SIGKILL.",
        1.0,
        1.0,
    ]


def children():
    return [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def test_a_process_that_comes_up_at_the_third_try_reads_all(fake, files, tmp_path, monkeypatch):
    several(monkeypatch, 1)
    tries = f"open({str(tmp_path / 'lan')!r}, 'ab+')"
    fake(
        LATE_FIRST,
        start=f"import sys\nwith {tries} as file:\n    file.write(b'x')\n    if file.tell() < 3: sys.exit(5)",
    )
    assert told(read.read(files(3))) == [0.0, 1.0, 2.0]
    assert (tmp_path / "lan").read_bytes() == b"xxx"


def test_every_process_has_its_three_tries(fake, files, tmp_path, monkeypatch):
    several(monkeypatch, 1)
    start = f"""\
import os, sys
with open({str(tmp_path / "lan")!r}, "ab+") as file:
    file.write(b"x")
    if file.tell() in (1, 2, 4, 5): sys.exit(5)
"""
    fake(LATE_FIRST.replace("    number = int", "    name.startswith('01') and os._exit(7)\n    number = int"), start)
    results = told(read.read(files(4)))
    assert results[0::2] == [0.0, 2.0]
    assert results[3] == 3.0
    assert results[1].endswith("dừng giữa chừng, mã thoát 7.")


def test_a_process_that_never_comes_up_is_tried_three_times_and_told_of_every_file(fake, files, tmp_path, monkeypatch):
    several(monkeypatch, 1)
    fake(start=f"import sys\nopen({str(tmp_path / 'lan')!r}, 'ab').write(b'x')\nsys.exit(5)")
    messages = told(read.read(files(9)))
    assert (tmp_path / "lan").read_bytes() == b"xxx"
    assert messages[8] == (
        "Không đọc được «08.xlsx»: trình đọc dừng giữa chừng, "
        "tiến trình đọc không khởi động được, đã thử 3 lần: mã thoát 5."
    )


def test_a_process_that_never_answers_is_ended(fake, files, monkeypatch):
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.SECONDS, "1")
    fake("""\
def answer(name, share, of):
    if name.startswith("00"):
        time.sleep(60)
    yield "rows", [[1.0]], []
    yield "sheet", FACTS
    yield "done", ""
""")
    begun = time.monotonic()
    messages = told(read.read(files(2)))
    assert messages[0].endswith("dừng giữa chừng, không trả lời trong 3 giây (nâng bằng XEPLOAI_READ_SECONDS).")
    assert messages[1] == 1.0
    assert time.monotonic() - begun < 20


def test_a_process_that_stays_silent_from_the_start_is_ended_once(files, monkeypatch):
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.SECONDS, "1")
    monkeypatch.setattr(link, "command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    begun = time.monotonic()
    assert all("không trả lời trong 3 giây" in message for message in told(read.read(files(2))))
    assert time.monotonic() - begun < 15


# ------------------------------------------------------------------------------------------- time

BUSY = """\
def answer(name, share, of):
    until = time.process_time() + (60 if name.startswith("00") else 0.6)
    while time.process_time() < until:
        pass
    yield "rows", [[1.0]], []
    yield "sheet", FACTS
    yield "done", ""
"""


def test_a_file_may_take_its_seconds_and_no_more(fake, files, monkeypatch):
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.SECONDS, "1")
    fake(BUSY)
    messages = told(read.read(files(4)))
    assert messages[0] == (
        "Không đọc được «00.xlsx»: trình đọc dừng giữa chừng, quá 1 giây (nâng bằng XEPLOAI_READ_SECONDS)."
    )
    assert messages[1:] == [1.0, 1.0, 1.0]  # 1.8 seconds together: each has a clock of its own


def test_time_in_which_nobody_takes_the_frames_does_not_count(large_book, monkeypatch):
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.SECONDS, "1")
    monkeypatch.setattr(pool, "KEPT", 1000)
    read.ahead([large_book, large_book.with_name("hai.xlsx")])
    time.sleep(4)  # more than silence, too
    assert [
        source and len(source.grids) for source, _ in read.read([large_book, large_book.with_name("hai.xlsx")])
    ] == [2, 2]


@pytest.fixture
def large_book(book):
    """A workbook that fills the pipe, so that the reading process waits for its reader; and the same once more."""
    rows = "".join(
        row(*(cell(f"{'ABCDEFGH'[c]}{n}", f"<v>{n}.5</v>") for c in range(8)), number=n) for n in range(1, 16001)
    )
    book(rows, rows, name="hai.xlsx")
    return book(rows, rows, name="lon.xlsx")


# ----------------------------------------------------------------------------------------- memory

GREEDY = """\
def answer(name, share, of):
    held = bytearray((120 if name.startswith("00") else 10) << 20)
    for place in range(0, len(held), 4096):
        held[place] = 1
    time.sleep(2 if name.startswith("00") else 0)
    yield "rows", [[1.0]], []
    yield "sheet", FACTS
    yield "done", ""
"""


def test_the_system_refuses_more_memory(book, files, monkeypatch):
    """The true reader on a workbook that is small and wants 200 MB."""
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.MEGABYTES, "100")
    part = (
        sheet_part(row(cell("A1", "<v>1</v>"))).encode().replace(b"</sheetData>", b" " * (200 << 20) + b"</sheetData>")
    )
    results = list(read.read([book(part, name="phong.xlsx"), book(row(cell("A1", "<v>7</v>")), name="tot.xlsx")]))
    assert results[0][1][0].code == "DL07"
    assert "quá 100 MB bộ nhớ (nâng bằng XEPLOAI_READ_MB)" in results[0][1][0].message
    assert results[1][0].grids[0].rows == [[7.0]]


def test_where_the_system_does_not_the_parent_does(fake, files, monkeypatch):
    several(monkeypatch, 1)
    monkeypatch.setenv(limits.MEGABYTES, "80")
    monkeypatch.setattr(limits, "SYSTEM_LIMITS_MEMORY", False)
    fake("limits.SYSTEM_LIMITS_MEMORY = False\n" + GREEDY)
    messages = told(read.read(files(2)))
    assert messages[0].endswith("dừng giữa chừng, quá 80 MB bộ nhớ (nâng bằng XEPLOAI_READ_MB).")
    assert messages[1] == 1.0


def test_ps_tells_what_proc_tells():
    if not Path("/bin/ps").exists():
        pytest.skip("no ps here")
    assert limits._resident_by_ps(os.getpid()) == pytest.approx(limits.resident(os.getpid()), rel=0.2)
    assert limits._resident_by_ps(2**22 + 1) == limits.resident(2**22 + 1) == 0


def test_a_worn_process_steps_down_and_costs_no_file(fake, files, monkeypatch):
    several(monkeypatch, 1)
    fake(
        "served = []\n"
        + LATE_FIRST.replace(
            "    number = int", "    served.append(name)\n    if len(served) > 2: os._exit(0)\n    number = int"
        )
    )
    assert told(read.read(files(9))) == [float(number) for number in range(9)]


LATE_REFUSAL = """\
def answer(name, share, of):
    rows = [[None] * 1000 for _ in range(1000)]
    for _ in range(600):
        yield "rows", rows, []
    yield "sheet", FACTS
    yield "refused", "DL03", {"reason": "phần cuối hỏng"}
"""


def test_a_file_that_is_refused_late_does_not_fill_the_parent(tmp_path):
    """600 MB of frames, 5 GB once unpacked, of which nothing may stay."""
    script = tmp_path / "cha.py"
    worker = f"FACTS = {FACTS!r}\n" + FAKE.format(answer=LATE_REFUSAL)
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom xeploai import read\nfrom xeploai.read import link\n"
        f"link.command = lambda: [sys.executable, '-c', {worker!r}]\n"
        f"open({str(tmp_path / 'a.xlsx')!r}, 'wb').write(b'x')\n"
        f"((source, said),) = read.read([Path({str(tmp_path / 'a.xlsx')!r})])\n"
        "peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "print(source, said[0].code, int(peak) >> 10)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script], check=False, capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.stderr == ""
    source, code, peak = done.stdout.split()
    assert (source, code) == ("None", "DL03")
    assert int(peak) <= 300


def test_what_memory_should_not_hold_comes_back_from_the_disk(large_book, monkeypatch):
    usual = outcome([large_book])
    for name in ("KEPT", "EAGER"):
        monkeypatch.setattr(pool, name, 1000)
    assert outcome([large_book]) == usual
    assert usual[0][0][2][1][1][15999][0] == 16000.5


# ------------------------------------------------------------------------------------ the variables


@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "1.5", "63", "٣٠٠", "9" * 40])
def test_a_limit_that_is_none_is_told(files, monkeypatch, wrong):
    monkeypatch.setenv(limits.MEGABYTES, wrong)
    with pytest.raises(Unusable) as trouble:
        list(read.read(files(1)))
    assert "XEPLOAI_READ_MB phải là số nguyên từ 64 đến 9999999" in trouble.value.findings[0].message


def test_unset_limits_are_the_usual_ones(monkeypatch):
    monkeypatch.delenv(limits.MEGABYTES, raising=False)
    monkeypatch.setenv(limits.SECONDS, "")
    assert (limits.megabytes(), limits.seconds(), limits.mistaken()) == (1024, 20, "")


# ---------------------------------------------------------------------------------- the head start


def test_what_will_be_read_is_read_ahead_and_what_will_be_written_is_not(tmp_path, monkeypatch):
    from xeploai import __main__ as door

    monkeypatch.chdir(tmp_path)
    for name in ("a.xlsx", "b.XLS", "c.ods", "ra.xlsx", "cu.xlsx", "bo.yaml"):
        (tmp_path / name).write_bytes(b"x")
    for name in ("phieu", "classify", "thu"):
        (tmp_path / name).mkdir()
    given = []
    monkeypatch.setattr(pool, "ahead", given.extend)
    words = (
        "classify a.xlsx b.XLS phieu --rules bo.yaml -o ra.xlsx --history cu.xlsx --letters thu c.ods --json ra.xlsx"
    )
    door._head_start(words.split())
    assert given == ["a.xlsx", "b.XLS", "phieu", "cu.xlsx", "c.ods"]
