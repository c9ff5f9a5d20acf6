"""Printed copies are never stale: rules/README.md against the docstrings, the two READMEs against the commands."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xeploai import cli
from xeploai.book.load import shipped_books
from xeploai.report.handbook import handbook

ROOT = Path(__file__).parents[1]
MARK = "<!-- từ đây trở xuống in từ mã nguồn: pytest tests/test_docs.py --update -->\n"


def test_the_handbook_of_rules_is_what_the_code_says(pytestconfig):
    page = ROOT / "rules" / "README.md"
    written, _, printed = page.read_text("utf-8").partition(MARK)
    if pytestconfig.getoption("--update"):
        page.write_text(written + MARK + handbook() + "\n", "utf-8")
        return
    assert printed == handbook() + "\n", "run: pytest tests/test_docs.py --update"


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_every_command_that_a_readme_shows_exists(name):
    known = {*(command.name or command.callback.__name__ for command in cli.app.registered_commands), "rules"}
    shown = set(
        re.findall(r"^\s*(?:python3 -m pip install \. && )?xeploai ([a-z-]+)", (ROOT / name).read_text("utf-8"), re.M)
    )
    assert shown
    assert shown <= known


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_every_shipped_book_stands_in_the_readmes(name):
    text = (ROOT / name).read_text("utf-8")
    assert [code for code in shipped_books() if code not in text] == []


def test_every_option_has_help():
    for command in cli.app.registered_commands:
        page = CliRunner().invoke(cli.app, [command.callback.__name__, "--help"]).stdout
        for line in page.splitlines():
            assert not re.fullmatch(r"\s*(-\w, )?--[a-z-]+( \S+)?", line) or "--" not in line, line
