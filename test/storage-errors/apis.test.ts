/**
 * What the clients of each API get when D1 does not respond: 503 with Retry-After, in the form of their API.
 */
import { expect, test } from "vitest";
import type { Failure } from "../failing-d1.ts";
import { ADMIN_TOKEN, randomPushToken } from "../harness.ts";
import {
  ask,
  type Call,
  down,
  eventWithPass,
  held,
  isUnavailable,
  PASS_TYPE,
  prepareStorage,
  registered,
  templateId,
} from "./client.ts";

prepareStorage();

test("iPhones get 503 with Retry-After, so that they come again", async () => {
  const { pass, place, holder } = await registered();
  const body = { pushToken: randomPushToken() };
  const requests: [Call, Failure["of"]][] = [
    [["GET", `/v1${place}`, undefined, {}], "reads"],
    [["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], "reads"],
    [["POST", `/v1${place}/${pass.serialNumber}`, body, holder], "writes"],
    [["DELETE", `/v1${place}/${pass.serialNumber}`, undefined, holder], "writes"],
  ];
  for (const [request, of] of requests) expect(await ask(request, { ...down, of })).toSatisfy(isUnavailable);
});

test("a log and a state of a pass are still answered 200", async () => {
  const { pass } = await held();
  const requests: Call[] = [
    ["POST", "/v1/log", { logs: ["a line"] }, {}],
    ["POST", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/passLifecycleUpdate`, { passState: "added" }, {}],
  ];
  for (const request of requests) expect((await ask(request, { ...down, of: "writes" })).status).toBe(200);
});

test("Airship's clients get 503 as problem+json", async () => {
  const { event, pass } = await eventWithPass();
  for (const path of [`events/project/${event.projectId}/${event.id}/passes`, `pass/${pass.id}/download`])
    expect(await ask(["GET", `/v1/${path}`], { ...down, of: "reads" })).toSatisfy(isUnavailable);
});

test("VoltMX's fetch is answered as ever after one error, and after three 500 with Retry-After", async () => {
  const { pass, holder } = await held();
  const path = `/api/v1/passes/${PASS_TYPE}/${pass.serialNumber}`;
  const fetch: Call = ["GET", path, undefined, holder];
  expect((await ask(fetch, { of: "reads", when: "before" })).status).toBe(200);
  const answer = await ask(fetch, { of: "reads", when: "before", times: 99 });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([500, "5"]);
  expect(answer.body.code).toBe("pass_not_built");
});

test("Passdock's clients get 503 in the form of their API", async () => {
  const path = `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`;
  const failure = { of: "reads", when: "before", times: 99 } as const;
  const [bare, withTexts] = [
    await ask(["GET", path, undefined, {}], failure),
    await ask(["GET", `${path}&errors=true`, undefined, {}], failure),
  ];
  expect([bare.status, bare.headers.get("retry-after"), bare.body]).toEqual([503, "5", { code: 503 }]);
  expect(withTexts.body).toEqual({ code: 503, errors: [expect.stringContaining("database")] });
});
