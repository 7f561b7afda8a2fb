"""Corner 1: our web process and the incumbent's on VeighNa, the same requests, the same answers, the same messages.

The requests change the trading process, so each server gets a fresh one: the gateway SIM is
deterministic, therefore equal requests leave equal order ids, orders and trades. What does not change
anything (lists, WebSocket) is compared on one trading process with both servers on it at once.
"""

import itertools
import re
import time
from functools import cache

import pytest

from cases import LISTS, Case, all_cases
from clients import Client
from differences import DIFFERENCES, first_difference, in_order, normalised, unequal
from http_raw import get
from live import Reader, handshake
from processes import ROOT, IncumbentWeb, OurWeb, VeighnaTrader, wait_for
from recorder import Recorder, login
from tokens import bad_tokens

GENERATIONS = ["4.3", "4.5"]
LANGUAGES = ["zh", "en"]
# Events that both must print alike, byte by byte; `not_a_number` and `double_max` after `normalised`.
COMPARABLE = ["floats", "times", "strings", "extras", "missing_members", "all_enums", "numpy_floats", "not_a_number", "double_max"]
EXPIRY = re.compile(r'"access_token":"[^"]+"')


@pytest.fixture(scope="session")
def incumbent_answers(tmp_path_factory):
    """What the incumbent answers to all cases, asked once for each generation and language."""
    @cache
    def answers(generation: str, language: str) -> dict[str, dict]:
        home = tmp_path_factory.mktemp("incumbent")
        with fresh_trader(home / "t", generation, "webtrader", language) as trader:
            with IncumbentWeb(home / "w", trader.rep, trader.pub, generation, language) as web:
                return record(Recorder(web.base, language))
    return answers


def fresh_trader(home, generation, app, language) -> VeighnaTrader:
    trader = VeighnaTrader(home, generation, app, language)
    trader.ask("ticks", count=3)
    trader.ask("settle")
    return trader


def record(recorder: Recorder, expected: dict[str, dict] | None = None) -> dict[str, dict]:
    """Answers by case; the lists at the end once more, for a while, where they are not yet as expected: an event may be on its way."""
    answers = {}
    for case in in_order(all_cases()):
        answer = answer_of(recorder, case)
        end = time.monotonic() + 5
        while case.name.startswith("after:") and expected and unequal(expected[case.name], answer) and time.monotonic() < end:
            time.sleep(0.02)
            answer = answer_of(recorder, case)
        answers[case.name] = answer
    return answers


def answer_of(recorder: Recorder, case: Case) -> dict:
    answer = recorder.record(case)
    answer["body"] = EXPIRY.sub('"access_token":"…"', answer.get("body", ""))
    return answer


@pytest.mark.parametrize(("generation", "language", "app"), [*itertools.product(GENERATIONS, LANGUAGES, ["webtrader", "rpcservice"])])
def test_every_request_is_answered_as_the_incumbent_does(ours, home, incumbent_answers, generation, language, app):
    theirs = incumbent_answers(generation, language)
    with fresh_trader(home / "t", generation, app, language) as trader:
        with OurWeb(home / "w", trader.rep, trader.pub, language) as web:
            token = login(web.base)
            wait_for("our replica has the contracts", lambda: get(web.base, "/contract", token).body != b"[]", process=web)
            mine = record(Recorder(web.base, language), theirs)
            assert trader.ask("state")["rpc_thread_alive"]
            log = web.log_path.read_text("utf-8", "replace")
    wrong = [
        f"[{name}] {problem}" for name, answer in mine.items()
        if name not in DIFFERENCES and name not in OWN_PAGES and (problem := unequal(theirs[name], answer))
    ]
    for name, difference in DIFFERENCES.items():
        if not difference.check(mine[name]):
            wrong.append(f"[{name}] should differ ({difference.section}) but is {mine[name]}")
        elif not difference.may_agree and unequal(theirs[name], mine[name]) is None:
            wrong.append(f"[{name}] does not differ any more: take it out of differences.py")
    if wrong:
        pytest.fail(f"{len(wrong)} of {len(mine)} answers:\n" + "\n".join(row[:700] for row in wrong), pytrace=False)
    assert token not in log, "our log holds a token"


def test_every_deliberate_difference_is_documented():
    document = (ROOT / "docs" / "compatibility.md").read_text("utf-8")
    missing = {row.section for row in DIFFERENCES.values() if f"### {row.section}\n" not in document}
    assert not missing, missing


# Their body is ours to choose; status and headers are checked below.
OWN_PAGES = {"HEAD /docs", "HEAD /redoc", "HEAD /openapi.json", "HEAD /docs/oauth2-redirect"}


@pytest.fixture(scope="module", params=[*itertools.product(GENERATIONS, LANGUAGES)], ids=lambda value: "-".join(value))
def both(request, tmp_path_factory):
    """One VeighNa with the incumbent and us on it at once."""
    generation, language = request.param
    home = tmp_path_factory.mktemp("both")
    with fresh_trader(home / "t", generation, "webtrader", language) as trader:
        with IncumbentWeb(home / "i", trader.rep, trader.pub, generation, language) as incumbent:
            with OurWeb(home / "w", trader.rep, trader.pub, language) as web:
                yield trader, incumbent, web


def test_websocket_messages_and_lists_are_the_same_bytes(ours, both):
    trader, incumbent, web = both
    tokens = {base: login(base) for base in (incumbent.base, web.base)}
    with Reader(incumbent.base, tokens[incumbent.base]) as theirs, Reader(web.base, tokens[web.base]) as mine:
        for name in COMPARABLE:
            count = trader.ask("odd", name=name)["events"]
            compare_messages(name, theirs.take(count), mine.take(count))
        orders = [{"volume": 1.0, "price": 3000.0}, {"price": 3700.0}, {"volume": 13.0}, {"volume": 16.0, "reference": "策略"}]
        for order in orders:
            trader.ask("order", **order)
        trader.ask("cancel", orderid="1_100_1")
        trader.ask("position", symbol="rb2610", exchange="SHFE", direction="LONG", volume=6)
        trader.ask("account", accountid="88001234", balance=1e6, frozen=0)
        trader.ask("ticks", count=200)
        count = 2 + 4 + 2 + 4 + 1 + 1 + 1 + 200
        compare_messages("orders and ticks", theirs.take(count), mine.take(count))
    compare_lists(incumbent, web, tokens)


def compare_lists(incumbent, web, tokens: dict[str, str]) -> None:
    for route in LISTS:
        theirs = get(incumbent.base, route, tokens[incumbent.base])
        mine = get(web.base, route, tokens[web.base])
        their_text, our_text = normalised(theirs.text, mine.text)
        assert (theirs.status, mine.status) == (200, 200), route
        if their_text != our_text:
            pytest.fail(f"GET {route} {first_difference(their_text, our_text)}", pytrace=False)


def compare_messages(name: str, theirs: list[str], mine: list[str]) -> None:
    for index, (their_text, our_text) in enumerate(zip(theirs, mine, strict=True)):
        their_text, our_text = normalised(their_text, our_text)
        if their_text != our_text:
            pytest.fail(f"{name} {index} {first_difference(their_text, our_text)}", pytrace=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_python_that_pickles_enums_by_name_is_understood(ours, home, language):
    """Debian 12's own Python: nothing on the wire says the language then, but for the ids of positions."""
    with VeighnaTrader(home / "t", language=language, arguments=["--enums-by-name"]) as trader:
        with IncumbentWeb(home / "i", trader.rep, trader.pub, language=language) as incumbent:
            with OurWeb(home / "w", trader.rep, trader.pub, language) as web:
                tokens = {base: login(base) for base in (incumbent.base, web.base)}
                wait_for("contracts", lambda: get(web.base, "/contract", tokens[web.base]).body != b"[]", process=web)
                with Reader(incumbent.base, tokens[incumbent.base]) as theirs, Reader(web.base, tokens[web.base]) as mine:
                    trader.ask("order", price=3700.0)
                    count = 4 + trader.ask("odd", name="all_enums")["events"]
                    compare_messages("by name", theirs.take(count), mine.take(count))
                compare_lists(incumbent, web, tokens)


def test_handshakes_are_refused_where_the_incumbent_refuses_and_never_with_500(ours, both):
    trader, incumbent, web = both
    token = login(web.base)
    targets = {"no token": "/ws/", "no slash": f"/ws?token={token}", "unknown path": f"/x?token={token}"}
    targets |= {name: f"/ws/?token={value}" for name, value in bad_tokens(token).items() if value.isascii() and name != "huge"}
    wrong = []
    for name, target in targets.items():
        result = handshake(web.base, target)
        wanted = {"no slash": [403, 404], "unknown path": [403, 404]}.get(name, [403])
        if result.get("status") not in wanted and result.get("closed") != 4401:
            wrong.append((name, result))
    assert not wrong, wrong
    assert handshake(web.base, f"/ws/?token={token}") == {"open": True, "subprotocol": None}
    assert handshake(web.base, f"/ws/?token={token}", subprotocols=["x"]) == {"open": True, "subprotocol": None}
    assert handshake(web.base, f"/ws/?token={token}", origin="https://evil.example")["open"]


def test_the_pages_are_there_and_name_no_other_host(ours, both):
    _, incumbent, web = both
    for page in ("/", "/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
        theirs, mine = get(incumbent.base, page), get(web.base, page)
        assert (theirs.status, mine.status) == (200, 200), page
        assert theirs.header("content-type") == mine.header("content-type"), page
        assert b"cdn." not in mine.body, page


def test_both_languages_are_taken_whatever_the_trading_process_speaks(ours, both):
    """The gateway gets the same request for each way to write it."""
    trader, _, web = both
    client = Client(web.base, login(web.base))
    before = len(trader.ask("state")["requests"])
    ways = [("多", "限价", "开"), ("Long", "Limit", "Open"), ("LONG", "LIMIT", "OPEN"), ("多", "Limit", "OPEN")]
    for direction, kind, offset in ways:
        client.order(direction=direction, type=kind, offset=offset)
    requests = trader.ask("state")["requests"][before:]
    assert len(requests) == len(ways) and all(request == requests[0] for request in requests), requests
