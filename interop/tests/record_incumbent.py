"""Write down what the incumbent answers: python record_incumbent.py <folder> [generation] [zh|en]

For people who want to read it; the differential test asks the incumbent itself each time.
"""

import json
import sys
import tempfile
from pathlib import Path

from cases import all_cases
from http_raw import get
from live import Reader, handshake
from processes import IncumbentWeb, VeighnaTrader
from recorder import Recorder, bad_tokens

HARMLESS = ["floats", "times", "strings", "extras", "missing_members", "all_enums", "numpy_floats", "double_max", "not_a_number"]
LISTS = ["/tick", "/order", "/trade", "/position", "/account", "/contract"]


def main(folder: Path, generation: str = "4.5", language: str = "zh") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        with VeighnaTrader(Path(home) / "t", generation, language=language) as trader:
            trader.ask("ticks", count=3)
            trader.ask("settle")
            with IncumbentWeb(Path(home) / "w", trader.rep, trader.pub, generation, language) as web:
                name = f"{generation}-{language}"
                recorder = Recorder(web.base, language)
                store(folder / f"http-{name}.json", record_http(recorder))
                if (generation, language) == ("4.5", "zh"):
                    store(folder / f"handshakes-{name}.json", record_handshakes(web.base, recorder.token))
                    store(folder / "openapi.json", get(web.base, "/openapi.json").text)
                    for page in ("docs", "redoc"):
                        (folder / f"{page}.html").write_bytes(get(web.base, f"/{page}").body)
                store(folder / f"ws-{name}.json", record_live(web.base, recorder.token, trader))
                lists = {route: get(web.base, route, recorder.token).text for route in LISTS}
                store(folder / f"lists-after-ws-{name}.json", lists)
                print(name, trader.ask("state")["rpc_thread_alive"])


def record_http(recorder: Recorder) -> list:
    out = []
    for case in all_cases():
        request = recorder.request(case)
        answer = recorder.record(case)
        headers = [[name, value.replace(recorder.token, "{token}")] for name, value in request.headers]
        body = request.body.decode("utf-8", "backslashreplace")
        asked = {"method": request.method, "target": request.target, "headers": headers, "body": body}
        out.append({"name": case.name, "request": asked, "answer": answer})
    return out


def record_handshakes(base: str, token: str) -> dict:
    targets = {"no token": "/ws/", "no slash": f"/ws?token={token}", "good": f"/ws/?token={token}", "unknown path": f"/x?token={token}"}
    targets |= {name: f"/ws/?token={value}" for name, value in bad_tokens(token).items() if value.isascii()}
    out = {name: handshake(base, target) for name, target in targets.items()}
    out["foreign origin"] = handshake(base, targets["good"], origin="https://evil.example")
    out["subprotocol"] = handshake(base, targets["good"], subprotocols=["x"])
    out["bearer header"] = handshake(base, "/ws/", additional_headers={"Authorization": f"Bearer {token}"})
    return out


def record_live(base: str, token: str, trader: VeighnaTrader) -> dict:
    out = {}
    with Reader(base, token) as reader:
        for name in HARMLESS:
            out[name] = reader.take(trader.ask("odd", name=name)["events"])
    return out


def store(path: Path, value) -> None:
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1), "utf-8", "surrogateescape")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
