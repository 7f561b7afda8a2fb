"""What VeighNa's own code costs, without sockets: reading a tick, and the event engine.

    python library.py TICK_FILE

Writes the tick as VeighNa 4.5 publishes it (the pickle behind the topic) to TICK_FILE.
Every figure is processor time of the one thread that does the work.
"""

import pickle
import sys
import time
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "interop" / "veighna"))

import control  # noqa: E402

ANSWERS = control.take_stdout()

from vnpy.event import Event, EventEngine  # noqa: E402
from vnpy.trader.engine import OmsEngine  # noqa: E402
from vnpy.trader.event import EVENT_TICK  # noqa: E402

from fake_gateway import FakeGateway  # noqa: E402

HANDLERS = 7


class Library:
    """The commands."""

    def __init__(self, tick_file: str) -> None:
        engine = EventEngine()
        self.ticks = [FakeGateway(engine, "SIM").numbered_tick(number, 500, False) for number in range(500)]
        tick = FakeGateway(engine, "SIM").numbered_tick(123456, 1, True)
        self.pickled = pickle.dumps(tick, protocol=pickle.HIGHEST_PROTOCOL)
        Path(tick_file).write_bytes(self.pickled)

    def unpickle(self, count: int) -> dict:
        """Microseconds for each tick."""
        pickled = self.pickled
        begun = time.thread_time()
        for _ in range(count):
            pickle.loads(pickled)
        return {"us": (time.thread_time() - begun) / count * 1e6}

    def events(self, count: int) -> dict:
        """Events a second through the queue, the order management and 7 handlers."""
        engine = EventEngine()
        oms = OmsEngine(_Main(), engine)
        # Closures are all different; the same function cannot be registered twice.
        heard = [0] * HANDLERS
        for at in range(HANDLERS):
            engine.register(EVENT_TICK, lambda event, at=at: heard.__setitem__(at, event.data.last_price))
        engine._queue = Queue()
        for number in range(count):
            engine.put(Event(EVENT_TICK, self.ticks[number % len(self.ticks)]))
        begun = time.thread_time()
        for _ in range(count):
            engine._process(engine._queue.get(block=True, timeout=1))
        seconds = time.thread_time() - begun
        assert len(oms.ticks) == len(self.ticks)
        return {"rate": count / seconds}


class _Main:
    """As much of a MainEngine as the OmsEngine asks for when it is made."""

    def __getattr__(self, name: str):
        return None


def main() -> None:
    library = Library(sys.argv[1])
    control.serve(ANSWERS, {}, {"unpickle": library.unpickle, "events": library.events})
    control.os._exit(0)


if __name__ == "__main__":
    main()
