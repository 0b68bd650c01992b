/**
 * Which device a User-Agent is taken for.
 */
import { expect, test } from "vitest";
import { deviceOf } from "../../src/pages/device.ts";
import { USER_AGENTS } from "./user-agents.ts";

test.each(USER_AGENTS)("%s", (_what, userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});
