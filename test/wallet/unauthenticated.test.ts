/**
 * Writes that need no key: /v1/log and passLifecycleUpdate. The response is always 200; the data is limited in size,
 * rows and rate, masked, shown to the operator, and has no other effect.
 *
 * Follows Apple's "Log a message". passLifecycleUpdate is undocumented; the tests contain the requests that iOS sends.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { deviceLogs } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, randomPushToken, send } from "../harness.ts";
import { countRows, deleteRows, insertRows } from "../rows.ts";
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
  readonly message: string;
  readonly receivedAt: string;
}

/** The newest lines in the admin API, oldest first. */
async function logged(limit = 200): Promise<DeviceLog[]> {
  const { body } = await call<{ items: DeviceLog[] }>("GET", `/device-logs?limit=${limit}`);
  return body.items.toReversed();
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
    const before = (await logged()).at(-1)?.id ?? 0;
    const response = await send(log(body));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    const kept = (await logged()).filter((line) => line.id > before);
    expect(kept.map((line) => line.message)).toEqual(lines);
    expect(kept.every((line) => line.client === "passd/1.0")).toBe(true);
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

  test("200 lines of a request are stored, 1000 characters of each line, 100 characters of the client", async () => {
    const lines = ["🦊".repeat(700), ...Array.from({ length: 299 }, (_, i) => `line ${i}`)];
    expect((await send(log(lines, nextAddress(), { "User-Agent": "u".repeat(5000) }))).status).toBe(200);
    const kept = await logged(200);
    expect(kept.map((line) => line.message).slice(1)).toEqual(lines.slice(1, 200));
    expect(kept[0]?.message).toBe("🦊".repeat(500));
    expect(kept[0]?.client).toBe("u".repeat(100));
  });

  test("a line that is cut within a character is stored", async () => {
    const control = "a\u0000b\ud800c";
    expect((await send(log([`x${"🦊".repeat(700)}`, control]))).status).toBe(200);
    const [cut] = (await logged()).slice(-2);
    expect(cut?.message.startsWith(`x${"🦊".repeat(499)}`)).toBe(true);
  });

  test("device ids, push tokens and authentication tokens are masked anywhere in a line", async () => {
    const { token } = await holderOf(await admin.issue(templateId));
    const device = randomPushToken().slice(0, 32);
    const pushToken = randomPushToken();
    await send(
      log([
        `[2026-11-22 12:00:00 +0000] Register task (for device ${device}, pass type ${PASS_TYPE}, serial number 7; with web service url https://passes.example.com) encountered error: Unexpected response code 500`,
        `token ${pushToken.toUpperCase()}, Authorization: ApplePass ${token}`,
        `AndroidPass ${token} ${token}`,
        `"${token}" device_${device}.`,
        `${"x".repeat(960)} ${pushToken}`,
        `${"x".repeat(980)} ${token}`,
      ]),
    );
    const kept = (await logged()).slice(-6).map((line) => line.message);
    expect(kept[0]).toContain(`for device …, pass type ${PASS_TYPE}, serial number 7;`);
    expect(kept[1]).toBe("token …, Authorization: ApplePass …");
    for (const message of kept) {
      for (const secret of [device, pushToken, token]) {
        expect(message.toLowerCase()).not.toContain(secret.slice(0, 12).toLowerCase());
      }
    }
  });

  test("the newest 10,000 lines are stored", async () => {
    const old = Array.from({ length: 10_050 }, (_, n) => ({
      client: "old",
      message: `old ${n + 1}`,
      receivedAt: 0,
    }));
    await insertRows(deviceLogs, old);
    await send(log(["new 1", "new 2"]));
    expect(await countLogs()).toBe(10_000);
    expect((await logged(3)).map((line) => line.message)).toEqual(["old 10050", "new 1", "new 2"]);
  });

  test("a log above the rate limit is answered 200 and not stored, and other addresses are not affected", async () => {
    await deleteRows(deviceLogs);
    const flooding = nextAddress();
    // More than twice the limit, because a new period may begin meanwhile.
    for (let i = 0; i < 2 * MOST_PER_MINUTE + 20; i++)
      expect((await send(log([`${i}`], flooding))).status).toBe(200);
    const kept = await countLogs();
    expect(kept).toBeGreaterThanOrEqual(MOST_PER_MINUTE);
    expect(kept).toBeLessThanOrEqual(2 * MOST_PER_MINUTE);
    await send(log(["heard"]));
    expect((await logged(1))[0]?.message).toBe("heard");
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
    expect(await stateOf(pass)).toBe(`${"s".repeat(63)}\ufffd`);
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

  test("a state above the rate limit per pass is answered 200 and not stored", async () => {
    const [pass, other] = [await admin.issue(templateId), await admin.issue(templateId)];
    const asked: string[] = [];
    const limited = (success: boolean): RateLimit => ({
      limit: async ({ key }) => {
        asked.push(key);
        return { success };
      },
    });
    const refused = await askWith(
      { ANONYMOUS_LIMIT: limited(false) },
      lifecycle(pass, { passState: "added" }),
    );
    expect(refused.status).toBe(200);
    expect(await stateOf(pass)).toBeNull();
    await askWith({ ANONYMOUS_LIMIT: limited(true) }, lifecycle(other, { passState: "added" }));
    expect(await stateOf(other)).toBe("added");
    expect(new Set(asked).size).toBe(2);
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
