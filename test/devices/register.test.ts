/**
 * Registering and unregistering: every status, what each body is answered, and what the rows say afterwards.
 *
 * Follows Apple's "Register a pass for update notifications" and "Unregister a pass for update notifications".
 */
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { admin, randomPushToken, send } from "../harness.ts";
import {
  ask,
  askWith,
  devicesNamed,
  type Holder,
  holderOf,
  randomDevice,
  refusal,
  registrationsOf,
} from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.registrations";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(() => vi.useRealTimers());

async function issue() {
  const pass = await admin.issue(templateId);
  return { pass, holder: await holderOf(pass) };
}

describe("register", () => {
  test("a new registration is answered 201 without a body, and the same again 200", async () => {
    const { pass, holder } = await issue();
    const device = randomDevice();
    const body = { pushToken: randomPushToken() };
    const first = await holder.register(device, body);
    expect([first.status, await first.text()]).toEqual([201, ""]);
    const again = await holder.register(device, body);
    expect([again.status, await again.text()]).toEqual([200, ""]);
    expect((await admin.show(pass.id)).registrations).toBe(1);
    expect(await registrationsOf(device)).toEqual([
      { serialNumber: pass.serialNumber, pushToken: body.pushToken, client: "apple" },
    ]);
  });

  test("registering again saves the new pushToken, also for the device's other passes, and is answered 200", async () => {
    const [first, second] = [await issue(), await issue()];
    const device = randomDevice();
    await first.holder.register(device);
    await second.holder.register(device);
    const pushToken = randomPushToken();
    expect((await first.holder.register(device, { pushToken })).status).toBe(200);
    expect((await registrationsOf(device)).map((row) => row.pushToken)).toEqual([pushToken, pushToken]);
    expect(await devicesNamed(device)).toEqual([
      { passTypeIdentifier: PASS_TYPE, pushToken, client: "apple" },
    ]);
  });

  test("a new pushToken is saved even within the same millisecond", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const { holder } = await issue();
    const device = randomDevice();
    await holder.register(device);
    const pushToken = randomPushToken();
    expect((await holder.register(device, { pushToken })).status).toBe(200);
    expect((await registrationsOf(device)).map((row) => row.pushToken)).toEqual([pushToken]);
  });

  test("of many concurrent first registrations one is answered 201, all others 200, and there is one row", async () => {
    const { holder } = await issue();
    const device = randomDevice();
    const answers = await Promise.all(Array.from({ length: 10 }, () => holder.register(device)));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([...Array(9).fill(200), 201]);
    const rows = await registrationsOf(device);
    expect(rows).toHaveLength(1);
    expect(await devicesNamed(device)).toMatchObject([{ pushToken: rows[0]?.pushToken }]);
  });

  test.each<[string, unknown, string, string | undefined]>([
    ["empty", "", "malformed_json", undefined],
    ["broken JSON", '{"pushToken": "abc"', "malformed_json", undefined],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "malformed_json", undefined],
    ["null", "null", "invalid_body", "/pushToken"],
    ["a lone string", '"abc"', "invalid_body", "/pushToken"],
    ["an array", ["abc"], "invalid_body", "/pushToken"],
    ["an empty object", {}, "invalid_body", "/pushToken"],
    ["a token under another name", { pushtoken: "abc" }, "invalid_body", "/pushToken"],
    ["an empty token", { pushToken: "" }, "invalid_body", "/pushToken"],
    ["a number", { pushToken: 12 }, "invalid_body", "/pushToken"],
    ["null as the token", { pushToken: null }, "invalid_body", "/pushToken"],
    ["an array as the token", { pushToken: ["abc"] }, "invalid_body", "/pushToken"],
    ["a token of 513 characters", { pushToken: "a".repeat(513) }, "invalid_body", "/pushToken"],
    ["a token with a space", { pushToken: "ab cd" }, "invalid_body", "/pushToken"],
    ["a token with a path in it", { pushToken: "../3/device/x" }, "invalid_body", "/pushToken"],
    ["a token with a line break", { pushToken: "abcd\n" }, "invalid_body", "/pushToken"],
  ])("a body that is %s is answered 400 and registers nothing", async (_what, body, code, pointer) => {
    const { pass, holder } = await issue();
    expect(await refusal(await holder.register(randomDevice(), body))).toEqual({
      status: 400,
      code,
      pointer,
    });
    expect((await admin.show(pass.id)).registrations).toBe(0);
  });

  test("a body over 4096 bytes is answered 413, with or without Content-Length", async () => {
    const { holder } = await issue();
    const large = `{"pushToken": "abcd"${" ".repeat(4096)}}`;
    const tooLarge = { status: 413, code: "body_too_large" };
    expect(await refusal(await holder.register(randomDevice(), large))).toEqual(tooLarge);
    const stream = new Response(large).body;
    expect(await refusal(await holder.register(randomDevice(), stream))).toEqual(tooLarge);
  });

  test("a device identifier of more than 200 characters is answered 400", async () => {
    const { holder } = await issue();
    const answer = await refusal(await holder.register("d".repeat(201)));
    expect(answer).toEqual({ status: 400, code: "invalid_parameter" });
    expect((await holder.register("d".repeat(200))).status).toBe(201);
  });

  test("a deleted pass is answered 404 with its own token, and 401 with any other", async () => {
    const { pass, holder } = await issue();
    await admin.delete(pass.id);
    const device = randomDevice();
    expect(await refusal(await holder.register(device))).toEqual({ status: 404, code: "pass_not_found" });
    const wrong = await holder.register(device, undefined, {
      Authorization: `ApplePass ${flipped(holder.token)}`,
    });
    expect(wrong.status).toBe(401);
    expect(await registrationsOf(device)).toEqual([]);
  });
});

describe("the limit of registrations per pass", () => {
  const register = (holder: Holder, device: string, pushToken = randomPushToken()) =>
    askWith(
      { REGISTRATIONS_PER_PASS: "2" },
      ask("POST", holder.registration(device), holder.authorization, { pushToken }),
    );

  test("at the limit a new device is answered 403 and a registered one 200, and unregistering allows another device", async () => {
    const { pass, holder } = await issue();
    const [one, two, three] = [randomDevice(), randomDevice(), randomDevice()];
    expect((await register(holder, one)).status).toBe(201);
    expect((await register(holder, two)).status).toBe(201);
    expect(await refusal(await register(holder, three))).toEqual({ status: 403, code: "registration_limit" });
    expect(await devicesNamed(three)).toEqual([]);
    expect((await register(holder, one)).status).toBe(200);
    expect((await admin.show(pass.id)).registrations).toBe(2);
    await holder.unregister(two);
    expect((await register(holder, three)).status).toBe(201);
  });

  test("a refused registration does not change the push token of the device's other passes", async () => {
    const [full, other] = [await issue(), await issue()];
    await register(full.holder, randomDevice());
    await register(full.holder, randomDevice());
    const device = randomDevice();
    const pushToken = randomPushToken();
    await register(other.holder, device, pushToken);
    expect((await register(full.holder, device)).status).toBe(403);
    expect(await registrationsOf(device)).toMatchObject([
      { serialNumber: other.pass.serialNumber, pushToken },
    ]);
    expect(await devicesNamed(device)).toMatchObject([{ pushToken }]);
  });
});

describe("unregister", () => {
  test("a request is answered 200 without a body, and 200 again when there is no registration any more", async () => {
    const { pass, holder } = await issue();
    const device = randomDevice();
    await holder.register(device);
    const first = await holder.unregister(device);
    expect([first.status, await first.text()]).toEqual([200, ""]);
    expect((await admin.show(pass.id)).registrations).toBe(0);
    expect((await holder.unregister(device)).status).toBe(200);
    expect((await holder.unregister(randomDevice())).status).toBe(200);
  });

  test("a request without the pass's token is answered 401, and the registration stays", async () => {
    const { pass, holder } = await issue();
    const device = randomDevice();
    await holder.register(device);
    const strangers: Record<string, string>[] = [{}, { Authorization: `ApplePass ${flipped(holder.token)}` }];
    for (const headers of strangers) {
      const response = await send(ask("DELETE", holder.registration(device), headers));
      expect(await refusal(response)).toEqual({ status: 401, code: "unauthorized" });
    }
    expect((await admin.show(pass.id)).registrations).toBe(1);
  });

  test("a request deletes only its own registration, and with a device's last registration also the device's row", async () => {
    const [first, second] = [await issue(), await issue()];
    const [device, neighbour] = [randomDevice(), randomDevice()];
    await first.holder.register(device);
    await second.holder.register(device);
    await first.holder.register(neighbour);
    await first.holder.unregister(device);
    expect(await registrationsOf(device)).toMatchObject([{ serialNumber: second.pass.serialNumber }]);
    expect(await registrationsOf(neighbour)).toMatchObject([{ serialNumber: first.pass.serialNumber }]);
    expect(await devicesNamed(device)).toHaveLength(1);
    await second.holder.unregister(device);
    expect(await devicesNamed(device)).toEqual([]);
    expect(await devicesNamed(neighbour)).toHaveLength(1);
  });

  test("a device identifier that is encoded twice is the same device in all three requests", async () => {
    const { holder } = await issue();
    await holder.register("one%2520phone");
    expect(await registrationsOf("one phone")).toHaveLength(1);
    await holder.unregister("one%2520phone");
    expect(await registrationsOf("one phone")).toEqual([]);
  });

  test("a deleted pass is still answered 200, and its registration is deleted", async () => {
    const { pass, holder } = await issue();
    const device = randomDevice();
    await holder.register(device);
    await admin.delete(pass.id);
    expect(await registrationsOf(device)).toEqual([]);
    expect(await devicesNamed(device)).toEqual([]);
    expect((await holder.unregister(device)).status).toBe(200);
  });
});

/** The token with one character in its middle changed: the last one has bits that do not count. */
function flipped(token: string): string {
  return token.slice(0, 20) + (token[20] === "A" ? "B" : "A") + token.slice(21);
}
