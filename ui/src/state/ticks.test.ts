import { expect, it } from "vitest";
import * as wire from "../api/wire";
import { Ticks } from "./ticks";

it("paints the newest tick of each instrument once per frame", () => {
  const frames: (() => void)[] = [];
  const ticks = new Ticks((paint) => frames.push(paint));
  const tick = (vt_symbol: string, last_price: number) => wire.tick({ vt_symbol, last_price });
  for (let n = 0; n < 1000; n += 1) ticks.take(tick("a.X", n));
  ticks.take(tick("b.X", 7));
  expect(frames).toHaveLength(1);
  expect(ticks.of("a.X").value).toBeNull();
  frames.pop()?.();
  expect([ticks.of("a.X").value?.last, ticks.of("b.X").value?.last]).toEqual([999, 7]);
  ticks.take(tick("a.X", 1));
  expect(frames).toHaveLength(1);
});
