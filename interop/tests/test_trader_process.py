"""Our trading process as a program: what it says when it cannot start, and that it ends as it should."""

import resource
import signal
import socket
import sqlite3

import pytest

from processes import OurTrader, RpcGatewayClient, refused_start, wait_for


def state_of_a_first_run(home):
    """The state folder that one run leaves behind; its database."""
    with OurTrader(home) as trader:
        assert trader.terminate() == 0, trader.log()
    return next((home / "state").glob("*.db"))


@pytest.mark.parametrize("damage", ["noise", "cut short"])
def test_a_damaged_database_is_named_and_left_alone(ours, home, damage):
    database = state_of_a_first_run(home)
    whole = database.read_bytes()
    database.write_bytes(bytes(range(256)) * 200 if damage == "noise" else whole[:5000])
    for extra in home.glob("state/*-wal"):
        extra.unlink()
    before = database.read_bytes()
    said = refused_start(OurTrader.command(home), home)
    assert str(database.name) in said, said
    assert database.read_bytes() == before


def test_a_locked_database_is_named(ours, home):
    database = state_of_a_first_run(home)
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert str(database.name) in refused_start(OurTrader.command(home), home)
    finally:
        holder.close()
    with OurTrader(home) as trader:
        assert trader.rep


def test_two_on_one_state_are_refused(ours, home):
    with OurTrader(home):
        said = refused_start(OurTrader.command(home), home)
        assert "use" in said, said


def test_a_disk_that_is_full_refuses_orders_and_ends_nothing_silently(ours, home):
    """The database may not grow: either the process goes on and says so, or it ends with an error that names the file."""
    database = state_of_a_first_run(home)
    limit = database.stat().st_size + 20_000

    def full_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with OurTrader(home, "rpcservice", before_start=full_disk) as trader, RpcGatewayClient(home / "c", trader.rep, trader.pub) as client:
        client.ask("connect")
        contract = next(row for row in client.ask("contracts") if row["exchange"] == "SHFE" and row["product"] == "FUTURES")
        vt_symbol = contract["vt_symbol"]
        client.ask("subscribe", vt_symbol=vt_symbol)
        tick = wait_for("a tick", lambda: client.ask("tick", vt_symbol=vt_symbol), 30, trader)

        def noticed() -> bool:
            client.tell("order", vt_symbol=vt_symbol, direction="LONG", kind="LIMIT", volume=1, price=tick["limit_down"], offset="OPEN")
            try:
                client.answer(2)
            except AssertionError:
                pass  # refused, or not answered
            return f"{database.name} failed" in trader.log() or "is full" in trader.log()

        wait_for("it says so", noticed, 60, trader)
        assert "panicked" not in trader.log()


def test_a_port_in_use_is_named(ours, home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused_start(OurTrader.command(home, f"tcp://127.0.0.1:{port}"), home)
        assert str(port) in said, said


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:99999", "tcp://nobody.invalid:1"])
def test_an_address_that_cannot_be_is_named(ours, home, address):
    assert address in refused_start(OurTrader.command(home, address), home)


BARS = "datetime,open,high,low,close,volume\n2023-09-25 09:01:00,3700,3710,3690,3705,100\n"
# What is in the file, and what the log must name beside the file.
BAD_RECORDINGS = {
    "no header": ("1,2,3\n4,5,6\n", "line 1"),
    "unknown columns": ("a,b,c\n1,2,3\n", "line 1"),
    "empty": ("", ""),
    "binary": ("\x00\x01\x02\n", "line 1"),
    "no number": (BARS + "2023-09-25 09:02:00,3700,abc,3690,3705,100\n", "line 3, column 3 (high)"),
    "earlier than the row before": (BARS + "2023-09-25 09:00:00,3700,3710,3690,3705,100\n", "line 3"),
    "a cell too few": (BARS + "2023-09-25 09:02:00,3700,3710,3690,3705\n", "line 3"),
    "NaN": (BARS + "2023-09-25 09:02:00,3700,NaN,3690,3705,100\n", "line 3"),
}


@pytest.mark.parametrize("name", BAD_RECORDINGS)
def test_a_recording_that_is_none_is_refused_by_its_name_and_line(ours, home, name):
    content, place = BAD_RECORDINGS[name]
    recording = home / "shfe_rb2401_1m.csv"
    recording.write_text(content, "utf-8")
    with OurTrader(home, language="en", arguments=["--replay", recording]) as trader:
        wait_for("the log names the file", lambda: "shfe_rb2401_1m.csv" in trader.log(), 10, trader)
        assert place in trader.log(), trader.log()
        assert trader.terminate() == 0, trader.log()


def test_it_ends_cleanly_on_sigterm_and_sigint(ours, home):
    for number in (signal.SIGTERM, signal.SIGINT):
        with OurTrader(home) as trader:
            trader.child.send_signal(number)
            assert trader.child.wait(10) == 0, trader.log()
