"""One pyzmq socket for the interoperability tests: peer.py ROLE ENDPOINT [ARGUMENT ...].

Servers print the endpoint that they are bound to; every role prints one line per thing that the test waits for.
"""

import sys
import zmq


def say(*words):
    print(*words, flush=True)


def body(number):
    """Sizes on both sides of the short and the long frame, and some large ones."""
    return bytes([number % 251]) * (number * 37 % 1200 if number % 50 else number * 1000)


def bind(socket, endpoint):
    socket.bind(endpoint)
    say(socket.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0"))


def echo(socket, endpoint):
    """ROUTER or REP: sends back what comes, and says the first 20 bytes of the last part."""
    bind(socket, endpoint)
    while True:
        parts = socket.recv_multipart()
        socket.send_multipart(parts)
        say("echoed", parts[-1][:20].decode("latin1"))


def ask(socket, endpoint, count):
    """DEALER (pipelined) or REQ (one by one): sends `count` requests and wants each of them back."""
    socket.connect(endpoint)
    count = int(count)
    if socket.type == zmq.REQ:
        for number in range(count):
            socket.send_multipart([b"%d" % number, body(number)])
            assert socket.recv_multipart() == [b"%d" % number, body(number)]
    else:
        for number in range(count):
            socket.send_multipart([b"%d" % number, b"", body(number)])
        for number in range(count):
            assert socket.recv_multipart() == [b"%d" % number, b"", body(number)]
    say("done", count)


def publish(socket, endpoint):
    """Publishes "sync" until a line comes, then as many messages as it says, then "end"."""
    bind(socket, endpoint)
    import select

    while not select.select([sys.stdin], [], [], 0.005)[0]:
        socket.send_multipart([b"sync"])
    for line in sys.stdin:
        for number in range(int(line)):
            socket.send_multipart([b"tick." if number % 2 else b"order.", b"%d" % number, body(number)])
        socket.send_multipart([b"end"])
        say("published", line.strip())


def subscribe(socket, endpoint, *prefixes):
    """Says "synced" at the first message, then checks numbered ones until "end"; a line on stdin cancels a prefix."""
    for prefix in prefixes:
        socket.subscribe(prefix)
    socket.connect(endpoint)
    say("connecting")
    socket.recv_multipart()
    say("synced")
    while True:
        count = 0
        while True:
            parts = socket.recv_multipart()
            if parts[0] == b"sync":
                continue
            if parts[0] == b"end":
                break
            assert parts[2] == body(int(parts[1])), parts[1]
            count += 1
        say("received", count)
        line = sys.stdin.readline().strip()
        if not line:
            return
        socket.unsubscribe(line)
        say("cancelled", line)


ROLES = {
    "router": (zmq.ROUTER, echo),
    "rep": (zmq.REP, echo),
    "dealer": (zmq.DEALER, ask),
    "req": (zmq.REQ, ask),
    "pub": (zmq.PUB, publish),
    "xpub": (zmq.XPUB, publish),
    "sub": (zmq.SUB, subscribe),
}


def main():
    role, endpoint, *arguments = sys.argv[1:]
    kind, run = ROLES[role]
    socket = zmq.Context().socket(kind)
    # The tests want every message; VeighNa's sockets lose some above 1,000.
    socket.sndhwm = socket.rcvhwm = 0
    socket.linger = 0
    # PINGs of its own, so that PONGs are tried as well.
    socket.heartbeat_ivl = 50
    socket.heartbeat_timeout = 5000
    socket.reconnect_ivl = 50
    run(socket, endpoint, *arguments)


main()
