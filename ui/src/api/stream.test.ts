import { expect, it } from "vitest";
import { delay, Stream } from "./stream";

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  close(): void {
    this.closed = true;
    this.onclose?.();
  }
}

function setup() {
  const sockets: FakeSocket[] = [];
  const timers: { act: () => void; ms: number }[] = [];
  const seen: string[] = [];
  const stream = new Stream(() => "ws://x", {
    opened: () => seen.push("opened"),
    closed: () => seen.push("closed"),
    message: (topic, data) => seen.push(`${topic} ${String(data["n"])}`),
  }, {
    random: () => 1,
    later: (act, ms) => timers.push({ act, ms }),
    never: () => timers.pop(),
    socket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  return { stream, sockets, timers, seen };
}

it("reconnects, later each time, and at once after it had been open", () => {
  const { stream, sockets, timers, seen } = setup();
  stream.open();
  sockets[0]?.onopen?.();
  sockets[0]?.onclose?.();
  timers.at(-1)?.act();
  sockets[1]?.onclose?.();
  timers.at(-1)?.act();
  sockets[2]?.onopen?.();
  sockets[2]?.onclose?.();
  expect(seen).toEqual(["opened", "closed", "closed", "opened", "closed"]);
  expect(timers.map((timer) => timer.ms)).toEqual([500, 1000, 500]);
});

it("reads messages and skips what is none", () => {
  const { stream, sockets, seen } = setup();
  stream.open();
  for (const data of ['{"topic":"eTick.","data":{"n":1}}', "nonsense", "null", '{"topic":3}', '{"topic":"x","data":null}', new Blob()]) {
    sockets[0]?.onmessage?.({ data });
  }
  expect(seen).toEqual(["eTick. 1"]);
});

it("says nothing more once it is closed", () => {
  const { stream, sockets, timers, seen } = setup();
  stream.open();
  stream.close();
  sockets[0]?.onopen?.();
  expect([seen, timers, sockets[0]?.closed]).toEqual([[], [], true]);
});

it("waits between half and all of a bounded doubling time", () => {
  expect([delay(0, 0), delay(0, 1), delay(3, 0), delay(60, 1)]).toEqual([250, 500, 2000, 8000]);
});
