/**
 * One tab sends at a time, with the Web Locks of Node.
 */
import { expect, test } from "vitest";
import { inOneTab } from "../../../../src/browser/scanner/log/start-sender.ts";

const { locks } = navigator;

test("a second tab begins when the first has ended", async () => {
  const events: string[] = [];
  const tab = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} ends`);
  };
  await Promise.all([inOneTab(locks, tab("first")), inOneTab(locks, tab("second"))]);
  expect(events).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("a tab that never ends does not stop the others, nor does a browser without locks", async () => {
  let end = () => {};
  const first = inOneTab(locks, () => new Promise((resolve) => (end = resolve)));
  let runs = 0;
  const work = async () => void runs++;
  await inOneTab(locks, work, 1);
  await inOneTab(undefined, work);
  end();
  await first;
  expect(runs).toBe(2);
});

test("an exception ends the lock, and the work is not repeated", async () => {
  let runs = 0;
  const failing = async () => {
    runs++;
    throw new Error("of the work");
  };
  await expect(inOneTab(locks, failing)).rejects.toThrow("of the work");
  await inOneTab(locks, async () => void runs++);
  expect(runs).toBe(2);
});
