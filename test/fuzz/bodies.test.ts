/**
 * The cost of a request: bodies that are too large, never end or arrive slowly, images that are bombs, writes of
 * strangers. Each test is named after its attack.
 *
 * test/admin/bad-input.test.ts has the limits of the admin API's bodies, test/wallet/unauthenticated.test.ts those of
 * unauthenticated writes.
 *
 * Follows RFC 9112 §6 (Content-Length, chunked) and the PNG specification (§5.3, §11.2.1).
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { events, passes } from "../../src/db/schema.ts";
import { drawPng } from "../apple/png.ts";
import { ADMIN_TOKEN, admin, call, icon, refused } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import {
  ask,
  askWith,
  type Holder,
  holderOf,
  listPath,
  randomDevice,
  untouchable,
} from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.bodies";
const KIB = 1024;
let templateId: number;
let holder: Holder;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  holder = await holderOf(await admin.issue(templateId));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A body that never ends, and the number of bytes that were read. */
function endless(chunk = " ".repeat(16 * KIB)) {
  const taken = { bytes: 0, cancelled: false };
  const bytes = new TextEncoder().encode(chunk);
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        taken.bytes += bytes.length;
        controller.enqueue(bytes);
      },
      cancel() {
        taken.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken };
}

/** Every route that reads a body before authentication, and how much it reads. */
const UNKEYED: [
  what: string,
  path: string,
  headers: Record<string, string>,
  maxBytes: number,
  status: number,
][] = [
  ["log", "/v1/log", {}, 128 * KIB, 200],
  ["log below /api", "/api/v1/log", {}, 128 * KIB, 200],
  ["passLifecycleUpdate", `/v1/passes/${PASS_TYPE}/x/passLifecycleUpdate`, {}, 4 * KIB, 200],
  [
    "Passdock's API with JSON",
    "/api/v1/templates/1/passes",
    { "Content-Type": "application/json" },
    2 * KIB * KIB,
    401,
  ],
  ["Passdock's API with a form", "/api/v1/templates/1/passes", {}, 2 * KIB * KIB, 401],
];

describe.each(UNKEYED)("an oversized body to %s", (_what, path, headers, maxBytes, status) => {
  test("is not read at all if its Content-Length announces the size", async () => {
    const { stream, taken } = endless();
    const request = ask("POST", path, { ...headers, "Content-Length": String(maxBytes + 1) }, stream);
    expect((await askWith({}, request)).status).toBe(status);
    expect(taken.bytes).toBe(0);
  });

  test("is no longer read above the limit if it never ends", async () => {
    const { stream, taken } = endless();
    expect((await askWith({}, ask("POST", path, headers, stream))).status).toBe(status);
    expect(taken.cancelled).toBe(true);
    expect(taken.bytes).toBeLessThanOrEqual(maxBytes + 64 * KIB);
  });
});

test("a body without the right key is not read if the key is not in the body", async () => {
  const wrong = { Authorization: "ApplePass wrong", "Content-Type": "application/json" };
  for (const [method, path] of [
    ["POST", holder.registration(randomDevice())],
    ["POST", "/admin/v1/templates"],
    ["PUT", `/admin/v1/pass-types/${PASS_TYPE}/certificate`],
  ] as const) {
    const { stream, taken } = endless();
    expect((await askWith({}, ask(method, path, wrong, stream))).status).toBe(401);
    expect([path, taken.bytes]).toEqual([path, 0]);
  }
});

test("a body that arrives slowly does not delay other requests, and is handled when it is complete", async () => {
  for (const [what, path, headers, , status] of UNKEYED) {
    const trickle = Promise.withResolvers<void>();
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(Uint8Array.of(0x20));
        await trickle.promise;
        controller.error(new Error("gone"));
      },
    });
    const waiting = askWith({}, ask("POST", path, headers, stream));
    expect((await holder.fetch()).status).toBe(200);
    trickle.resolve();
    expect([what, (await waiting).status]).toEqual([what, status]);
  }
});

test("two megabytes without a key are refused before they are parsed into nested objects", async () => {
  const entries = vi.spyOn(Object, "entries");
  const exact = vi.spyOn(JSON, "rawJSON");
  const body = `{"pass":[${"1,".repeat(1000)}12345678901234567890]}`;
  const unkeyed = await askWith({}, ask("POST", "/api/v1/templates/1/passes", {}, body));
  expect(unkeyed.status).toBe(401);
  expect(entries.mock.calls.filter(([value]) => Array.isArray(value) && value.length > 1000)).toEqual([]);
  expect(exact).not.toHaveBeenCalled(); // exact numbers take many times longer
});

describe("images that are bombs", () => {
  const png = drawPng(3, 3, () => [1, 2, 3, 255]);
  const header = (width: number, height: number) => {
    const bytes = png.slice();
    new DataView(bytes.buffer).setUint32(16, width);
    new DataView(bytes.buffer).setUint32(20, height);
    return bytes;
  };
  const chunk = (length: number, type = "tEXt", data = 0) => {
    const bytes = new Uint8Array(12 + data);
    new DataView(bytes.buffer).setUint32(0, length);
    bytes.set(new TextEncoder().encode(type), 4);
    return bytes;
  };
  const with_ = (...chunks: Uint8Array[]) =>
    new Uint8Array([...png.subarray(0, 33), ...chunks.flatMap((bytes) => [...bytes]), ...png.subarray(33)]);

  test.each<[what: string, image: Uint8Array]>([
    ["a chunk of four gigabytes", with_(chunk(0xffff_ffff))],
    ["a chunk that ends where the next begins again", with_(chunk(0xffff_fff4))],
    ["chunks that reach over the end", with_(chunk(1000))],
  ])("%s is refused", async (_what, image) => {
    const images = { "icon.png": image.toBase64() };
    const body = {
      name: "x",
      passTypeIdentifier: PASS_TYPE,
      pass: { description: "d", organizationName: "o", generic: {} },
      images,
    };
    await refused(["POST", "/templates", body], {
      status: 422,
      code: "invalid_image",
      pointer: "/images/icon.png",
    });
  });

  test("with many pixels in few bytes are not unpacked: the limits for pixels and bytes apply first", async () => {
    const images = (side: number) => ({ ...icon, "logo.png": header(side, side).toBase64() });
    const template = await admin.makeTemplate(PASS_TYPE, { images: images(8192) });
    expect(template.images["logo.png"]).toMatchObject({ bytes: png.length, width: 8192, height: 8192 });
    const page = new URL((await admin.issue(template.id)).landingUrl).pathname;
    expect((await askWith({}, ask("GET", page))).status).toBe(200);
    for (const side of [0x7fff_ffff, 0xffff_ffff]) {
      const refusal = { status: 422, code: "invalid_image", pointer: "/images/logo.png" };
      await refused(["PATCH", `/templates/${template.id}`, { images: images(side) }], refusal);
    }
  });

  test("with a hundred thousand empty chunks are handled quickly", async () => {
    const empty = new Uint8Array(12 * 80_000);
    for (let at = 0; at < empty.length; at += 12) empty.set([0x74, 0x45, 0x58, 0x74], at + 4);
    const images = { "icon.png": with_(empty).toBase64() };
    expect((await admin.makeTemplate(PASS_TYPE, { images })).images["icon.png"]?.width).toBe(3);
  });
});

describe("a flood", () => {
  test("of strangers does not limit honest phones: no request with a token or a device uses the rate limit", async () => {
    const none = {
      ANONYMOUS_LIMIT: untouchable(env.ANONYMOUS_LIMIT),
      SHARED_LIMIT: untouchable(env.SHARED_LIMIT),
      LOCATION_LIMIT: untouchable(env.LOCATION_LIMIT),
    };
    const device = randomDevice();
    const body = { pushToken: device.repeat(2) };
    const calls: [number, Request][] = [
      [201, ask("POST", holder.registration(device), holder.authorization, body)],
      [200, ask("GET", listPath(device, PASS_TYPE))],
      [200, ask("GET", holder.path, holder.authorization)],
      [200, ask("DELETE", holder.registration(device), holder.authorization)],
    ];
    for (const [status, request] of calls) expect((await askWith(none, request)).status).toBe(status);
  });

  test("from a whole IPv6 site (/48) counts as one stranger's", async () => {
    const keys: string[] = [];
    const limit: RateLimit = {
      limit: async ({ key }) => {
        keys.push(key);
        return { success: true };
      },
    };
    const from = ["2001:db8:1:2::1", "2001:db8:1:ffff:ffff:ffff:ffff:ffff", "2001:0db8:0001:3:0:0:0:7"];
    for (const address of [...from, "2001:db8:2::1", "192.0.2.1", "192.0.2.2", "::ffff:192.0.2.2"]) {
      await askWith(
        { ANONYMOUS_LIMIT: limit },
        ask("POST", "/v1/log", { "CF-Connecting-IP": address }, { logs: ["x"] }),
      );
    }
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(new Set(keys).size).toBe(4);
  });
});

describe("rows that are too large for D1", () => {
  const ROW_BYTES = 2_000_000;
  const bytesOf = (text: string) => new TextEncoder().encode(text).length;
  const longest = async (table: typeof events | typeof passes) =>
    Math.max(...(await rowsOf(table)).map(({ values, pass }) => bytesOf(values) + bytesOf(pass)));

  test("cannot result from many small changes of an event", async () => {
    const { projectId, id } = await admin.makeEvent();
    for (let round = 0; round < 9; round++) {
      const keys = Array.from({ length: 60 }, (_, n) => `${round}-${n}`);
      const values = Object.fromEntries(keys.map((key) => [key, "x".repeat(4000)]));
      expect((await call("PATCH", `/projects/${projectId}/events/${id}`, { values })).status).toBeLessThan(
        500,
      );
    }
    expect(await longest(events)).toBeLessThan(ROW_BYTES);
  });

  test("cannot result from the overrides of a pass", async () => {
    const numbers = `[${Array(130_000).fill("1e20").join(",")}]`; // each is written with 21 digits
    for (const body of [
      { pass: { userInfo: "x".repeat(2_050_000) } },
      `{"pass": {"userInfo": ${numbers}}}`,
    ]) {
      expect((await call("POST", `/templates/${templateId}/passes`, body)).status).toBeLessThan(500);
    }
    // Passdock's API writes its relevance over the same column.
    const location = { latitude: 1, longitude: 1, relevantText: "x".repeat(2_050_000) };
    const pass = { serial_number: "long", relevance: { locations: [location] } };
    const path = `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`;
    expect((await askWith({}, ask("POST", path, {}, { pass }))).status).toBeLessThan(500);
    expect(await longest(passes)).toBeLessThan(ROW_BYTES);
  });
});
