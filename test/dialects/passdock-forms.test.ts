/**
 * Regressions of attacks on Passdock's API: unreadable forms are refused without loss of data, a search finds what a
 * scanner reads, and concurrent changes of images are both kept.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, ORIGIN, send, stored } from "../harness.ts";
import {
  call,
  callWith,
  created,
  type Full,
  genericPass,
  make,
  pathOf,
  portrait,
  read,
  refusal,
} from "./passdock-client.ts";

const PASS_TYPE = "pass.test.passdock-forms";
let templateId: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = await make(PASS_TYPE, genericPass);
});

const post = (body: BodyInit, contentType: string) =>
  send(
    new Request(`${ORIGIN}/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}&errors=true`, {
      method: "POST",
      headers: { "Content-Type": contentType },
      body,
    }),
  );
const FORM = "application/x-www-form-urlencoded";

test.each<[what: string, contentType: string, body: BodyInit, words: RegExp]>([
  [
    "a list as Rails writes it",
    FORM,
    "pass[serial_number]=r1&pass[relevance][locations][][latitude]=1",
    /JSON/,
  ],
  [
    "bytes that are no UTF-8",
    FORM,
    new Uint8Array([...new TextEncoder().encode('pass={"gate":"'), 0xe9, 0x22, 0x7d]),
    /UTF-8/,
  ],
  ["escapes that are no UTF-8", FORM, 'pass={"serial_number":"l1","gate":"%E9"}', /UTF-8/],
  ["a multipart form", "multipart/form-data; boundary=x", "--x\r\n", /Multipart/],
  ["more keys than any template has", FORM, `pass[serial_number]=m1${"&a=1".repeat(2000)}`, /1000 keys/],
])(
  "%s is refused with 400 and the reason, and nothing is stored",
  async (_what, contentType, body, words) => {
    const before = await stored();
    expect(await refusal(post(body, contentType))).toEqual({ code: 400, text: expect.stringMatching(words) });
    expect(await stored()).toEqual(before);
  },
);

test("a wrong key in the header or the query is refused before the body is read", async () => {
  for (const [query, headers] of [
    ["?api_token=wrong", {}],
    ["", { Authorization: "Bearer wrong" }],
  ] as const) {
    let pulled = 0;
    const body = new ReadableStream(
      { pull: (controller) => (pulled++ < 5 ? controller.enqueue(new Uint8Array(9)) : controller.close()) },
      { highWaterMark: 0 },
    );
    const address = `${ORIGIN}/api/v1/templates/${templateId}/passes${query}`;
    const response = await send(new Request(address, { method: "POST", headers, body }));
    expect([response.status, await response.json()]).toEqual([401, { code: 401 }]);
    expect(pulled).toBeLessThanOrEqual(1); // one that the runtime takes by itself
  }
});

test("a search finds the message of a pass's own barcodes, and no longer its serial number", async () => {
  const pass = await admin.issue(templateId, {
    serialNumber: "not-printed",
    pass: { barcodes: [{ format: "PKBarcodeFormatQR", message: "PRINTED" }] },
  });
  const found = await read<Full>(call("GET", "/passes/search", { code: "PRINTED" }));
  expect([found.id, found.bar.message]).toEqual([pass.id, "PRINTED"]);
  expect((await refusal(call("GET", "/passes/search", { code: "not-printed" }))).code).toBe(404);
});

test("a thumbnail sent while the canonical API changes the pass's images loses neither change", async () => {
  const at = await created(templateId);
  await admin.change(at.id, { images: { "logo.png": portrait(1) } });
  // The canonical API writes after this request has read the images and before it changes them.
  let between = true;
  const bucket = forwarding(env.BUCKET, {
    async get(...asked: Parameters<R2Bucket["get"]>) {
      const object = await env.BUCKET.get(...asked);
      if (between) {
        between = false;
        await admin.change(at.id, { images: { "logo.png": portrait(2), "footer.png": portrait(3) } });
      }
      return object;
    },
  });
  const body = { pass: {}, thumbnail: { filename: "me.png", data: portrait(4) } };
  await read(callWith({ BUCKET: bucket }, "PUT", pathOf(at), {}, body));
  expect(between).toBe(false);
  const { images } = await admin.show(at.id);
  expect(Object.keys(images)).toEqual(["footer.png", "logo.png", "thumbnail.png"]);
});
