/**
 * How much memory the Worker holds without a request. Measured in Node, whose engine (V8) is also that of workerd, in a process of its
 * own, after the OpenAPI document and its reference were served: both are kept (src/admin/published.ts). What Node itself needs for a
 * request is loaded before.
 */
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { promisify } from "node:util";

const SCRIPT = `
const memory = () => {
  for (let round = 0; round < 4; round++) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const bytes = new Uint8Array(32);
await new Response(new Request("https://example.com", { method: "POST", body: bytes }).body).text();
await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
const before = memory();
const { default: worker } = await import(process.argv[1]);
const limiter = { limit: async () => ({ success: true }) };
const env = {
  PUBLIC_ORIGIN: "https://example.com",
  ADMIN_TOKEN: "0123456789abcdef",
  MASTER_SECRET: Buffer.alloc(32, 7).toString("base64"),
  ...Object.fromEntries(["DB", "BUCKET", "PUSH_QUEUE", "DEAD_LETTERS", "GOOGLE_QUEUE"].map((name) => [name, {}])),
  ...Object.fromEntries(["ANONYMOUS_LIMIT", "SHARED_LIMIT", "LOCATION_LIMIT"].map((name) => [name, limiter])),
};
const context = { waitUntil() {}, passThroughOnException() {} };
for (const path of ["/admin/openapi.json", "/admin/docs"]) {
  const { status, body } = await worker.fetch(new Request(env.PUBLIC_ORIGIN + path), env, context);
  if (status !== 200) throw new Error(path + " was answered " + status);
  await body.pipeTo(new WritableStream());
}
console.log(memory() - before);
`;

/**
 * @param worker the path of the built Worker
 * @returns bytes of the heap and outside it
 */
export async function heldBytes(worker: string): Promise<number> {
  const module = worker.replace(/\.js$/, ".mjs");
  await copyFile(worker, module);
  const options = ["--expose-gc", "--js-base-64", "--input-type=module", "--eval", SCRIPT, module];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return Number(stdout);
}
