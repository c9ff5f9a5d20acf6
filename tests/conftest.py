"""Fixtures: the acceptance workbooks beside the repository, and the command line in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The gate tries the same examples every time and never times one; XEPLOAI_EXPLORE=1 looks for new ones.
settings.register_profile("gate", derandomize=not os.environ.get("XEPLOAI_EXPLORE"), deadline=None, print_blob=True)
settings.load_profile("gate")

SHARED = Path(__file__).parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutations", default=5000, type=int, help="how many damaged files and books the fuzzer tries")
    parser.addoption(
        "--fuzz-seed", default=1, type=int, help="the fuzzer's seed; the same seed damages in the same way"
    )
    parser.addoption(
        "--update", action="store_true", help="write golden files and printed tables anew, then read the diff"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `libreoffice` need the program; they are skipped aloud where it is absent (.ci/run installs it)."""
    if item.get_closest_marker("libreoffice") and not shutil.which("soffice"):
        pytest.skip("soffice is not here: install libreoffice-calc to run this test")


@pytest.fixture
def shared() -> Path:
    """The folder of acceptance workbooks beside the repository; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: the acceptance workbooks are not part of this repository")
    return SHARED


@pytest.fixture
def xeploai(tmp_path: Path) -> Any:
    """Run the command line in a process of its own, in tmp_path: xeploai("classify", …) → CompletedProcess with text."""

    def call(*arguments: object, **how: Any) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200", "NO_COLOR": "1", **how.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "xeploai", *map(str, arguments)],
            capture_output=True, encoding="utf-8", cwd=how.pop("cwd", tmp_path), env=env, check=False, **how,
        )  # fmt: skip

    return call
