"""The deliberate differences from the incumbent, each with its reason: the same list as docs/compatibility.md.

A case that is named here is not compared with the incumbent: what we answer must pass `check`, and
must differ from the incumbent's answer (a row that has become untrue is an error). `DIFFERENCES` is by
case name; `normalised` removes the differences inside bodies that are otherwise equal.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from cases import Case


@dataclass
class Difference:
    section: str  # heading in docs/compatibility.md
    check: Callable[[dict], bool]
    may_agree: bool = False  # where some incumbents (or some trading processes) do the same


def status(*wanted: int) -> Callable[[dict], bool]:
    return lambda answer: answer.get("status") in wanted


def refused(answer: dict) -> bool:
    """401 as for any bad token or password."""
    return answer.get("status") == 401 and answer["headers"].get("www-authenticate") == "Bearer" and answer["body"] in (
        '{"detail":"Could not validate credentials"}', '{"detail":"Incorrect username or password"}')


def field_error(*location) -> Callable[[dict], bool]:
    """422 in FastAPI's shape, naming that place."""
    def check(answer: dict) -> bool:
        rows = detail_of(answer)
        return answer.get("status") == 422 and isinstance(rows, list) and all(
            {"type", "loc", "msg"} <= set(row) for row in rows
        ) and any(row["loc"][:len(location)] == list(location) for row in rows)
    return check


def ordered(answer: dict) -> bool:
    """200 with an order id."""
    return answer.get("status") == 200 and answer["body"].startswith('"SIM.')


def detail(*wanted: int) -> Callable[[dict], bool]:
    """An error with a JSON body that says why."""
    def check(answer: dict) -> bool:
        return answer.get("status") in wanted and isinstance(detail_of(answer), (str, list))
    return check


def detail_of(answer: dict):
    """`detail` of an error body, None where there is none."""
    try:
        return json.loads(answer["body"])["detail"]
    except (ValueError, KeyError, TypeError):
        return None


SECRET = "A random signing secret"
ENUMS = "Enum values in both languages, and member names"
NUMBERS = "Volumes and prices that no venue can take"
NOT_500 = "Errors instead of 500"
OWN_PAGES = "Pages"
METHODS = "Unknown methods"
OLD_PEERS = "Members that an old VeighNa lacks"
TEXT = "Text that is not Unicode"

NOT_A_VOLUME = ["0", "-1", "-0", "-0.0", "0.0", "1e309", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", '"nan"', '"inf"',
                '"Infinity"', "false", '"-1"', '"1e999"']
NOT_A_PRICE = ["1e309", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", '"nan"', '"inf"', '"Infinity"', '"1e999"']

DIFFERENCES: dict[str, Difference] = {
    **{f"token: {name}": Difference(SECRET, refused) for name in ("secret test", "no exp", "float exp")},
    "token: sub not ASCII": Difference(NOT_500, refused),
    **{f"login: {name}": Difference(NOT_500, refused)
       for name in ("user name not ASCII", "user name not UTF-8", "raw bytes that are not UTF-8", "NUL in the password", "a password of 5,000")},
    "login: multipart with a file as password": Difference(NOT_500, field_error("body", "password")),
    **{f"order: {name}": Difference(ENUMS, ordered) for name in (
        "direction by member name", "direction in the other language", "type by member name", "type in the other language",
        "offset by member name", "offset in the other language", "offset NONE")},
    "order: exchange EUREX": Difference(ENUMS, detail(404)),
    **{f"order: volume {value}": Difference(NUMBERS, field_error("body", "volume")) for value in NOT_A_VOLUME},
    **{f"order: price {value}": Difference(NUMBERS, field_error("body", "price")) for value in NOT_A_PRICE},
    "order: ETF": Difference(OLD_PEERS, lambda answer: ordered(answer) or detail(501)(answer), may_agree=True),
    "order: gateway raises": Difference(NOT_500, detail(500, 502)),
    'order: symbol "\\ud800"': Difference(TEXT, field_error("body")),
    'order: reference "\\ud800"': Difference(TEXT, field_error("body")),
    'order: reference "\\udc00\\ud800"': Difference(TEXT, field_error("body")),
    "order body: '\"\\\\ud800\"'": Difference(TEXT, field_error("body")),
    "order body: surrogate in UTF-8": Difference(TEXT, detail(400, 422)),
    "order body: 'NaN'": Difference(NOT_500, field_error("body")),
    "order body: 'Infinity'": Difference(NOT_500, field_error("body")),
    **{f"FOO {route}": Difference(METHODS, status(400, 405), may_agree=True) for route in (
        "/", "/token", "/tick", "/tick/rb2610.SHFE", "/order", "/order/SIM.1_100_1", "/trade", "/position", "/account", "/contract",
        "/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect")},
}
# The two extremes of a double: VeighNa's gateways mean "unknown" by them.
EXTREME = re.compile(r"-?1\.797\d*e\+?308")
REFERENCE = re.compile(r'("reference": ?)"((?:[^"\\]|\\.)*)"')


def in_order(cases: list[Case]) -> list[Case]:
    """First what must be equal, then the differences: those may not shift the order ids of the others."""
    unknown = set(DIFFERENCES) - {case.name for case in cases}
    assert not unknown, f"differences without a case: {unknown}"
    return [case for case in cases if case.name not in DIFFERENCES] + [case for case in cases if case.name in DIFFERENCES]


def normalised(theirs: str, ours: str) -> tuple[str, str]:
    """Both bodies without what differs on purpose: unknown numbers are null, a reference that upstream has lost stays."""
    theirs = re.sub(r"(?<=[\s:\[,])(NaN|-?Infinity)(?=[,\]}])", "null", EXTREME.sub("null", theirs))
    lost = [match.group(2) for match in REFERENCE.finditer(theirs)]
    kept = iter(lost)

    def blank(match: re.Match) -> str:
        their_reference = next(kept, None)
        return f'{match.group(1)}""' if their_reference == "" else match.group(0)

    return theirs, REFERENCE.sub(blank, ours)


def unequal(theirs: dict, ours: dict) -> str | None:
    """What differs between two recorded answers, for a message; None where nothing does."""
    for part in ("no answer", "status", "headers"):
        if theirs.get(part) != ours.get(part):
            return f"{part}: incumbent {theirs.get(part)!r}, ours {ours.get(part)!r}; body {ours.get('body', '')[:200]!r}"
    their_body, our_body = normalised(theirs.get("body", ""), ours.get("body", ""))
    return None if their_body == our_body else first_difference(their_body, our_body)


def first_difference(theirs: str, ours: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(theirs, ours)) if a != b), min(len(theirs), len(ours)))
    begin = max(0, at - 80)
    return f"at {at} of {len(theirs)}/{len(ours)}:\n  incumbent …{theirs[begin:at + 120]!r}\n  ours      …{ours[begin:at + 120]!r}"
