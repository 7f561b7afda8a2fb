"""schemathesis reads our OpenAPI document, makes requests of all kinds of it, and finds nothing wrong with the answers.

Against the real binary with our own trading process and its simulated exchange. What it may expect besides the usual
stands in `settings()`, each with its reason.
"""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from processes import ROOT, OurRun, wait_for

SCHEMATHESIS = ROOT / "target" / "venv-schemathesis" / "bin" / "st"
SECONDS = 900
# Rules, venues and settings that no schema can say refuse with 422; a rule is no fault of the request's form.
RULES = ["orders.place", "orders.batch", "positions.close", "quotes.place", "gateways.connect", "gateways.disconnect", "bars.list",
         # Names and passwords are bounded in bytes, settings as a whole.
         "users.add", "users.change", "password.set", "settings.set"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with OurRun(tmp_path_factory.mktemp("schemathesis")) as run:
        yield run


def settings(home: Path, vt_symbol: str) -> Path:
    usual = '["2xx", "3xx", "401", "403", "404", "409", "429", "5xx"]'
    lines = [
        # Real instruments, so that requests come further than "not found".
        "[parameters]", f'vt_symbol = "{vt_symbol}"', "",
        "[checks.positive_data_acceptance]", f"expected-statuses = {usual}", "",
    ]
    for operation in RULES:
        lines += [
            "[[operations]]", f'include-operation-id = "{operation}"',
            f'checks.positive_data_acceptance.expected-statuses = {usual[:-1]}, "422"]', "",
        ]
    path = home / "schemathesis.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


def token(run: OurRun) -> str:
    body = json.dumps({"username": run.user, "password": run.password}).encode()
    request = urllib.request.Request(run.base + "/api/v1/session", body, {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["token"]


def contracts(run: OurRun, bearer: str) -> list[dict]:
    request = urllib.request.Request(run.base + "/api/v1/contracts", headers={"Authorization": bearer})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]


def judge(run: OurRun, bearer: str, *arguments: str) -> None:
    rows = wait_for("contracts", lambda: contracts(run, bearer))
    config = settings(run.home, rows[0]["vt_symbol"])
    # One worker: two threads in `ast.parse` at once end in Python 3.11's "AST constructor recursion depth mismatch".
    command = [SCHEMATHESIS, "--config-file", config, "run", run.base + "/openapi.json", "-H", f"Authorization: {bearer}",
               "--workers", "1", "--continue-on-failure", "--no-shrink", "--seed", "1", "--request-timeout", "30", *arguments]
    done = subprocess.run([str(part) for part in command], cwd=run.home, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:] + run.log()
    assert "Tested: 0" not in done.stdout


# The stream speaks WebSocket. The others could end the session of the test itself, or slow down further logins; they have
# their own.
SURFACE = ["--include-path-regex", "^/api/v1/", "--exclude-path", "/api/v1/stream", "--exclude-path", "/api/v1/session",
           "--exclude-path", "/api/v1/me/password", "--exclude-path", "/api/v1/me/sessions/{id}",
           "--exclude-path", "/api/v1/users/{name}"]


def test_the_full_surface(ours, run):
    judge(run, f"Bearer {token(run)}", *SURFACE, "--phases", "examples,coverage,fuzzing", "-n", "8")


def test_one_request_after_another(ours, run):
    # What one operation answers with goes into the next one: an order's id into its cancel, a name into its change.
    judge(run, f"Bearer {token(run)}", *SURFACE, "--phases", "stateful", "-n", "10")


def test_logging_in_and_out(ours, run):
    # Last: the wrong passwords slow down every further login, and users and sessions that are changed may be our own.
    last = f"Bearer {token(run)}"
    judge(run, f"Bearer {token(run)}", "--include-operation-id", "session.close",
          "--phases", "coverage", "-n", "5", "--exclude-checks", "ignored_auth,use_after_free")
    judge(run, f"Bearer {token(run)}", "--include-operation-id", "session.open", "--include-operation-id", "password.set",
          "--phases", "examples,coverage,fuzzing", "-n", "10")
    judge(run, last, "--include-operation-id", "users.change", "--include-operation-id", "users.remove",
          "--include-operation-id", "sessions.end", "--phases", "coverage,fuzzing", "-n", "8",
          "--exclude-checks", "ignored_auth,use_after_free")
