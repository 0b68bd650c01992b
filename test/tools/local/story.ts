/** The terminal output of the demo: a line for each step with its time, details of the step, and the result. */
import { inspect, isDeepStrictEqual, styleText } from "node:util";

const WIDTH = 72;
const startedAt = performance.now();
let steps = 0;

export function title(text: string): void {
  console.log(`\n${styleText("bold", text)}\n`);
}

/** Runs one step and prints it when it is finished. Its `say` adds lines below. */
export async function step<Result>(
  what: string,
  work: (say: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  const lines: string[] = [];
  const from = performance.now();
  try {
    const result = await work((line) => lines.push(line));
    const took = `${Math.round(performance.now() - from)} ms`;
    console.log(`${styleText("green", "✓")} ${what.padEnd(WIDTH - took.length)} ${styleText("dim", took)}`);
    for (const line of lines) console.log(`    ${styleText("dim", line)}`);
    steps += 1;
    return result;
  } catch (error) {
    console.log(`${styleText("red", "✗")} ${what}`);
    throw error;
  }
}

/** A text as the lock screen shows it. */
export function lockScreen(text: string): string {
  return `on the lock screen:  ${styleText(["bold", "yellow"], text)}`;
}

/** @throws Error with the fault */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: expected ${inspect(expected)}, and it was ${inspect(actual, { depth: 5 })}`);
}

/** The last lines: the success, or the reason of the failure. */
export function ending(failure: { error: unknown } | undefined): void {
  if (failure === undefined) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\n${styleText("bold", `${steps} steps in ${seconds} s, all as they should be.`)}`);
    return;
  }
  console.error(`\n${styleText("red", "The demo failed:")}`);
  console.error(failure.error);
}
