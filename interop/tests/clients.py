"""What a script of a user does, in one line each, against any of the two web servers."""

import json

from http_raw import Answer, Request, bearer, get, send

JSON = [("Content-Type", "application/json")]


class Client:
    """A logged-in user of one server."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        self.token = token

    def get(self, route: str, timeout: float = 40) -> list | dict:
        answer = get(self.base, route, self.token, timeout)
        assert answer.status == 200, (answer.status, answer.text)
        return json.loads(answer.body)

    def try_get(self, route: str) -> int:
        return get(self.base, route, self.token).status

    def post_order(self, timeout: float = 40, **fields) -> Answer:
        body = {"symbol": "rb2610", "exchange": "SHFE", "direction": "LONG", "type": "LIMIT", "volume": 1, "price": 3000,
                "offset": "OPEN", "reference": "test", **fields}
        return send(self.base, Request("POST", "/order", JSON + bearer(self.token), json.dumps(body).encode()), timeout)

    def order(self, **fields) -> str:
        answer = self.post_order(**fields)
        assert answer.status == 200, (answer.status, answer.text)
        return json.loads(answer.body)

    def try_order(self, **fields) -> int:
        return self.post_order(**fields).status

    def cancel(self, vt_orderid: str) -> Answer:
        return send(self.base, Request("DELETE", f"/order/{vt_orderid}", bearer(self.token)))

    def subscribe(self, vt_symbol: str) -> Answer:
        return send(self.base, Request("POST", f"/tick/{vt_symbol}", bearer(self.token)))

    def orders(self) -> dict[str, dict]:
        return {order["vt_orderid"]: order for order in self.get("/order")}
