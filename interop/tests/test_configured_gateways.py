"""Gateways from webtrader.toml through the whole program: checked, opened, settled; and a bridge whose secret lies elsewhere."""

import json
import os
import subprocess
import urllib.error
import urllib.request

from processes import OurRun, OurTrader, OurWeb, Process, binary, refused_start, wait_for

TABLES = """
[[gateway]]
name = "DEMO"
kind = "simulated"
rate = 5.0

[[gateway]]
name = "CTP1"
kind = "veighna"
req_address = { file = "%s" }
sub_address = { env = "CTP1_SUB" }
"""


def ask(base: str, method: str, path: str, bearer: str = "", body: dict | None = None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/api/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def configured(home, monkeypatch):
    secret = home / "ctp1"
    secret.write_text("tcp://127.0.0.1:41997\n", "utf-8")
    (home / "webtrader.toml").write_text(TABLES % secret, "utf-8")
    monkeypatch.setenv("CTP1_SUB", "tcp://127.0.0.1:41998")


def check(home, **env: str) -> subprocess.CompletedProcess:
    environment = {**{name: value for name, value in os.environ.items() if name != "CTP1_SUB"}, **env}
    return subprocess.run([binary(), "check", "--config", home / "webtrader.toml", "--state", home / "state"],
                          cwd=home, env=environment, capture_output=True, text=True)


def test_the_file_has_the_gateways_and_a_simulated_one_is_settled(ours, home, monkeypatch):
    configured(home, monkeypatch)
    with OurRun(home, ["--config", home / "webtrader.toml"]) as run:
        _, session = ask(run.base, "POST", "/session", body={"username": run.user, "password": run.password})
        token = session["token"]
        gateways = wait_for("the link", lambda: (reply := ask(run.base, "GET", "/gateways", token))[0] == 200 and reply[1], 30, run)
        assert [gateway["name"] for gateway in gateways] == ["DEMO", "CTP1"], gateways
        assert [field["default"] for field in gateways[1]["form"]][:2] == ["tcp://127.0.0.1:41997", "tcp://127.0.0.1:41998"]
        assert ask(run.base, "GET", "/traders", token)[1][0]["simulated"] is False, "one of them may be a real market"
        assert ask(run.base, "POST", "/gateways/DEMO/settle", token)[0] == 202
        status, problem = ask(run.base, "POST", "/gateways/CTP1/settle", token)
        assert (status, problem["code"]) == (422, "refused"), problem
        wait_for("the settlement", lambda: any("结算" in row["msg"] for row in ask(run.base, "GET", "/logs", token)[1]["data"]), 30, run)


def test_check_names_what_is_wrong_and_shows_no_text_from_elsewhere(ours, home, monkeypatch):
    configured(home, monkeypatch)
    done = check(home, CTP1_SUB="tcp://127.0.0.1:41998")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DEMO: simulated exchange" in done.stdout and "4199" not in done.stdout, done.stdout
    done = check(home)
    assert done.returncode == 1 and "gateway CTP1: sub_address: the environment variable CTP1_SUB is not set" in done.stdout
    (home / "webtrader.toml").write_text('[[gateway]]\nname = "A"\nkind = "simulated"\nsped = 2\n', "utf-8")
    done = check(home)
    assert done.returncode == 1 and "line 4" in done.stdout and "sped" in done.stdout, done.stdout
    said = refused_start([*OurTrader.command(home), "--config", home / "webtrader.toml"], home)
    assert "line 4" in said and "sped" in said, said


def test_a_bridge_outside_of_our_state_folder_is_given_with_its_secret(ours, home):
    (home / "a").mkdir()
    (home / "b").mkdir()
    with OurTrader(home / "a") as trader:
        bridge = ["--bridge", f"unix:{home}/a/state/bridge.sock"]
        with OurWeb(home / "b", trader.rep, trader.pub, arguments=[*bridge, "--token-file", home / "a" / "state" / "bridge.token"]) as web:
            web.live()
        command = [binary(), "web", "--listen", "127.0.0.1:0", "--state", home / "b" / "state", *bridge]
        with Process("web", command, home / "b") as web:
            wait_for("it says what is missing", lambda: "wants a secret" in web.log(), 30, web)
