/**
 * Flaws of other open pass servers, each with a test that this service does not have it. The name of a test is the
 * correct behaviour; the comment above it says which server has the flaw. Follows Apple's "Adding a Web Service to
 * Update Passes" and "Building a Pass".
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hex } from "../apple/iphone-invalid-pass.ts";
import { counted } from "../counting.ts";
import { admin, apple, call, download, icon, passToken, randomPushToken, storeCard } from "../harness.ts";
import {
  ask,
  askWith,
  devicesNamed,
  holderOf,
  keptBundle,
  listPath,
  randomDevice,
  registrationsOf,
  updates,
} from "./web-service.ts";

const PASS_TYPE = "pass.test.peer-flaws";
const DAY_MS = 86_400_000;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function issue() {
  const pass = await admin.issue(templateId);
  return { pass, holder: await holderOf(pass), device: randomDevice() };
}

const lastModifiedOf = (response: Response) => response.headers.get("last-modified") ?? "";
const untilPushed = (pushToken: string) =>
  vi.waitFor(async () => expect(await apple.history(pushToken)).not.toEqual([]), 10_000);

describe("the web service", () => {
  // vapor wallet reads If-Modified-Since as a number of seconds, so it never answers 304.
  test("If-Modified-Since is parsed as an HTTP date, the format of Last-Modified", async () => {
    const { pass, holder } = await issue();
    const since = lastModifiedOf(await holder.fetch());
    expect(since).toMatch(/ GMT$/);
    expect((await holder.fetch({ "If-Modified-Since": since })).status).toBe(304);
    await admin.change(pass.id, { values: { points: "1" } });
    expect((await holder.fetch({ "If-Modified-Since": since })).status).toBe(200);
  });

  // vapor wallet and django-walletpass answer 200 to a known registration, but do not store the new push token.
  test("a push goes to the token of the last registration, not to an older one", async () => {
    const { pass, holder, device } = await issue();
    const [old, young] = [randomPushToken(), randomPushToken()];
    expect((await holder.register(device, { pushToken: old })).status).toBe(201);
    expect((await holder.register(device, { pushToken: young })).status).toBe(200);
    await admin.change(pass.id, { values: { points: "1" } });
    await untilPushed(young);
    expect(await apple.history(old)).toEqual([]);
  });

  // django-walletpass lists only the passes with the newest change; coorasse's tag has no time of day.
  test("passes that changed at different times of a day are listed, each by its own tag", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Math.floor(Date.now() / DAY_MS) * DAY_MS + 3_600_000 });
    const [first, second] = [await issue(), await issue()];
    const { device } = first;
    await first.holder.register(device);
    await second.holder.register(device);
    const tag = (await updates(device, PASS_TYPE))?.lastUpdated;
    await admin.change(first.pass.id, { values: { points: "1" } });
    const between = (await updates(device, PASS_TYPE, tag))?.lastUpdated;
    vi.setSystemTime(Date.now() + 3_600_000);
    await admin.change(second.pass.id, { values: { points: "1" } });
    const both = [first.pass.serialNumber, second.pass.serialNumber].toSorted();
    expect((await updates(device, PASS_TYPE, tag))?.serialNumbers).toEqual(both);
    expect((await updates(device, PASS_TYPE, between))?.serialNumbers).toEqual([second.pass.serialNumber]);
  });

  // django-walletpass answers 400 if a device has no registered pass.
  test("a device without passes is answered 204", async () => {
    const response = await askWith({}, ask("GET", listPath(randomDevice(), PASS_TYPE)));
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  // spatie writes the same secret into every pass of the server; hono-passkit-webservice verifies a token without
  // comparing the pass.
  test("each pass has its own token, which opens no other pass", async () => {
    const [one, other] = [await issue(), await issue()];
    const [token, otherToken] = [await passToken(one.pass), await passToken(other.pass)];
    expect(token.token).not.toBe(otherToken.token);
    const { Authorization } = otherToken;
    expect((await one.holder.fetch({ Authorization })).status).toBe(401);
    expect((await one.holder.register(one.device, undefined, { Authorization })).status).toBe(401);
    expect((await one.holder.unregister(one.device, { Authorization })).status).toBe(401);
    expect((await one.holder.fetch(token)).status).toBe(200);
  });

  // passkit-webservice-toolkit sends the whole memory behind a part of a buffer.
  test("a built pass is sent completely and without extra bytes, both new and cached", async () => {
    const { pass, holder } = await issue();
    const built = new Uint8Array(await (await holder.fetch()).arrayBuffer());
    await keptBundle(pass);
    const kept = new Uint8Array(await (await holder.fetch()).arrayBuffer());
    for (const bytes of [built, kept]) {
      expect(hex(bytes.subarray(0, 4))).toBe("504b0304");
      expect(hex(bytes.subarray(-22, -18))).toBe("504b0506"); // the end record of a ZIP has 22 bytes
    }
    expect(kept).toEqual(built);
  });

  // passkit-webservice-toolkit sends the current time as Last-Modified, so a change between reading and responding is
  // lost.
  test("Last-Modified is the time of the version, not of the response", async () => {
    const { pass, holder } = await issue();
    const since = lastModifiedOf(await holder.fetch());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
    expect(lastModifiedOf(await holder.fetch())).toBe(since);
    vi.useRealTimers();
    await admin.change(pass.id, { values: { points: "1" } });
    expect((await holder.fetch({ "If-Modified-Since": since })).status).toBe(200);
  });

  // coorasse looks for the registration to delete by a number, although the path has the device's identifier.
  test("unregistering ends the registration of that device and pass", async () => {
    const { holder, device } = await issue();
    await holder.register(device);
    expect((await holder.unregister(device)).status).toBe(200);
    expect(await registrationsOf(device)).toEqual([]);
    expect(await devicesNamed(device)).toEqual([]);
  });

  // vapor wallet queries the database once for each pass of the list.
  test("a list is one query for any number of passes", async () => {
    const device = randomDevice();
    for (let i = 0; i < 12; i++) await (await issue()).holder.register(device);
    const { env: bindings, spent } = counted(env);
    const response = await askWith(bindings, ask("GET", listPath(device, PASS_TYPE)));
    expect((await response.json<{ serialNumbers: string[] }>()).serialNumbers).toHaveLength(12);
    expect(spent().trips).toBe(1);
  });

  // vapor wallet and django-walletpass look for a registration and then insert it. Of two requests at the same time,
  // one fails, or both are reported as new.
  test("two concurrent first registrations make one row and no error", async () => {
    const { pass, holder, device } = await issue();
    const pushToken = randomPushToken();
    const both = await Promise.all([1, 2].map(() => holder.register(device, { pushToken })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    expect((await admin.show(pass.id)).registrations).toBe(1);
  });

  // wallet-pass answers success for a pass that does not exist.
  test("a missing pass is never answered with a success", async () => {
    const absent = await holderOf({ passTypeIdentifier: PASS_TYPE, serialNumber: "absent" });
    expect((await absent.fetch()).status).toBe(401);
    expect((await absent.register(randomDevice())).status).toBe(401);
    expect((await absent.unregister(randomDevice())).status).toBe(401);
  });

  // django-walletpass and others compare tokens with != or in SQL, so the time reveals how many characters are right.
  test("tokens and keys are compared by the platform's constant-time functions", async () => {
    const { pass, holder } = await issue();
    const verify = vi.spyOn(crypto.subtle, "verify");
    expect((await holder.fetch()).status).toBe(200);
    expect(verify).toHaveBeenCalledOnce();
    const timingSafeEqual = vi.spyOn(crypto.subtle, "timingSafeEqual");
    await admin.show(pass.id);
    expect(timingSafeEqual).toHaveBeenCalledOnce();
  });
});

describe("the push", () => {
  // vapor wallet deletes a token only for BadDeviceToken, but an uninstalled pass gives 410. It, spatie and
  // django-walletpass stop the loop at the first token that fails.
  test("failing tokens do not prevent pushes to the others, and a token with status 410 is removed", async () => {
    const { pass, holder } = await issue();
    const gone = Array.from({ length: 8 }, (_, i) => `0${i}${randomPushToken().slice(2)}`);
    const alive = `ff${randomPushToken().slice(2)}`;
    for (const token of gone) await apple.fault(token, { status: 410, reason: "Unregistered" });
    for (const pushToken of [...gone, alive]) await holder.register(randomDevice(), { pushToken });
    await admin.change(pass.id, { values: { points: "1" } });
    await untilPushed(alive);
    await vi.waitFor(async () => expect((await admin.show(pass.id)).registrations).toBe(1), 10_000);
    expect(await apple.history(alive)).toMatchObject([{ status: 200, complaints: [] }]);
  });
});

describe("the bundle", () => {
  // coorasse loses transitType, and its manifest has no subfolders.
  test("a boarding pass keeps its transitType, and the manifest lists files in folders", async () => {
    const { storeCard: fields, ...rest } = storeCard;
    const boarding = await admin.makeTemplate(PASS_TYPE, {
      pass: { ...rest, boardingPass: { ...fields, transitType: "PKTransitTypeTrain" } },
      images: { ...icon, "de.lproj/logo.png": icon["icon.png"] },
      strings: { de: { POINTS: "PUNKTE" } },
    });
    const { pass, files } = await download(await admin.issue(boarding.id));
    expect(pass.boardingPass).toMatchObject({ transitType: "PKTransitTypeTrain" });
    const manifest: Record<string, string> = JSON.parse(new TextDecoder().decode(files["manifest.json"]));
    expect(Object.keys(manifest)).toEqual(
      expect.arrayContaining(["de.lproj/logo.png", "de.lproj/pass.strings"]),
    );
  });

  // passkit-generator writes translations between quotation marks without escaping them.
  test("a translation can contain quotation marks, backslashes and line breaks", async () => {
    const de = { POINTS: 'a "b" \\ c\nd;', 'what "is" \\ this': "x = y" };
    const quoted = await admin.makeTemplate(PASS_TYPE, { strings: { de } });
    expect((await download(await admin.issue(quoted.id))).strings.de).toEqual(de);
  });

  // pass-js and django-walletpass contain an intermediate certificate that has expired.
  test("an expired intermediate is refused, and the software ships without one", async () => {
    const passTypeIdentifier = "pass.test.peer-flaws.expired";
    const made = await call<{ csr: string }>("POST", "/pass-types", {
      passTypeIdentifier,
      keyAlgorithm: "P-256",
    });
    const { csr } = made.body;
    const { pem } = await apple.issue({ csr, passTypeIdentifier, teamIdentifier: "TEAM000001" });
    const expired = await (await fetch(`${env.APPLE_ORIGIN}/expired-wwdr.cer`)).arrayBuffer();
    const intermediate = new Uint8Array(expired).toBase64();
    const answer = await call("PUT", `/pass-types/${passTypeIdentifier}/certificate`, {
      certificate: pem,
      intermediate,
    });
    expect([answer.status, answer.body.code]).toEqual([422, "intermediate_expired"]);
  });

  // passkit-generator signs a SHA-1 digest of the manifest.
  test("the signature's digest is SHA-256, and SHA-1 is nowhere in it", async () => {
    const { files } = await download((await issue()).pass);
    const signature = hex(files.signature ?? new Uint8Array());
    expect(signature).toContain("0609608648016503040201"); // 2.16.840.1.101.3.4.2.1, SHA-256
    expect(signature).not.toContain("06052b0e03021a"); // 1.3.14.3.2.26, SHA-1
  });
});
