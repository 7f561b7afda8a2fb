import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { browser } from "../surroundings";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

it("tells of a machine that has slept, a page that is shown, and a network that is back, until it is stopped", () => {
  let told = 0;
  const stop = browser.woken(() => (told += 1));
  vi.advanceTimersByTime(10_000);
  expect(told).toBe(0);
  // A lid closed: the clock goes on, the timers do not.
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(1);
  document.dispatchEvent(new Event("visibilitychange"));
  document.dispatchEvent(new Event("resume"));
  window.dispatchEvent(new Event("online"));
  window.dispatchEvent(new Event("pageshow"));
  expect(told).toBe(5);
  stop();
  window.dispatchEvent(new Event("online"));
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(5);
});

it("tells of a network that is gone", () => {
  let told = 0;
  const stop = browser.unplugged(() => (told += 1));
  window.dispatchEvent(new Event("offline"));
  stop();
  window.dispatchEvent(new Event("offline"));
  expect(told).toBe(1);
});
