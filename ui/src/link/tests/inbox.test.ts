import { expect, it } from "vitest";
import { Inbox } from "../inbox";
import { World } from "./world";

it("goes on where what it gave away could not be taken in", async () => {
  const world = new World();
  const taken: number[] = [];
  let fails = true;
  // As a browser: what fails in a timer is reported, and the page goes on.
  const around = { frame: (act: () => void) => world.frame(act), later: (act: () => void, ms: number) => world.later(() => reported(act), ms) };
  const inbox = new Inbox<number>(around, (things) => {
    if (fails) throw new Error("cannot be taken in");
    taken.push(...things);
  });
  inbox.put([1]);
  await world.pass(0);
  fails = false;
  inbox.put([2]);
  await world.pass(0);
  expect(taken).toEqual([]);
  await world.pass(40);
  expect(taken).toEqual([2]);
});

function reported(act: () => void): void {
  try {
    act();
  } catch {
    // In a browser: the console.
  }
}
