/**
 * Turns (src/turns.ts): in order, one after another, and free again if the ticket is not renewed.
 */
import { afterEach, expect, test, vi } from "vitest";
import { Turns, takeTurn } from "../src/turns.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("turns come one after another, in order", async () => {
  vi.useFakeTimers();
  const events: string[] = [];
  const turns = new Turns(1, 5);
  const first = await takeTurn(turns, 1000);
  const later = ["second", "third"].map(async (name) => {
    const release = await takeTurn(turns, 1000);
    events.push(name);
    return release;
  });
  await vi.advanceTimersByTimeAsync(500);
  expect(events).toEqual([]);
  first?.();
  await vi.advanceTimersByTimeAsync(100);
  expect(events).toEqual(["second"]);
  (await later[0])?.();
  await vi.advanceTimersByTimeAsync(100);
  expect(events).toEqual(["second", "third"]);
  (await later[1])?.();
});

test("as many have a turn at once as there are turns", async () => {
  const turns = new Turns(2, 5);
  const taken = [await takeTurn(turns, 0), await takeTurn(turns, 0), await takeTurn(turns, 0)];
  expect(taken.map((release) => release !== undefined)).toEqual([true, true, false]);
  for (const release of taken) release?.();
});

test("who waits gives up after the time that was asked for, or at once if too many wait", async () => {
  vi.useFakeTimers();
  const turns = new Turns(1, 1);
  const release = await takeTurn(turns, 0);
  const waiting = takeTurn(turns, 1000);
  expect(await takeTurn(turns, 1000)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1100);
  expect(await waiting).toBeUndefined();
  release?.();
  expect(await takeTurn(turns, 0)).toBeDefined();
});

test("a ticket that is not renewed loses its turn, or its place in the order", () => {
  const turns = new Turns(1, 5);
  const [gone, waitsAndGoes, waits] = [turns.enter(0), turns.enter(0), turns.enter(0)];
  if (gone === undefined || waitsAndGoes === undefined || waits === undefined) throw new Error("no place");
  for (let now = 0; now <= 15_000; now += 1000) {
    expect(turns.isNow(waits, now)).toBe(false);
    turns.renew(gone, Math.min(now, 10_000));
  }
  expect(turns.isNow(waits, 25_000)).toBe(false);
  expect(turns.isNow(waits, 25_001)).toBe(true);
});

test("who has a turn keeps it, however long the work takes", async () => {
  vi.useFakeTimers();
  const turns = new Turns(1, 5);
  const release = await takeTurn(turns, 0);
  const waiting = takeTurn(turns, 60_000);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(await waiting).toBeUndefined();
  release?.();
});
