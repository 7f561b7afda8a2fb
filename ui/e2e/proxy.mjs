// A bad network: passes bytes on both ways, in pieces of any size and late, and breaks when told or by chance.
// The order of bytes is kept, as TCP keeps it.
import { createServer, connect } from "node:net";

const LARGEST_PIECE = 16_384;
/** Share of the pieces that are late. */
const LATE = 0.1;

/** `lateMs`: how late a piece may be; `random` gives numbers from 0 up to 1. */
export async function proxy(target, { lateMs = 0, random = Math.random } = {}) {
  const { hostname, port } = new URL(target);
  const pairs = new Set();
  let frozen = "nothing";
  /** How many bytes from the server may still pass before all connections break; none are counted while null. */
  let left = null;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream];
    pairs.add(pair);
    for (const from of pair) {
      from.setNoDelay(true);
      from.on("error", () => undefined);
    }
    const both = [pass(client, upstream, false), pass(upstream, client, true)];
    void Promise.all(both).then(() => pairs.delete(pair));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Breaks every connection now. */
    cut,
    /** Breaks them once so many bytes more have come from the server: in the middle of a frame, as it happens. */
    cutAfter: (bytes) => (left = bytes),
    /** Nothing passes any more, and nobody is told: "all", or only the "answers" of the server. */
    freeze: (what) => (frozen = what),
    thaw: () => (frozen = "nothing"),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function cut() {
    left = null;
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    pairs.clear();
  }

  async function pass(from, to, isAnswer) {
    try {
      for await (const chunk of from) {
        for (let rest = chunk; rest.length > 0; ) {
          const piece = rest.subarray(0, 1 + Math.floor(random() ** 3 * LARGEST_PIECE));
          rest = rest.subarray(piece.length);
          if (random() < LATE) await later(random() * lateMs);
          while (!to.destroyed && (frozen === "all" || (frozen === "answers" && isAnswer))) await later(20);
          if (to.destroyed) return from.destroy();
          if (isAnswer && left !== null && (left -= piece.length) <= 0) return await breakAt(to, piece.subarray(0, piece.length + left));
          if (!to.write(piece)) await new Promise((resolve) => to.once("drain", resolve).once("close", resolve));
        }
      }
    } catch {
      // It was broken from the other side, or by us.
    }
    to.end();
  }

  /** What is passed on last arrives before all breaks. */
  async function breakAt(to, piece) {
    await new Promise((resolve) => to.write(piece, resolve));
    cut();
  }
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
