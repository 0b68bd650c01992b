/**
 * A browser that stores nothing: scans are answered while there is a network.
 */
import { expect, test } from "vitest";
import { unavailableLog } from "../../../../src/browser/scanner/log/unavailable-log.ts";
import { phoneOf, StandInServer, TestClock } from "./stand-in.ts";

test("without a log a scan is answered, and without an answer the person sees that it is not recorded", async () => {
  const clock = new TestClock();
  const server = new StandInServer(clock.now);
  const log = unavailableLog("SecurityError");
  const phone = await phoneOf(server, clock, { log });
  const scan = await phone.scan("A");
  expect(scan.state).toMatchObject({ kind: "answered", result: { outcome: "redeemed" } });
  // Nothing of it can be undone here, and asking for it does no harm.
  expect(await phone.sender.undo(scan)).toEqual(scan);
  server.network = "down";
  expect((await phone.scan("B")).state).toEqual({
    kind: "not_stored",
    detail: expect.stringContaining("SecurityError"),
  });
  expect(await log.latest(50)).toEqual([]);
});
