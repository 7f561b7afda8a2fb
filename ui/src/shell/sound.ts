// Short tones made by the browser itself, so that no file is needed. A browser that has not been touched yet may stay
// silent: it wants a click first.
import type { AlertKind } from "../store/alerts";

/** Hertz, one after the other. A rejection falls, a lost link is low and comes twice. */
const TONES: Readonly<Record<AlertKind, readonly number[]>> = { fill: [880, 1175], reject: [440, 294], link: [233, 233, 233] };
const EACH_S = 0.11;
const LOUDNESS = 0.12;

let context: AudioContext | null = null;

export function beep(kind: AlertKind): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    TONES[kind].forEach((hertz, n) => tone(context!, hertz, context!.currentTime + n * EACH_S));
  } catch {
    // No sound on this machine; the toast says it all the same.
    return;
  }
}

function tone(to: AudioContext, hertz: number, at: number): void {
  const source = to.createOscillator();
  const loudness = to.createGain();
  source.frequency.value = hertz;
  // From and to silence, or it clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  loudness.gain.linearRampToValueAtTime(0, at + EACH_S);
  source.connect(loudness).connect(to.destination);
  source.start(at);
  source.stop(at + EACH_S);
}
