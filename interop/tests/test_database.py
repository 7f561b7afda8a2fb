"""One database.db, two programs: VeighNa with vnpy_sqlite, and ours; each reads what the other wrote, also at once."""

import csv
import io
import json
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from processes import Controlled, binary

GENERATIONS = ["4.3", "4.5"]
ZONES = ["Asia/Shanghai", "America/New_York"]
NUMBERS = ["open", "high", "low", "close", "volume", "turnover", "open_interest"]


class Veighna(Controlled):
    """VeighNa's database object in a process of its own."""

    def __init__(self, home, generation: str, zone: str) -> None:
        super().__init__("database", generation, "database.py", ["--zone", zone], home, "zh")
        assert self.ready["zone"] == zone
        self.file, self.zone = self.ready["file"], zone


def data(veighna: Veighna, *arguments, text: str | None = None) -> str:
    """What `webtrader data` prints about VeighNa's file."""
    command = [binary(), "data", "--database", veighna.file, "--database-zone", veighna.zone, *arguments]
    done = subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def exported(veighna: Veighna, vt_symbol: str, interval: str) -> list:
    """Our bars: moment and numbers."""
    rows = csv.DictReader(io.StringIO(data(veighna, "export", vt_symbol, interval, "--zone", "UTC")))
    moment = lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)
    return [[moment(row["datetime"]), *(float(row[name]) for name in NUMBERS)] for row in rows]


def loaded(veighna: Veighna, symbol: str, exchange: str, interval: str) -> list:
    """VeighNa's bars: moment and numbers."""
    rows = veighna.ask("load", symbol=symbol, exchange=exchange, interval=interval)
    return [[datetime.fromisoformat(row[2]).astimezone(UTC), *row[4:]] for row in rows]


def listed(veighna: Veighna) -> list:
    """Our overviews, in the form of VeighNa's."""
    names = ["symbol", "exchange", "interval", "count", "start", "end"]
    return sorted([row[name] for name in names] for row in json.loads(data(veighna, "list", "--json")))


def bars(symbol: str, exchange: str, interval: str, start: datetime, step: timedelta, count: int) -> list:
    """Bars whose numbers need all of a double's digits."""
    row = lambda n: [symbol, exchange, (start + n * step).isoformat(), interval,
                     0.1 * n, 0.1 + 0.2 * n, 1e-7 * n, 3800 + n / 3, 1e9 + n, 1.7976931348623157e308, 2.0 ** 53 - n]
    return [row(n) for n in range(count)]


def as_csv(rows: list) -> str:
    lines = [",".join(["datetime", *NUMBERS]), *(",".join([row[2], *map(repr, row[4:])]) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("generation", "zone"), [(generation, zone) for generation in GENERATIONS for zone in ZONES])
def test_we_read_what_veighna_wrote(ours, home, generation, zone):
    with Veighna(home, generation, zone) as veighna:
        # Around the change of the clock in New York in autumn: VeighNa's text says the repeated hour once.
        start = datetime(2024, 11, 3, 0, 0, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
        rows = bars("rb2501", "SHFE", "1m", start, timedelta(minutes=7, microseconds=1), 60)
        for row in rows[::2]:
            veighna.ask("save", bars=[row], stream=True)
        veighna.ask("save", bars=rows)
        veighna.ask("save", bars=bars("SPY-USD-STK", "SMART", "d", datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1), 120))
        veighna.ask("save_ticks", symbol="IF2101", exchange="CFFEX", times=["2021-01-04T09:30:00.5+08:00", "2021-01-04T09:30:01+08:00"])
        for symbol, exchange, interval in [("rb2501", "SHFE", "1m"), ("SPY-USD-STK", "SMART", "d")]:
            theirs = loaded(veighna, symbol, exchange, interval)
            assert theirs and exported(veighna, f"{symbol}.{exchange}", interval) == theirs
        assert len(loaded(veighna, "rb2501", "SHFE", "1m")) == 60
        assert listed(veighna) == veighna.ask("overviews")


@pytest.mark.parametrize(("generation", "zone"), [(generation, zone) for generation in GENERATIONS for zone in ZONES])
def test_veighna_reads_what_we_wrote(ours, home, generation, zone):
    with Veighna(home, generation, zone) as veighna:
        rows = bars("rb2501", "SHFE", "1m", datetime(2024, 3, 10, 5, 0, tzinfo=UTC), timedelta(minutes=7, microseconds=1), 60)
        said = data(veighna, "import", "-", "rb2501.SHFE", "1m", text=as_csv(rows))
        assert "60 bars stored" in said
        assert loaded(veighna, "rb2501", "SHFE", "1m") == [[datetime.fromisoformat(row[2]), *row[4:]] for row in rows]
        assert exported(veighna, "rb2501.SHFE", "1m") == loaded(veighna, "rb2501", "SHFE", "1m")
        assert listed(veighna) == veighna.ask("overviews")
        # Each widens what the other wrote, and removes it.
        veighna.ask("save", bars=bars("rb2501", "SHFE", "1m", datetime(2024, 3, 9, tzinfo=UTC), timedelta(minutes=1), 3))
        data(veighna, "import", "-", "rb2501.SHFE", "1m", text=as_csv(rows[:5]))
        assert listed(veighna) == veighna.ask("overviews")
        assert listed(veighna)[0][3] == 63
        assert "63 rows removed" in data(veighna, "delete", "rb2501.SHFE", "1m", "--yes")
        assert veighna.ask("overviews") == []
        veighna.ask("save", bars=rows)
        assert veighna.ask("delete", symbol="rb2501", exchange="SHFE", interval="1m") == 60
        assert listed(veighna) == []


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_file_that_we_made_is_veighnas_own(ours, home, generation):
    """Table by table and index by index, in one order, and VeighNa goes on with it."""
    def schema(file) -> list:
        with sqlite3.connect(file) as connection:
            return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()

    rows = bars("rb2501", "SHFE", "1m", datetime(2024, 3, 10, 5, 0, tzinfo=UTC), timedelta(minutes=1), 3)
    made = home / "ours" / ".vntrader" / "database.db"
    made.parent.mkdir(parents=True)
    command = [binary(), "data", "--database", made, "--database-zone", "Asia/Shanghai", "import", "-", "rb2501.SHFE", "1m"]
    subprocess.run([str(part) for part in command], input=as_csv(rows), text=True, check=True, capture_output=True)
    before = schema(made)
    with Veighna(home / "theirs", generation, "Asia/Shanghai") as theirs:
        assert schema(theirs.file) == before
    with Veighna(home / "ours", generation, "Asia/Shanghai") as veighna:
        assert veighna.file == str(made)
        veighna.ask("save", bars=rows, stream=True)
        assert len(loaded(veighna, "rb2501", "SHFE", "1m")) == 3
        assert schema(made) == before


@pytest.mark.parametrize("generation", GENERATIONS)
def test_both_write_at_once(ours, home, generation):
    """VeighNa records minute after minute while we import: nobody is refused, nothing is lost."""
    with Veighna(home, generation, "Asia/Shanghai") as veighna:
        rows = bars("ag2506", "SHFE", "1m", datetime(2024, 1, 1, tzinfo=UTC), timedelta(minutes=1), 5000)
        text = as_csv(rows)
        veighna.tell("record", symbol="rb2501", start="2024-01-02T09:00:00+08:00", bars=100)
        for _ in range(4):
            data(veighna, "import", "-", "ag2506.SHFE", "1m", text=text)
        assert veighna.answer()
        counts = {row[0]: row[3] for row in listed(veighna)}
        assert counts == {"ag2506": 5000, "rb2501": 100}
        assert [row[5] for row in loaded(veighna, "rb2501", "SHFE", "1m")] == list(range(100))
        assert listed(veighna) == veighna.ask("overviews")
