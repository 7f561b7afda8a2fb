"""The requests of the differential test, as data: good ones and every kind of bad one.

They run in this order against a fresh trading process, so what a case does to its state is the same
for both servers. `auth` names the token to send (see `tokens.py`): None is no Authorization header.
Differences that we want are not here but in `differences.py`, by the names given here.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

JSON = [("Content-Type", "application/json")]
FORM = [("Content-Type", "application/x-www-form-urlencoded")]
ROUTES = ["/", "/token", "/tick", "/tick/rb2610.SHFE", "/order", "/order/SIM.1_100_1", "/trade", "/position",
          "/account", "/contract", "/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"]
LISTS = ["/tick", "/order", "/trade", "/position", "/account", "/contract"]
# In the language of the trading process: {LONG} and the like are filled in by the test.
ORDER = {"symbol": "rb2610", "exchange": "SHFE", "direction": "{LONG}", "type": "{LIMIT}", "volume": 1, "price": 3000.0,
         "offset": "{OPEN}", "reference": "WebTrader"}


@dataclass
class Case:
    name: str
    method: str
    target: str
    headers: list
    body: str | bytes = b""  # placeholders are filled in where it is text
    auth: str | None = "valid"
    encoding: str = "utf-8"


def all_cases() -> list[Case]:
    cases = [*public(), *login(), *authorization(), *lists("before"), *ticks(), *orders(), *order_bodies(), *cancels(),
             *lists("after")]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases of one name"
    return cases


def case(name, method, target, body=b"", headers=None, auth="valid", **more) -> Case:
    return Case(name, method, target, list(headers or []), body, auth, **more)


def public() -> list[Case]:
    made = []
    for route in ROUTES:
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "TRACE", "FOO"):
            made.append(case(f"{method} {route}", method, route, auth=None))
    for route in ROUTES:
        made.append(case(f"GET {route}/ (trailing slash)", "GET", f"{route}/" if route != "/" else "//", auth=None))
    made += [
        case("GET with a query and a trailing slash", "GET", "/account/?a=1&b=%E4%B8%AD", auth=None),
        case("POST with a trailing slash", "POST", "/order/", b"{}", JSON, auth=None),
        case("POST token with a trailing slash", "POST", "/token/", b"", FORM, auth=None),
        case("DELETE without an id", "DELETE", "/order"),
        case("DELETE with a trailing slash", "DELETE", "/order/", auth=None),
        case("GET order by id", "GET", "/order/SIM.1_100_1"),
        case("GET tick by symbol", "GET", "/tick/rb2610.SHFE"),
        case("POST account", "POST", "/account"),
        case("POST tick without a symbol", "POST", "/tick"),
        case("DELETE account", "DELETE", "/account"),
        case("unknown path", "GET", "/nope"),
        case("unknown path below", "GET", "/account/1"),
        case("upper case path", "GET", "/Account"),
        case("two slashes", "GET", "//account"),
        case("dot segment", "GET", "/./account"),
        case("dot dot segment", "GET", "/x/../account"),
        case("percent encoded path", "GET", "/%61ccount"),
        case("semicolon in the path", "GET", "/account;v=1"),
        case("query on a list", "GET", "/account?limit=1&x"),
        case("GET ws without upgrade", "GET", "/ws/"),
        case("GET ws without slash", "GET", "/ws"),
        case("GET token", "GET", "/token", auth=None),
        case("connect route", "POST", "/connect"),
        case("static", "GET", "/static/index.html"),
        case("favicon", "GET", "/favicon.ico", auth=None),
        case("GET with a body", "GET", "/account", b"{}", JSON),
        case("Origin header", "GET", "/account", headers=[("Origin", "https://evil.example")]),
        case("CORS preflight", "OPTIONS", "/order", auth=None, headers=[
            ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]),
        case("Accept xml", "GET", "/account", headers=[("Accept", "application/xml")]),
        case("Range", "GET", "/account", headers=[("Range", "bytes=0-3")]),
    ]
    return made


def login() -> list[Case]:
    def form(name, fields, headers=FORM):
        return case(f"login: {name}", "POST", "/token", fields if isinstance(fields, (bytes, str)) else urlencode(fields),
                    headers, auth=None)

    good = [("username", "vnpy"), ("password", "vnpy")]
    multipart = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in good) + "--b--\r\n"
    return [
        form("good", good),
        form("good with everything OAuth2 knows", [*good, ("grant_type", "password"), ("scope", "a b"), ("client_id", "x"), ("client_secret", "y")]),
        form("grant_type empty", [*good, ("grant_type", "")]),
        form("grant_type of another kind", [*good, ("grant_type", "refresh_token")]),
        form("grant_type with text after", [*good, ("grant_type", "passwordx")]),
        form("unknown field", [*good, ("x", "1")]),
        form("user name twice", [("username", "nobody"), *good]),
        form("user name twice, last one wrong", [*good, ("username", "nobody")]),
        form("wrong password", [("username", "vnpy"), ("password", "wrong")]),
        form("wrong user", [("username", "nobody"), ("password", "vnpy")]),
        form("user in another case", [("username", "VNPY"), ("password", "vnpy")]),
        form("user with a space", [("username", "vnpy "), ("password", "vnpy")]),
        form("no password", [("username", "vnpy")]),
        form("no user name", [("password", "vnpy")]),
        form("empty password", [("username", "vnpy"), ("password", "")]),
        form("empty user name", [("username", ""), ("password", "vnpy")]),
        form("both empty", [("username", ""), ("password", "")]),
        form("empty body", b""),
        form("empty body without a content type", b"", []),
        form("form without a content type", urlencode(good), []),
        form("JSON instead of a form", json.dumps(dict(good)), JSON),
        form("broken JSON", "{", JSON),
        form("text/plain", urlencode(good), [("Content-Type", "text/plain")]),
        form("content type with a charset", urlencode(good), [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]),
        form("content type in capitals", urlencode(good), [("Content-Type", "APPLICATION/X-WWW-FORM-URLENCODED")]),
        form("multipart", multipart, [("Content-Type", "multipart/form-data; boundary=b")]),
        form("multipart without a boundary", multipart, [("Content-Type", "multipart/form-data")]),
        form("multipart cut short", multipart[:40], [("Content-Type", "multipart/form-data; boundary=b")]),
        form("multipart with a file as password", multipart.replace('name="password"', 'name="password"; filename="a"'),
             [("Content-Type", "multipart/form-data; boundary=b")]),
        form("bad percent encoding", "username=vnpy&password=%zz"),
        form("plus in the password", "username=vnpy&password=vn+py"),
        form("semicolon separator", "username=vnpy;password=vnpy"),
        form("query instead of body", b""),
        case("login: fields in the query", "POST", "/token?username=vnpy&password=vnpy", b"", FORM, auth=None),
        form("user name not ASCII", [("username", "用户"), ("password", "vnpy")]),
        form("user name not UTF-8", b"username=%ff%fe&password=vnpy"),
        form("raw bytes that are not UTF-8", b"username=\xff&password=vnpy"),
        form("NUL in the password", [("username", "vnpy"), ("password", "a\0b")]),
        form("password not ASCII", [("username", "vnpy"), ("password", "密码")]),
        form("a password of 5,000", [("username", "vnpy"), ("password", "x" * 5000)]),
        case("login: with a bad token", "POST", "/token", urlencode(good), FORM, auth="garbage"),
        case("login: Basic", "POST", "/token", b"", [("Authorization", "Basic dm5weTp2bnB5")], auth=None),
        case("login: by GET", "GET", "/token?username=vnpy&password=vnpy", auth=None),
    ]


TOKENS = ["garbage", "empty", "two parts", "three empty parts", "alg none", "alg NONE signed", "other secret", "expired",
          "no sub", "sub null", "sub other user", "sub number", "sub not ASCII", "aud present", "nbf in the future",
          "no exp", "float exp", "exp text", "secret test", "rs256 header", "payload list", "signature cut", "trailing dot",
          "with padding", "huge"]


def authorization() -> list[Case]:
    made = [case(f"token: {name}", "GET", "/account", auth=name) for name in TOKENS]
    made += [case(f"no token: {method} {target}", method, target, body, headers, auth=None) for method, target, body, headers in [
        *(("GET", route, b"", []) for route in LISTS),
        ("POST", "/tick/rb2610.SHFE", b"", []),
        ("POST", "/order", json.dumps(ORDER), JSON),
        ("DELETE", "/order/SIM.1_100_1", b"", []),
    ]]
    made += [
        case("no token: wrong fields", "POST", "/order", b"{}", JSON, auth=None),
        case("no token: broken JSON", "POST", "/order", b"{", JSON, auth=None),
        case("no token: unknown path", "GET", "/nope", auth=None),
        case("bad token: broken JSON", "POST", "/order", b"{", JSON, auth="garbage"),
        case("bad token: wrong fields", "POST", "/order", b"{}", JSON, auth="garbage"),
        case("bad token: good order", "POST", "/order", json.dumps(ORDER), JSON, auth="garbage"),
    ]
    made += [
        case(f"scheme: {name}", "GET", "/account", headers=[("Authorization", value)], auth="in header")
        for name, value in [
            ("lower case bearer", "bearer {token}"), ("upper case", "BEARER {token}"), ("two spaces", "Bearer  {token}"),
            ("tab", "Bearer\t{token}"), ("no space", "Bearer{token}"), ("token alone", "{token}"), ("Basic", "Basic dm5weTp2bnB5"),
            ("Token", "Token {token}"), ("only Bearer", "Bearer"), ("Bearer and a space", "Bearer "),
            ("text after", "Bearer {token} x"), ("comma", "Bearer {token},Bearer {token}"), ("empty", ""), ("not ASCII", "Bearer 令牌"),
        ]
    ]
    made += [
        case("two Authorization headers", "GET", "/account", headers=[("Authorization", "Bearer x"), ("Authorization", "Bearer {token}")], auth="in header"),
        case("token in the query", "GET", "/account?token={token}", auth=None),
        case("token in a cookie", "GET", "/account", headers=[("Cookie", "access_token={token}")], auth="in header"),
    ]
    return made


def lists(when: str) -> list[Case]:
    return [case(f"{when}: GET {route}", "GET", route) for route in LISTS]


def ticks() -> list[Case]:
    targets = ["rb2610.SHFE", "IF2612.CFFEX", "nope.SHFE", "rb2610", "rb2610.", ".SHFE", "rb2610.NOPE", "RB2610.SHFE", "a.b.SMART",
               "BTC%2FUSDT.SMART", "BTC/USDT.SMART", "a+b.SHFE", "a%20b.SHFE", "%E8%9E%BA%E7%BA%B9.SHFE", "%FF.SHFE", "a%00b.SHFE",
               "%25.SHFE", "a?x=1", "a%3Fx.SHFE", "..", "%2e%2e", "x" * 3000, "m2609-C-3000.DCE", "%22%5C.SHFE", "%0A%09.SHFE", "%F0%9F%98%80.SHFE",
               "{}.SHFE"]
    made = [case(f"subscribe: {target[:40]}", "POST", f"/tick/{target}") for target in targets]
    made += [
        case("subscribe: with a body", "POST", "/tick/rb2610.SHFE", b"{", JSON),
        case("subscribe: again", "POST", "/tick/rb2610.SHFE"),
        case("subscribe: trailing slash", "POST", "/tick/rb2610.SHFE/"),
        case("subscribe: without a token, unknown", "POST", "/tick/nope.SHFE", auth=None),
    ]
    return made


def orders() -> list[Case]:
    """Orders whose JSON is well formed: one field changed at a time."""
    def order(name, without=None, raw=None, **changes):
        body = {key: value for key, value in {**ORDER, **changes}.items() if key != without}
        text = json.dumps(body, ensure_ascii=False)
        for key, value in (raw or {}).items():
            text = text.replace(json.dumps(f"@{key}"), value)
        return case(f"order: {name}", "POST", "/order", text, JSON)

    def raws(field, values):
        return [order(f"{field} {value[:40]}", raw={field: value}, **{field: f"@{field}"}) for value in values]

    anything = ["null", "true", "5", "1.5", "[]", "{}", '""', '"x"']
    numbers = ["0", "-1", "-0", "-0.0", "0.0", "1e-07", "1e308", "1e309", "1e999", "-1e999", "NaN", "Infinity", "-Infinity",
               '"1"', '" 1 "', '"1e3"', '"1,000"', '"1_000"', '"0x10"', '"nan"', '"inf"', '"Infinity"', '"１"', "true", "false", "null", '""', '"abc"',
               "[1]", "{}", "123456789012345678901234567890", "0.1234567890123456789", "1.797e308", "1.7976931348623157e308", "01", "+1", ".5", "1.",
               '"+1"', '".5"', '"1."', '"-1"', '"\\n1\\t"', '"1e999"', '"true"']
    made = [
        order("resting"), order("filling", price=3700), order("partly filling", volume=16, price=3000),
        order("rejected", volume=13), order("refused", volume=14), order("gateway raises", volume=15),
        order("sell", direction="{SHORT}", offset="{CLOSETODAY}", price=3700.5), order("market", type="{MARKET}", price=0),
        order("FAK", type="FAK"), order("FOK", type="FOK"), order("STOP", type="STOP"), order("RFQ", type="{RFQ}"), order("ETF", type="ETF"),
        order("net", direction="{NET}", symbol="600000", exchange="SSE", offset="", volume=100, price=10),
        order("without price", without="price"), order("without offset", without="offset"), order("without reference", without="reference"),
        *(order(f"without {field}", without=field) for field in ("symbol", "exchange", "direction", "type", "volume")),
        order("unknown symbol", symbol="nope"), order("symbol of another exchange", exchange="DCE"), order("empty symbol", symbol=""),
        order("symbol with a slash", symbol="BTC/USDT", exchange="SMART"), order("symbol with a dot", symbol="a.b", exchange="SMART"),
        order("symbol with a quote", symbol='a"\\\u2028中'), order("symbol with NUL", symbol="a\0b"), order("symbol with a space", symbol=" rb2610"),
        order("option", symbol="m2609-C-3000", exchange="DCE"), order("forex", symbol="EURUSD", exchange="IDEALPRO", volume=0.01, price=1.07995),
        order("exchange EUX", exchange="EUX"), order("exchange EUREX", exchange="EUREX"), order("exchange in lower case", exchange="shfe"),
        order("exchange with a space", exchange="SHFE "), order("exchange unknown", exchange="NOPE"),
        order("direction by member name", direction="LONG"), order("direction in the other language", direction="{OTHER_LONG}"),
        order("direction in lower case", direction="long"), order("direction empty", direction=""),
        order("type by member name", type="LIMIT"), order("type in the other language", type="{OTHER_LIMIT}"),
        order("offset by member name", offset="OPEN"), order("offset in the other language", offset="{OTHER_OPEN}"),
        order("offset NONE", offset="NONE"),
        order("reference of 10 kB", reference="r" * 10000), order("reference not ASCII", reference="策略一\U0001f600"), order("reference with NUL", reference="a\0b"),
        order("unknown field", leverage=5), order("two wrong fields", exchange="NOPE", volume="abc"), order("all wrong", symbol=1, exchange=1, direction=1, type=1, volume="x", price="y", offset=1, reference=1),
        order("extra nested", x={"a": [1]}),
    ]
    made += raws("volume", numbers) + raws("price", numbers)
    for field in ("symbol", "exchange", "direction", "type", "offset", "reference"):
        made += raws(field, anything)
    made += raws("symbol", ['"\\ud800"', '"\\u0041"', '"a\\/b"'])
    made += raws("reference", ['"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00\\ud800"'])
    return made


def order_bodies() -> list[Case]:
    """Orders whose body is not what it should be."""
    good = json.dumps(ORDER, ensure_ascii=False)

    def body(name, content, headers=JSON, **more):
        return case(f"order body: {name}", "POST", "/order", content, headers, **more)

    def kind(name, value):
        return body(f"content type {name}", good, [("Content-Type", value)] if value is not None else [])

    made = [
        body(f"{text[:30]!r}", text) for text in [
            "", "null", "true", "0", '""', '"x"', "[]", "[1]", "{}", "{", "}", "{]", '{"symbol"', '{"symbol":', '{"symbol":}', '{"symbol": "a",}',
            "{'symbol': 'a'}", '{"symbol": "a" "b"}', '{symbol: 1}', "// x", "nul", "tru", "-", "1 2", '{} x', '{}{}', '{"a": 1e}', '{"a": 1.}',
            '{"a": "\\x"}', '{"a": "\\u12"}', '{"a": "\t"}', '{"a": "unterminated', "\n\n  {", '{"a":1,\n"b":2,\n"c"}', "[1,", "[1,]", "\x00", " ", "NaN", "Infinity", "\"\\ud800\"",
        ]
    ]
    made += [
        body("BOM", "\ufeff" + good), body("UTF-16 with BOM", good, encoding="utf-16"), body("UTF-16 LE", good, encoding="utf-16-le"),
        body("UTF-32", good, encoding="utf-32-le"), body("GBK", good.replace("WebTrader", "螺纹"), encoding="gbk"),
        body("Latin-1", b'{"symbol": "\xe9"}'), body("overlong UTF-8", b'{"symbol": "\xc0\x80"}'), body("surrogate in UTF-8", b'{"symbol": "\xed\xa0\x80"}'),
        body("duplicate keys", good[:-1] + ', "price": 2990, "volume": 2}'), body("whitespace", "\r\n\t " + good + " \n"),
        body("nested 200 deep", "[" * 200 + "]" * 200), body("object nested in a field", good[:-1] + ', "x": ' + "[" * 200 + "]" * 200 + "}"),
        body("form body", urlencode({"symbol": "rb2610"}), FORM),
        kind("missing", None), kind("text/plain", "text/plain"), kind("application/json; charset=gbk", "application/json; charset=gbk"),
        kind("application/vnd.api+json", "application/vnd.api+json"), kind("APPLICATION/JSON", "APPLICATION/JSON"), kind("text/json", "text/json"),
        kind("application/jsonp", "application/jsonp"), kind("empty", ""), kind("nonsense", "nonsense"), kind("application/json;", "application/json;"),
        body("empty without content type", b"", []),
    ]
    return made


def cancels() -> list[Case]:
    ids = ["SIM.1_100_1", "SIM.1_100_1", "SIM.1_100_2", "SIM.999", "nope", "SIM.", ".", "..", "SIM%2F1", "SIM/1", "a%20b", "%E5%A7%94", "%FF", "a%00b", "x" * 3000]
    made = [case(f"cancel: {name[:40]} ({index})", "DELETE", f"/order/{name}") for index, name in enumerate(ids)]
    made += [
        case("cancel: with a body", "DELETE", "/order/SIM.999", b"{", JSON),
        case("cancel: without a token", "DELETE", "/order/SIM.1_100_3", auth=None),
    ]
    return made
