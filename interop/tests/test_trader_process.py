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
                client.answer(40)
            except AssertionError:
                pass  # VeighNa's client raises where the call failed or was not answered
            return "disk" in trader.log() or "full" in trader.log() or database.name in trader.log()

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


BAD_RECORDINGS = {
    "no header": "1,2,3\n4,5,6\n",
    "unknown columns": "a,b,c\n1,2,3\n",
    "empty": "",
    "binary": "\x00\x01\x02\n",
}


@pytest.mark.parametrize("name", BAD_RECORDINGS)
def test_a_recording_that_is_none_is_refused_by_its_name(ours, home, name):
    recording = home / "recording.csv"
    recording.write_text(BAD_RECORDINGS[name], "utf-8")
    assert "recording.csv" in refused_start(OurTrader.command(home, "tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "--replay", recording), home)


def test_it_ends_cleanly_on_sigterm_and_sigint(ours, home):
    for number in (signal.SIGTERM, signal.SIGINT):
        with OurTrader(home) as trader:
            trader.child.send_signal(number)
            assert trader.child.wait(10) == 0, trader.log()
