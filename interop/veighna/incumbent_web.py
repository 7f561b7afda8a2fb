"""The incumbent: vnpy_webtrader's FastAPI process under uvicorn with uvloop and httptools, its best.

    HOME=<dir> python incumbent_web.py --req tcp://... --sub tcp://... [--port 0] [--username vnpy] [--password vnpy]

Writes `web_trader_setting.json` into `$HOME/.vntrader` as VeighNa's own window does, starts the
unchanged `vnpy_webtrader.web:app`, and prints `{"ready": true, "port": ...}`.
`--log` writes uvicorn's access log (stderr), `--loop asyncio` and `--http h11` choose the plain stack.
"""

import argparse
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import control  # noqa: E402

ANSWERS = control.take_stdout()


def main() -> None:
    options = arguments()
    home = Path(os.environ["HOME"])
    write_setting(home, options)
    os.chdir(home)
    import uvicorn  # after chdir: vnpy takes its folder when it is imported

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    config = uvicorn.Config(
        "vnpy_webtrader.web:app", loop=options.loop, http=options.http,
        access_log=options.log, log_level="info" if options.log else "warning",
    )
    server = uvicorn.Server(config)
    threading.Thread(target=serve_control, args=(server, listener.getsockname()[1]), daemon=True).start()
    server.run(sockets=[listener])
    os._exit(0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--req", required=True)
    parser.add_argument("--sub", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--username", default="vnpy")
    parser.add_argument("--password", default="vnpy")
    parser.add_argument("--loop", default="uvloop")
    parser.add_argument("--http", default="httptools")
    parser.add_argument("--log", action="store_true")
    return parser.parse_args()


def write_setting(home: Path, options: argparse.Namespace) -> None:
    folder = home / ".vntrader"
    folder.mkdir(parents=True, exist_ok=True)
    setting = {
        "username": options.username, "password": options.password,
        "req_address": options.req, "sub_address": options.sub,
        "host": "127.0.0.1", "port": str(options.port or 8000),
    }
    text = json.dumps(setting, indent=4, ensure_ascii=False)
    (folder / "web_trader_setting.json").write_text(text, encoding="utf-8")


def serve_control(server, port: int) -> None:
    while not server.started:
        if server.should_exit:
            os._exit(1)
        time.sleep(0.005)
    control.serve(ANSWERS, {"port": port}, {})
    os._exit(0)


if __name__ == "__main__":
    main()
