"""Runs the cases of `cases.py` against one server and gives what it answered, ready to compare or to store."""

import base64
from urllib.parse import urlencode

from cases import Case, all_cases
from http_raw import Request, send
from tokens import bad_tokens

WORDS = {
    "zh": {"LONG": "多", "SHORT": "空", "NET": "净", "LIMIT": "限价", "MARKET": "市价", "RFQ": "询价", "OPEN": "开",
           "CLOSETODAY": "平今", "CLOSE": "平"},
    "en": {"LONG": "Long", "SHORT": "Short", "NET": "Net", "LIMIT": "Limit", "MARKET": "Market", "RFQ": "RFQ", "OPEN": "Open",
           "CLOSETODAY": "Close Today", "CLOSE": "Close"},
}
# What a client sees of an answer: these headers, the status and the body.
HEADERS = ["content-type", "www-authenticate", "location", "allow"]


def login(base: str, username="vnpy", password="vnpy") -> str:
    form = urlencode({"username": username, "password": password}).encode()
    answer = send(base, Request("POST", "/token", [("Content-Type", "application/x-www-form-urlencoded")], form))
    assert answer.status == 200, answer
    import json
    return json.loads(answer.body)["access_token"]


class Recorder:
    """One server, one login, any number of cases."""

    def __init__(self, base: str, language: str) -> None:
        self.base = base
        self.token = login(base)
        self.tokens = {**bad_tokens(self.token), "valid": self.token}
        other = "en" if language == "zh" else "zh"
        self.words = {**{f"{{{key}}}": value for key, value in WORDS[language].items()},
                      **{f"{{OTHER_{key}}}": value for key, value in WORDS[other].items()}, "{token}": self.token}

    def fill(self, text: str) -> str:
        for key, value in self.words.items():
            text = text.replace(key, value)
        return text

    def request(self, case: Case) -> Request:
        headers = [(name, self.fill(value)) for name, value in case.headers]
        if case.auth is not None and case.auth != "in header":
            headers.append(("Authorization", f"Bearer {self.tokens[case.auth]}"))
        body = case.body
        if isinstance(body, str):
            body = self.fill(body).encode(case.encoding, "surrogateescape")
        return Request(case.method, self.fill(case.target), headers, body)

    def record(self, case: Case) -> dict:
        try:
            answer = send(self.base, self.request(case))
        except Exception as error:  # noqa: BLE001 - that no answer comes is an observation, too
            return {"no answer": type(error).__name__}
        text = answer.body.decode("utf-8", "surrogateescape").replace(self.base, "{base}").replace(self.token, "{token}")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            text = "base64:" + base64.b64encode(answer.body).decode()
        headers = {name: value.replace(self.base, "{base}") for name in HEADERS if (value := answer.header(name)) is not None}
        if "allow" in headers:  # Starlette prints a Python set: its order changes from one start to the next
            headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
        return {"status": answer.status, "headers": headers, "body": text}

    def record_all(self) -> dict[str, dict]:
        return {case.name: self.record(case) for case in all_cases()}
