/**
 * Sounds are optional: a browser without them, such as an iPhone in Lockdown Mode, can still scan.
 */
import { afterEach, expect, test, vi } from "vitest";
import { createSignals } from "../../../src/browser/scanner/signals.ts";

afterEach(() => vi.unstubAllGlobals());

const ALL = { sound: true, vibration: true };

test("a browser without sounds, or with all of its sounds in use, neither stops Start nor an answer", async () => {
  const refuse = class {
    constructor() {
      throw new DOMException("too many", "NotSupportedError");
    }
  };
  for (const AudioContext of [undefined, refuse]) {
    vi.stubGlobal("AudioContext", AudioContext);
    const signals = createSignals();
    expect(() => signals.unlock()).not.toThrow();
    expect(() => signals.play("go", ALL)).not.toThrow();
  }
});

test("a sound that fails, or that cannot go on after a call, is left out", async () => {
  const resume = vi.fn(() => Promise.reject(new DOMException("interrupted", "InvalidStateError")));
  const contexts = [
    { state: "suspended", resume },
    { state: "running", currentTime: 0 },
  ];
  vi.stubGlobal(
    "AudioContext",
    class {
      constructor() {
        Object.assign(this, contexts.shift());
      }
    },
  );
  const interrupted = createSignals();
  interrupted.unlock();
  expect(resume).toHaveBeenCalledOnce();
  const broken = createSignals();
  broken.unlock();
  // Node has no OscillatorNode.
  expect(() => broken.play("stop", ALL)).not.toThrow();
});
