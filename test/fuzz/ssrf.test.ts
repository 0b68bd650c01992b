/**
 * SSRF: an uploaded certificate contains the address of its issuer, which this service fetches. Only Apple's hosts are
 * contacted, however the address is written, and for at most five seconds. test/identities/chain.test.ts tests ordinary
 * foreign addresses, redirects and large responses.
 *
 * Follows the URL standard, and OWASP's "Server-Side Request Forgery Prevention".
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createIntermediate, createRoot } from "../apple/ca-certificates.ts";
import { ADMIN_TOKEN, call, stored, TEAM } from "../harness.ts";
import { certify, issuerAt, publicKeyOf } from "../identities/forms.ts";
import { ask, askWith } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.ssrf";
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

let naming: (address: string) => Promise<string>;
const path = `/pass-types/${PASS_TYPE}/certificate`;
beforeAll(async () => {
  const passTypeIdentifier = PASS_TYPE;
  const made = await call<{ csr: string }>("POST", "/pass-types", {
    passTypeIdentifier,
    keyAlgorithm: "P-256",
  });
  const issuer = await createIntermediate(await createRoot(), "G4", `${env.APPLE_ORIGIN}/root.cer`);
  naming = (address) =>
    certify(issuer, publicKeyOf(made.body.csr), {
      passTypeIdentifier,
      teamIdentifier: TEAM,
      extensions: [issuerAt(address)],
    });
});

test.each([
  "https://evil.example\\.apple.com/x.cer",
  "https://evil.example/.apple.com",
  "https://evil.example#.apple.com/",
  "https://evil.example?.apple.com/",
  "https://apple.com@evil.example/x.cer",
  "https://www.apple.com.:8443/x.cer",
  "http://www.apple.com:22/x.cer",
  "http://[::1]/x.cer",
  "http://[::ffff:127.0.0.1]/x.cer",
  "http://2130706433/x.cer",
  "http://0x7f.1/x.cer",
  "http://localhost/x.cer",
  "//www.apple.com/x.cer",
  "data:application/pkix-cert;base64,MAA=",
  "ftp://www.apple.com/x.cer",
  "ldap://www.apple.com/x",
])("%s is not contacted", async (address) => {
  const certificate = await naming(address);
  const fetched = vi.spyOn(globalThis, "fetch");
  const before = await stored();
  expect(await call("PUT", path, { certificate })).toMatchObject({
    status: 422,
    body: { code: "intermediate_missing" },
  });
  expect(fetched).not.toHaveBeenCalled();
  expect(await stored()).toEqual(before);
});

test.each<[what: string, answer: (signal: AbortSignal | null | undefined) => Promise<Response>]>([
  [
    "never answers",
    (signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  ],
  [
    "trickles its answer",
    async (signal) => {
      const body = new ReadableStream({
        start: (c) => signal?.addEventListener("abort", () => c.error(signal.reason)),
      });
      return new Response(body);
    },
  ],
])("a request to an address of Apple that %s is aborted after five seconds", async (_what, answer) => {
  const certificate = await naming("https://www.apple.com/certificateauthority/slow.cer");
  const asked = Promise.withResolvers<void>();
  vi.spyOn(globalThis, "fetch").mockImplementation((_url, init) => {
    asked.resolve();
    return answer(init?.signal);
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const request = ask(
    "PUT",
    `/admin/v1${path}`,
    { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    { certificate },
  );
  const waiting = askWith({}, request);
  await asked.promise;
  await vi.advanceTimersByTimeAsync(5000);
  const { status, body } = await waiting.then(async (response) => ({
    status: response.status,
    body: await response.text(),
  }));
  expect([status, body]).toEqual([422, expect.stringContaining("intermediate_missing")]);
});
