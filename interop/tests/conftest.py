"""Fixtures: a home for the processes of a test, and their logs in the report where it fails."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import processes  # noqa: E402
from processes import ROOT  # noqa: E402


def pytest_sessionstart(session) -> None:
    """The environments must be there; making them costs nothing where they are."""
    made = subprocess.run([sys.executable, ROOT / "interop" / "setup_venvs.py"], check=False)
    if made.returncode != 0:
        pytest.exit("the virtual environments could not be made (see above)", returncode=2)


@pytest.fixture(autouse=True)
def no_process_survives():
    """Whatever a test started and did not end is killed after it."""
    processes.STARTED.clear()
    yield
    for process in processes.STARTED:
        process.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for process in processes.STARTED:
            report.sections.append((f"log of {process.name} ({process.log_path})", process.log()))
    return report


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path


@pytest.fixture
def ours() -> Path:
    """Our program; a test that needs it fails where it was not built."""
    path = processes.binary()
    assert path.exists(), f"{path} is not there: cargo build -p webtrader, or set WEBTRADER_BIN"
    return path
