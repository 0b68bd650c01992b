/**
 * Writes that need no key: /v1/log and passLifecycleUpdate. The response is always 200; the data is limited in size,
 * rows and rate, masked, shown to the operator, and has no other effect.
 *
 * Follows Apple's "Log a message". passLifecycleUpdate is undocumented; the tests contain the requests that iOS sends.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Env } from "../../src/config.ts";
import { deviceLogs } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, randomPushToken, send } from "../harness.ts";
import { countRows, deleteRows, rowsOf } from "../rows.ts";
import { ask, askWith, holderOf, untouchable } from "./web-service.ts";

const PASS_TYPE = "pass.test.strangers";
const MOST_PER_MINUTE = 60;
let templateId: number;
let address = 0;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

interface DeviceLog {
  readonly id: number;
  readonly client: string;
  readonly messages: string[];
  readonly receivedAt: string;
}

/** The newest request in the admin API. */
async function newest(): Promise<DeviceLog | undefined> {
  const { body } = await call<{ items: DeviceLog[] }>("GET", "/device-logs?limit=1");
  return body.items[0];
}

type Limits = Pick<Env, "ANONYMOUS_LIMIT" | "SHARED_LIMIT" | "LOCATION_LIMIT">;

/** A rate limit that always allows or always refuses. @param asked receives the keys */
function limit(success: boolean, asked: string[] = []): RateLimit {
  return {
    limit: async ({ key }) => {
      asked.push(key);
      return { success };
    },
  };
}

const countLogs = () => countRows(deviceLogs);

/** The address of the next requests, which the rate limit counts by. */
function nextAddress(): string {
  address += 1;
  return `192.0.2.${address}`;
}

function log(body: unknown, from: string = nextAddress(), headers: Record<string, string> = {}): Request {
  return ask("POST", "/v1/log", { "CF-Connecting-IP": from, "User-Agent": "passd/1.0", ...headers }, body);
}

describe("log", () => {
  test.each<[string, unknown, string[]]>([
    ["Apple's object", { logs: ["one", "two"] }, ["one", "two"]],
    ["a bare array", ["one", "two"], ["one", "two"]],
    ["a lone string", '"one"', ["one"]],
    ["a lone string in the object", { logs: "one" }, ["one"]],
    ["an object with more in it", { logs: ["one"], more: true }, ["one"]],
    [
      "an array with other things among the strings",
      { logs: ["one", 2, null, ["x"], {}, "", "two"] },
      ["one", "two"],
    ],
  ])("%s is answered 200 without a body, and its lines are stored", async (_what, body, lines) => {
    const before = await countLogs();
    const response = await send(log(body));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await countLogs()).toBe(before + 1);
    expect(await newest()).toMatchObject({ client: "passd/1.0", messages: lines });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["an empty body", ""],
    ["broken JSON", '{"logs": ["one"'],
    ["plain text", "something went wrong"],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
    ["null", "null"],
    ["a number", "5"],
    ["an empty list", { logs: [] }],
    ["a number for the list", { logs: 5 }],
    ["an object for the list", { logs: { 0: "one" } }],
    ["arrays in arrays, very deep", "[".repeat(50_000) + "]".repeat(50_000)],
    ["more than 128 KiB", { logs: ["x".repeat(128 * 1024)] }],
    ["more than 128 KiB, unannounced", new Response(`["${"x".repeat(128 * 1024)}"]`).body],
  ])("%s is also answered 200, and nothing is stored", async (_what, body) => {
    const before = await countLogs();
    expect((await send(log(body))).status).toBe(200);
    expect(await countLogs()).toBe(before);
  });

  test("another Content-Type or Authorization is ignored, and GET is 404", async () => {
    const before = (await countLogs()) ?? 0;
    const odd: Record<string, string>[] = [
      { "Content-Type": "text/plain" },
      { Authorization: "ApplePass wrong" },
    ];
    for (const headers of odd) {
      expect((await send(log(["one"], nextAddress(), headers))).status).toBe(200);
    }
    expect(await countLogs()).toBe(before + 2);
    expect((await send(ask("GET", "/v1/log"))).status).toBe(404);
  });

  test("8 KB of a request are stored: 200 lines, 1000 characters of each, 100 characters of the client", async () => {
    const short = Array.from({ length: 300 }, (_, n) => `line ${n}`);
    expect((await send(log(short, nextAddress(), { "User-Agent": "u".repeat(5000) }))).status).toBe(200);
    expect(await newest()).toMatchObject({ client: "u".repeat(100), messages: short.slice(0, 200) });
    for (const line of ["🦊".repeat(700), "\u0000".repeat(2000), "é".repeat(2000)]) {
      expect((await send(log(Array(10).fill(line)))).status).toBe(200);
      const [{ messages } = { messages: "" }] = (await rowsOf(deviceLogs)).slice(-1);
      expect(new TextEncoder().encode(messages).length).toBeLessThanOrEqual(8192);
      expect((await newest())?.messages[0]).toBe(line.slice(0, 1000));
    }
  });

  test("requests are listed newest first, page by page, each with its lines in their order", async () => {
    for (const body of [["a 1", "a 2"], ["b 1"], ["c 1", "c 2"]]) await send(log(body));
    const page = (query: string) =>
      call<{ items: DeviceLog[]; nextCursor: number }>("GET", `/device-logs?limit=2${query}`);
    const { body: first } = await page("");
    expect(first.items.map(({ messages }) => messages)).toEqual([["c 1", "c 2"], ["b 1"]]);
    const { body: second } = await page(`&cursor=${first.nextCursor}`);
    expect(second.items[0]?.messages).toEqual(["a 1", "a 2"]);
  });

  test("device ids, push tokens and authentication tokens are masked in lines, in the client and in a state", async () => {
    const pass = await admin.issue(templateId);
    const { token, path } = await holderOf(pass);
    const device = randomPushToken().slice(0, 32);
    const pushToken = randomPushToken();
    const line = `[2026-11-22 12:00:00 +0000] Register task (for device ${device}, pass type ${PASS_TYPE}, serial number 7; with web service url https://passes.example.com) encountered error: Unexpected response code 500`;
    const lines = [line, `token ${pushToken.toUpperCase()}, Authorization: ApplePass ${token}`];
    await send(log(lines, nextAddress(), { "User-Agent": `passd/1.0 ${token}` }));
    const kept = await newest();
    expect(kept?.messages[0]).toContain(`for device …, pass type ${PASS_TYPE}, serial number 7;`);
    expect(kept?.messages[1]).toBe("token …, Authorization: ApplePass …");
    expect(kept?.client).toBe("passd/1.0 …");
    await send(ask("POST", `${path}/passLifecycleUpdate`, {}, { passState: `added ${token}` }));
    expect((await admin.show(pass.id)).lifecycleState).toBe("added …");
  });

  test("a log above the limit of its network is answered 200 and not stored, and other networks are not affected", async () => {
    await deleteRows(deviceLogs);
    const flooding = nextAddress();
    // More than twice the limit, because a new period may begin meanwhile.
    for (let i = 0; i < 2 * MOST_PER_MINUTE + 20; i++)
      expect((await send(log([`${i}`], flooding))).status).toBe(200);
    const kept = await countLogs();
    expect(kept).toBeGreaterThanOrEqual(MOST_PER_MINUTE);
    expect(kept).toBeLessThanOrEqual(2 * MOST_PER_MINUTE);
    await send(log(["heard"]));
    expect((await newest())?.messages).toEqual(["heard"]);
  });

  test("a log above the limit of all networks together is answered 200 and not stored", async () => {
    const before = await countLogs();
    const asked: string[] = [];
    const refused = await askWith(
      { ANONYMOUS_LIMIT: limit(true, asked), SHARED_LIMIT: limit(false, asked) },
      log(["one"], "192.0.2.250"),
    );
    expect(refused.status).toBe(200);
    expect(await countLogs()).toBe(before);
    expect(asked).toEqual(["log 192.0.2.250", "log"]);
    // A network that has reached its own limit does not use up the limit of all.
    await askWith(
      { ANONYMOUS_LIMIT: limit(false), SHARED_LIMIT: untouchable(env.SHARED_LIMIT) },
      log(["one"]),
    );
    expect(await countLogs()).toBe(before);
  });
});

describe("passLifecycleUpdate", () => {
  const lifecycle = (
    pass: Pick<Pass, "passTypeIdentifier" | "serialNumber">,
    body: unknown,
    encode = encodeURIComponent,
  ) =>
    ask(
      "POST",
      `/v1/passes/${pass.passTypeIdentifier}/${encode(pass.serialNumber)}/passLifecycleUpdate`,
      {},
      body,
    );
  const stateOf = async (pass: Pass) => (await admin.show(pass.id)).lifecycleState;

  test("a request without a token is answered 200, and the state is shown to the operator", async () => {
    const pass = await admin.issue(templateId);
    expect(await stateOf(pass)).toBeNull();
    const response = await send(lifecycle(pass, { passState: "added" }));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await stateOf(pass)).toBe("added");
    await send(lifecycle(pass, { passState: "removed" }));
    expect(await stateOf(pass)).toBe("removed");
  });

  test("a state has no effect on the version, the registrations and the status", async () => {
    const pass = await admin.issue(templateId);
    const holder = await holderOf(pass);
    await holder.register("a1");
    const before = (await holder.fetch()).headers.get("etag");
    await send(lifecycle(pass, { passState: "deleted" }));
    expect((await holder.fetch()).headers.get("etag")).toBe(before);
    expect(await admin.show(pass.id)).toMatchObject({
      registrations: 1,
      status: "active",
      updatedAt: pass.updatedAt,
    });
  });

  test("a pass that does not exist is answered 200 too", async () => {
    const nobody = { passTypeIdentifier: PASS_TYPE, serialNumber: "nobody" };
    expect((await send(lifecycle(nobody, { passState: "added" }))).status).toBe(200);
    expect(
      (await send(lifecycle({ ...nobody, passTypeIdentifier: "pass.x" }, { passState: "added" }))).status,
    ).toBe(200);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["broken JSON", "{"],
    ["null", "null"],
    ["an array", ["added"]],
    ["a number as the state", { passState: 3 }],
    ["an empty state", { passState: "" }],
    ["more than 4096 bytes", { passState: "removed", more: "x".repeat(4096) }],
  ])("%s is answered 200 and changes nothing", async (_what, body) => {
    const pass = await admin.issue(templateId);
    await send(lifecycle(pass, { passState: "added" }));
    expect((await send(lifecycle(pass, body))).status).toBe(200);
    expect(await stateOf(pass)).toBe("added");
  });

  test("64 characters of a state are stored", async () => {
    const pass = await admin.issue(templateId);
    expect((await send(lifecycle(pass, { passState: "s".repeat(3000) }))).status).toBe(200);
    expect(await stateOf(pass)).toBe("s".repeat(64));
    await send(lifecycle(pass, { passState: `${"s".repeat(63)}🦊` }));
    expect(await stateOf(pass)).toBe("s".repeat(63));
  });

  test("a serial number finds its pass, encoded once or twice", async () => {
    for (const serialNumber of ["life cycle", "life 100%"]) {
      const pass = await admin.issue(templateId, { serialNumber });
      await send(lifecycle(pass, { passState: "once" }));
      expect(await stateOf(pass)).toBe("once");
      await send(
        lifecycle(pass, { passState: "twice" }, (text) => encodeURIComponent(encodeURIComponent(text))),
      );
      expect(await stateOf(pass)).toBe("twice");
    }
  });

  test.each<[string, keyof Limits]>([
    ["network", "SHARED_LIMIT"],
    ["pass", "ANONYMOUS_LIMIT"],
    ["location", "LOCATION_LIMIT"],
  ])("a state above the limit of its %s is answered 200 and not stored", async (_what, name) => {
    const pass = await admin.issue(templateId);
    const asked: string[] = [];
    const open = {
      SHARED_LIMIT: limit(true, asked),
      ANONYMOUS_LIMIT: limit(true, asked),
      LOCATION_LIMIT: limit(true, asked),
    };
    const from = (address: string) => {
      const request = lifecycle(pass, { passState: "added" });
      request.headers.set("CF-Connecting-IP", address);
      return request;
    };
    const refused = await askWith({ ...open, [name]: limit(false, asked) }, from("2001:db8:1:2::3"));
    expect(refused.status).toBe(200);
    expect(await stateOf(pass)).toBeNull();
    asked.length = 0;
    await askWith(open, from("2001:db8:1:2::3"));
    expect(await stateOf(pass)).toBe("added");
    expect(asked).toEqual([
      "lifecycle 2001:0db8:0001::/48",
      `lifecycle ${PASS_TYPE} ${pass.serialNumber}`,
      "lifecycle",
    ]);
  });
});

test("if the database is down, both are answered 200, and the error is logged", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const down = { DB: untouchable(env.DB) };
  expect((await askWith(down, log(["lost"]))).status).toBe(200);
  const path = `/v1/passes/${PASS_TYPE}/any/passLifecycleUpdate`;
  expect((await askWith(down, ask("POST", path, {}, { passState: "added" }))).status).toBe(200);
  expect(warn.mock.calls.flat().map((line) => JSON.parse(line).event)).toEqual(
    Array(2).fill("unauthenticated_write_failed"),
  );
  warn.mockRestore();
});
