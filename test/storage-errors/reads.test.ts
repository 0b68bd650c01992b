/**
 * Requests that only read while D1 has one of its normal errors: clients do not notice one error, and three in a row are
 * 503 with Retry-After. Which errors are repeated.
 */
import { expect, test } from "vitest";
import { OVERLOADED, TRANSIENT } from "../failing-d1.ts";
import { admin } from "../harness.ts";
import {
  ask,
  type Call,
  down,
  eventWithPass,
  held,
  isUnavailable,
  LOGGED,
  PASS_TYPE,
  prepareStorage,
  registered,
  repeats,
  templateId,
} from "./client.ts";

prepareStorage();

/** Reads: each makes a request that only reads, and its status. */
const READS: Record<string, () => Promise<readonly [Call, number]>> = {
  "Apple: list": async () => {
    const { place } = await registered();
    return [["GET", `/v1${place}`, undefined, {}], 200];
  },
  "Apple: fetch": async () => {
    const { pass, holder } = await held();
    return [["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], 200];
  },
  "VoltMX: list": async () => {
    const { place } = await registered();
    return [["GET", `/api/v1${place}`, undefined, {}], 200];
  },
  "a page": async () => {
    const { landingUrl } = await admin.issue(templateId);
    return [["GET", new URL(landingUrl).pathname, undefined, { Accept: "text/html" }], 200];
  },
  "a download by link": async () => {
    const { downloadUrl } = await admin.issue(templateId);
    return [["GET", new URL(downloadUrl).pathname, undefined, {}], 200];
  },
  "Airship: passes of an event": async () => {
    const { event } = await eventWithPass();
    return [["GET", `/v1/events/project/${event.projectId}/${event.id}/passes`], 200];
  },
  "Airship: download": async () => [["GET", `/v1/pass/${(await admin.issue(templateId)).id}/download`], 200],
  "admin: passes": async () => [["GET", "/admin/v1/passes"], 200],
  "admin: events, by one batch": async () => {
    const { event } = await eventWithPass();
    return [["GET", `/admin/v1/projects/${event.projectId}/events`], 200];
  },
  "admin: pass types, by one batch": async () => [["GET", "/admin/v1/pass-types"], 200],
  "admin: health": async () => [["GET", "/admin/v1/health"], 200],
};

test.each(Object.entries(READS))(
  "%s: one error is not noticed, and three are 503 with Retry-After",
  async (_name, prepare) => {
    const [request, status] = await prepare();
    const answer = await ask(request, { of: "reads", when: "before" });
    expect(answer.status, answer.text).toBe(status);
    expect(repeats(answer)).toEqual([LOGGED("read")]);
    expect(await ask(request, { ...down, of: "reads" })).toSatisfy(isUnavailable);
  },
);

test.each(TRANSIENT)("%s: a read is repeated", async (message) => {
  const answer = await ask(["GET", "/admin/v1/passes"], { of: "reads", when: "before", message });
  expect([answer.status, answer.calls]).toEqual([200, 2]);
});

test("an overloaded database is not asked again", async () => {
  const failure = { when: "before", times: 99, message: OVERLOADED } as const;
  const { id } = await admin.issue(templateId);
  for (const [request, of] of [
    [["GET", `/admin/v1/passes/${id}`], "reads"],
    [["PATCH", `/admin/v1/passes/${id}`, { values: { points: "1" } }], "writes"],
  ] as const) {
    const answer = await ask(request, { ...failure, of });
    expect(answer.calls).toBe(1);
    expect([answer.status, answer.body.code, answer.headers.get("retry-after")]).toEqual([
      503,
      "database_unavailable",
      "5",
    ]);
  }
});

test("any other error of D1 is a bug: 500, and not repeated", async () => {
  const failure = {
    of: "reads",
    when: "before",
    times: 99,
    message: "D1_ERROR: database disk image is malformed",
  } as const;
  const answer = await ask(["GET", "/admin/v1/passes"], failure);
  expect([answer.status, answer.body.code, answer.calls]).toEqual([500, "internal_error", 1]);
});
