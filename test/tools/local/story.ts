/** How the demo speaks on the terminal: a line for each step with its time, what there is to say of it, the end. */
import { inspect, isDeepStrictEqual, styleText } from "node:util";

const WIDTH = 72;
const startedAt = performance.now();
let steps = 0;

export function title(text: string): void {
  console.log(`\n${styleText("bold", text)}\n`);
}

/** Does one step and prints it once it is done. Its `say` adds lines below. */
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

/** A text as it stands on the lock screen. */
export function lockScreen(text: string): string {
  return `on the lock screen:  ${styleText(["bold", "yellow"], text)}`;
}

/** @throws Error that says what is not as it should be */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: expected ${inspect(expected)}, and it was ${inspect(actual, { depth: 5 })}`);
}

/** The last lines: how it went, or why it did not. */
export function ending(failure: { error: unknown } | undefined): void {
  if (failure === undefined) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\n${styleText("bold", `${steps} steps in ${seconds} s, all as they should be.`)}`);
    return;
  }
  console.error(`\n${styleText("red", "The demo failed:")}`);
  console.error(failure.error);
}
