#!/usr/bin/env python3
"""Make the virtual environments that the interop tests and the bench run VeighNa in.

    python3 interop/setup_venvs.py [name ...]      names: 4.3  4.5  tests  schemathesis

Needs nothing but Python 3.11 or newer with its venv module. Each environment lies under
`target/` and holds exactly the versions of its file in `interop/requirements/`; VeighNa is
installed without Qt (every file is a complete, frozen list, so pip resolves nothing).
A stamp of the inputs makes a second run cost nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "target"
REQUIREMENTS = {
    "tests": HERE / "requirements" / "tests.txt",
    "schemathesis": HERE / "requirements" / "schemathesis.txt",
    "4.3": HERE / "requirements" / "vnpy-4.3.txt",
    "4.5": HERE / "requirements" / "vnpy-4.5.txt",
}
# Proof that an environment works: these imports fail where a system library is missing.
IMPORTS = {
    "tests": "import pytest, requests, websockets, zmq",
    "schemathesis": "import schemathesis",
    "4.3": "import talib, zmq, uvicorn, jose, vnpy.trader.engine, vnpy_webtrader, vnpy_rpcservice, vnpy_sqlite",
    "4.5": "import talib, zmq, uvicorn, jose, vnpy.trader.engine, vnpy_webtrader, vnpy_rpcservice, vnpy_sqlite",
}
LAYOUT = "1"  # raise it to rebuild everybody's environments


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in REQUIREMENTS]
    if unknown:
        print(f"unknown environment {unknown[0]!r}; there are {', '.join(REQUIREMENTS)}", file=sys.stderr)
        return 2
    wanted = [name for name in REQUIREMENTS if not names or name in names]
    stale = [name for name in wanted if not is_current(name)]
    if not stale:
        return 0
    if problem := missing_prerequisite():
        print(f"setup_venvs: {problem}", file=sys.stderr)
        return 1
    TARGET.mkdir(exist_ok=True)
    pip = pip_of_the_tests_environment()
    if pip is None:
        return 1
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda name: build(name, pip), stale))
    return 0 if all(results) else 1


def folder(name: str) -> Path:
    return TARGET / f"venv-{name}"


def stamp(name: str) -> str:
    digest = hashlib.sha256()
    digest.update(REQUIREMENTS[name].read_bytes())
    digest.update(f"{LAYOUT} {sys.version_info[:2]} {sys.platform} {folder(name)}".encode())
    return digest.hexdigest()


def is_current(name: str) -> bool:
    try:
        return (folder(name) / "stamp").read_text() == stamp(name)
    except OSError:
        return False


def missing_prerequisite() -> str | None:
    """What the user has to install, as a sentence; installs python3-venv itself where it may (root on Debian)."""
    if sys.version_info < (3, 11):
        return f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}"
    if has_venv():
        return None
    package = f"python3.{sys.version_info[1]}-venv"
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        print(f"setup_venvs: installing {package}", file=sys.stderr)
        subprocess.run([apt, "install", "-y", "-qq", package], stdout=subprocess.DEVNULL, check=False)
        if has_venv():
            return None
    return f"Python's venv module is incomplete (no ensurepip). On Debian or Ubuntu: sudo apt install {package}"


def has_venv() -> bool:
    check = "import venv, ensurepip"
    return subprocess.run([sys.executable, "-c", check], stderr=subprocess.DEVNULL, check=False).returncode == 0


def pip_of_the_tests_environment() -> list[str] | None:
    """One environment gets a pip, which then fills all of them: making a pip is half the work of making a venv."""
    root = folder("tests")
    python = root / "bin" / "python"
    works = python.exists() and subprocess.run(
        [python, "-m", "pip", "--version"], capture_output=True, check=False
    ).returncode == 0
    if not works and not run([sys.executable, "-m", "venv", "--clear", str(root)], "tests"):
        return None
    return [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]


def build(name: str, pip: list[str]) -> bool:
    begun = time.monotonic()
    root = folder(name)
    if name != "tests" and not run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(root)], name
    ):
        return False
    python = str(root / "bin" / "python")
    install = ["install", "--no-deps", "--only-binary", ":all:", "--requirement", str(REQUIREMENTS[name])]
    if not run([*pip, "--python", python, *install], name):
        return False
    home = root / "home"  # importing vnpy makes a .vntrader folder in the home directory: not in the user's
    home.mkdir(exist_ok=True)
    if not run([python, "-c", IMPORTS[name]], name, env={**os.environ, "HOME": str(home)}):
        return False
    (root / "stamp").write_text(stamp(name))
    print(f"target/{root.name}: ready ({time.monotonic() - begun:.0f} s)", flush=True)
    return True


def run(command: list[str], name: str, env: dict[str, str] | None = None) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if done.returncode == 0:
        return True
    print(f"target/venv-{name}: failed: {' '.join(command)}", file=sys.stderr)
    print((done.stdout + done.stderr).strip(), file=sys.stderr)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
