"""Starting, talking to and ending the processes under test. The one place that knows command lines.

Every process gets a home of its own, port 0, and a file for its log; it ends with its owner
(`with ...`), whatever happens. `log()` is for the message of a failing test.
"""

import json
import os
import queue
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VEIGHNA = ROOT / "interop" / "veighna"
LANGUAGES = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}
START_SECONDS = 60
ANSWER_SECONDS = 60


# Every process of the running test, for conftest.py.
STARTED: list["Process"] = []


class Ended(AssertionError):
    """A process that should serve has ended; the text has the end of its log."""


def binary() -> Path:
    """Our program: $WEBTRADER_BIN, else the debug build."""
    return Path(os.environ.get("WEBTRADER_BIN", ROOT / "target" / "debug" / "webtrader"))


def language_environment(language: str) -> dict[str, str]:
    """gettext reads the variables only: the locale itself need not be installed."""
    value = LANGUAGES[language]
    return {"LANGUAGE": value, "LC_ALL": value, "LC_MESSAGES": value, "LANG": value}


class Process:
    """A child with its log in a file and its stdout as a queue of lines."""

    def __init__(self, name: str, command: list, home: Path, language: str = "zh", before_start=None, **env: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.home = home
        self.log_path = home / f"{name}.{time.monotonic_ns()}.log"
        self.lines: queue.Queue[str | None] = queue.Queue()
        environment = {**os.environ, **language_environment(language), "HOME": str(home), "PYTHONUNBUFFERED": "1", **env}
        with open(self.log_path, "wb") as log:
            self.child = subprocess.Popen(
                [str(part) for part in command], cwd=home, env=environment, stderr=log,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
                preexec_fn=before_start,
            )
        STARTED.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.child.stdout:
            self.lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
        self.lines.put(None)

    def line(self, seconds: float) -> str:
        """The next line of stdout."""
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise Ended(f"{self.name}: no line within {seconds} s\n{self.log()}") from None
        if line is None:
            raise Ended(f"{self.name} ended with {self.child.wait(5)}\n{self.log()}")
        return line

    def log(self) -> str:
        return self.log_path.read_text("utf-8", "replace")[-3000:]

    def stop(self) -> None:
        """SIGSTOP: the process is there and answers nothing."""
        os.kill(self.child.pid, signal.SIGSTOP)
        # It goes on until the kernel has stopped each of its threads.
        stopped = lambda: all(" T " in (task / "stat").read_text("utf-8", "replace") for task in Path(f"/proc/{self.child.pid}/task").iterdir())
        wait_for(f"{self.name} has stopped", stopped)

    def resume(self) -> None:
        os.kill(self.child.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and wait: its ports are free afterwards."""
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(10)

    def terminate(self, seconds: float = 10) -> int:
        """SIGTERM; the exit code."""
        if self.child.poll() is None:
            self.child.terminate()
        return self.child.wait(seconds)

    def resident_bytes(self) -> int:
        for line in Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise Ended(f"{self.name} has no memory any more")

    def open_sockets(self) -> int:
        """How many sockets it holds."""
        links = [os.readlink(link) for link in Path(f"/proc/{self.child.pid}/fd").iterdir()]
        return sum(link.startswith("socket:") for link in links)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.kill()


class Controlled(Process):
    """A Python process of `interop/veighna` with its command channel."""

    def __init__(self, name: str, generation: str, script: str, arguments: list, home: Path, language: str) -> None:
        python = ROOT / "target" / f"venv-{generation}" / "bin" / "python"
        super().__init__(name, [python, VEIGHNA / script, *arguments], home, language)
        self.ready = json.loads(self.line(START_SECONDS))

    def ask(self, cmd: str, **fields):
        """Send a command and return its result; an error there is an error here."""
        self.tell(cmd, **fields)
        return self.answer()

    def tell(self, cmd: str, **fields) -> None:
        self.child.stdin.write(json.dumps({"cmd": cmd, **fields}).encode() + b"\n")
        self.child.stdin.flush()

    def answer(self, seconds: float = ANSWER_SECONDS):
        answer = json.loads(self.line(seconds))
        assert answer["ok"], f"{self.name}: {answer['error']}\n{self.log()}"
        return answer.get("result")


class VeighnaTrader(Controlled):
    """VeighNa with the gateway SIM and one of its two RPC apps."""

    def __init__(self, home: Path, generation="4.5", app="webtrader", language="zh", rep="tcp://127.0.0.1:0",
                 pub="tcp://127.0.0.1:0", contracts=0, ticks_per_second=0, arguments=()) -> None:
        arguments = ["--app", app, "--rep", rep, "--pub", pub, "--contracts", contracts, "--ticks-per-second", ticks_per_second, *arguments]
        super().__init__("trader", generation, "trader_process.py", arguments, home, language)
        self.rep, self.pub = self.ready["rep"], self.ready["pub"]


class IncumbentWeb(Controlled):
    """vnpy_webtrader's own web process."""

    def __init__(self, home: Path, rep: str, pub: str, generation="4.5", language="zh", username="vnpy", password="vnpy") -> None:
        arguments = ["--req", rep, "--sub", pub, "--username", username, "--password", password]
        super().__init__("incumbent", generation, "incumbent_web.py", arguments, home, language)
        self.base = f"http://127.0.0.1:{self.ready['port']}"


class RpcGatewayClient(Controlled):
    """A VeighNa MainEngine with VeighNa's RpcGateway, as a desktop has it."""

    def __init__(self, home: Path, rep: str, pub: str, generation="4.5", language="zh") -> None:
        super().__init__("rpc-gateway", generation, "rpc_gateway_client.py", ["--req", rep, "--sub", pub], home, language)


def write_setting(folder: Path, rep: str, pub: str, username="vnpy", password="vnpy") -> Path:
    """VeighNa's own web_trader_setting.json, as its window writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    setting = {"username": username, "password": password, "req_address": rep, "sub_address": pub,
               "host": "127.0.0.1", "port": "8000"}
    path = folder / "web_trader_setting.json"
    path.write_text(json.dumps(setting, indent=4, ensure_ascii=False), "utf-8")
    return path


class OurWeb(Process):
    """Our web process in front of a trading process."""

    def __init__(self, home: Path, rep: str, pub: str, language="zh", username="vnpy", password="vnpy", arguments=(), **env: str) -> None:
        folder = home / ".vntrader"
        write_setting(folder, rep, pub, username, password)
        command = [binary(), "web", "--vntrader", folder, "--listen", "127.0.0.1:0", "--state", home / "state", *arguments]
        super().__init__("web", command, home, language, **env)
        self.base = self._address()

    def live(self) -> None:
        """Waits until it follows its trading process: what was published before that is nobody's to get."""
        def ready() -> bool:
            try:
                with urllib.request.urlopen(self.base + "/readyz", timeout=5) as answer:
                    return answer.status == 200
            except OSError:
                return False
        wait_for("the link is live", ready, 30, self)

    def _address(self) -> str:
        mark = "listening on "
        while True:
            line = self.line(START_SECONDS)
            if mark in line:
                return line.split(mark, 1)[1].split()[0].rstrip("/")


class OurTrader(Process):
    """Our trading process with its simulated exchange."""

    def __init__(self, home: Path, dialect="webtrader", generation="4.5", language="zh", rep="tcp://127.0.0.1:0",
                 pub="tcp://127.0.0.1:0", arguments=(), before_start=None) -> None:
        command = self.command(home, rep, pub, "--dialect", dialect, "--generation", generation, "--language", language, *arguments)
        super().__init__("our-trader", command, home, language, before_start)
        mark = "trader ready "
        line = self.line(START_SECONDS)
        while mark not in line:
            line = self.line(START_SECONDS)
        fields = dict(part.split("=", 1) for part in line.split(mark, 1)[1].split())
        self.rep, self.pub = fields["rep"], fields["pub"]
        self.ready(fields)

    def ready(self, fields: dict[str, str]) -> None:
        """What else the ready line says, for those who want it."""

    @staticmethod
    def command(home: Path, rep="tcp://127.0.0.1:0", pub="tcp://127.0.0.1:0", *arguments) -> list:
        return [binary(), "trader", "--state", home / "state", "--rep", rep, "--pub", pub, *arguments]


class OurRun(Process):
    """Everything of ours: trading process, simulated exchange and web process, with one user."""

    user, password = "tester", "a password of a test"

    def __init__(self, home: Path, arguments=()) -> None:
        state = home / "state"
        said = f"{self.password}\n{self.password}\n"
        subprocess.run([binary(), "user", "add", self.user, "--state", state], input=said, text=True, check=True, capture_output=True)
        super().__init__("run", [binary(), "run", "--state", state, "--listen", "127.0.0.1:0", *arguments], home)
        mark = "listening on "
        line = self.line(START_SECONDS)
        while mark not in line:
            line = self.line(START_SECONDS)
        self.base = line.split(mark, 1)[1].split()[0].rstrip("/")


def refused_start(command: list, home: Path, seconds: float = 15) -> str:
    """Start something that cannot start: what it says before it ends with an error, without a panic."""
    with Process("refused", command, home) as process:
        try:
            code = process.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it started and runs\n{process.log()}") from None
        said = process.log() + "\n".join(line for line in iter(process.lines.get, None))
    assert code > 0 and code != 101, f"ended with {code}: {said}"
    assert "panicked" not in said, said
    return said


def wait_for(what: str, condition, seconds: float = 10, process: Process | None = None):
    """Poll until `condition()` is truthy and return it; the last value is in the message otherwise."""
    end = time.monotonic() + seconds
    value = condition()
    while not value:
        if time.monotonic() > end:
            log = f"\n{process.log()}" if process else ""
            raise AssertionError(f"not within {seconds} s: {what}; last: {value!r}{log}")
        time.sleep(0.01)
        value = condition()
    return value
