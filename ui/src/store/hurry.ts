// Somebody has sent something and looks for what becomes of it: drawing that can wait a moment does. Nothing here is
// reactive; who draws asks.

/** As long as an answer and its row mostly take to the screen. */
const HURRY_MS = 150;

let until = 0;

export function hurry(): void {
  until = performance.now() + HURRY_MS;
}

/** For how long to wait, in milliseconds; 0: nobody is in a hurry. */
export function hurriedFor(): number {
  return Math.max(0, until - performance.now());
}
