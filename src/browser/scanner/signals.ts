/**
 * The sound and the vibration of an answer. Tones differ in rhythm and pitch, so that one hears the difference in noise and without
 * looking. iPhones do not vibrate for pages.
 */
import type { Tone } from "./tone.ts";

interface Note {
  /** In Hz. */
  readonly pitch: number;
  readonly lengthMs: number;
  readonly wave: OscillatorType;
}

const NOTES: Readonly<Record<Tone, readonly Note[]>> = {
  // Two notes, rising.
  go: [
    { pitch: 880, lengthMs: 90, wave: "sine" },
    { pitch: 1320, lengthMs: 140, wave: "sine" },
  ],
  // One low, long, rough note after a short one.
  stop: [
    { pitch: 220, lengthMs: 120, wave: "square" },
    { pitch: 165, lengthMs: 450, wave: "square" },
  ],
  // Three notes, up and down.
  ask: [
    { pitch: 660, lengthMs: 90, wave: "triangle" },
    { pitch: 990, lengthMs: 90, wave: "triangle" },
    { pitch: 660, lengthMs: 140, wave: "triangle" },
  ],
  // The same note twice.
  unchecked: [
    { pitch: 520, lengthMs: 120, wave: "triangle" },
    { pitch: 520, lengthMs: 120, wave: "triangle" },
  ],
};

/** On and off in turns, in milliseconds. */
const VIBRATIONS: Readonly<Record<Tone, readonly number[]>> = {
  go: [80],
  stop: [250, 100, 250],
  ask: [80, 80, 80, 80, 80],
  unchecked: [120, 120, 120],
};

const GAP_MS = 30;
const VOLUME = 0.5;
/** A note that begins or ends at once clicks. */
const FADE_MS = 10;

/** Nothing here throws: some browsers have no sounds, such as an iPhone in Lockdown Mode, and the scan goes on. */
export interface Signals {
  /** It must be called from a tap or a key: until then, browsers play nothing. */
  unlock(): void;
  play(tone: Tone, options: { readonly sound: boolean; readonly vibration: boolean }): void;
}

export function createSignals(): Signals {
  let context: AudioContext | undefined;
  return {
    unlock() {
      try {
        context ??= new AudioContext();
        // Also after a phone call, which suspends it.
        if (context.state !== "running") context.resume().catch(() => {});
      } catch {
        // The next tap tries it again.
      }
    },
    play(tone, { sound, vibration }) {
      try {
        if (vibration) navigator.vibrate?.([...VIBRATIONS[tone]]);
        if (sound && context?.state === "running") playNotes(context, NOTES[tone]);
      } catch {
        // The answer is on the screen.
      }
    },
  };
}

function playNotes(context: AudioContext, notes: readonly Note[]): void {
  let start = context.currentTime;
  for (const { pitch, lengthMs, wave } of notes) {
    const end = start + lengthMs / 1000;
    const oscillator = new OscillatorNode(context, { type: wave, frequency: pitch });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(VOLUME, start + FADE_MS / 1000);
    gain.gain.setValueAtTime(VOLUME, end - FADE_MS / 1000);
    gain.gain.linearRampToValueAtTime(0, end);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(end);
    start = end + GAP_MS / 1000;
  }
}
