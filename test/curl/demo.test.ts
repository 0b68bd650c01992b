/**
 * `npm run demo`, run as by a new user. Its output says whether everything was right.
 */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { samples } from "../pkpass/samples/samples.ts";

const root = resolve(import.meta.dirname, "../..");

test("the demo runs to its end, with each sample, and with passes of all types in Google Wallet", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["test/tools/demo.ts"], { cwd: root });
  expect(stdout.match(/\b0 errors, /g)).toHaveLength(samples.length);
  expect(stdout).toMatch(/Google has the loyalty object \d+\.\S+, saved by one person/);
  expect(stdout).toContain("objects of all its types");
  expect(stdout).toContain(`openssl verifies ${samples.length} links that have the whole pass`);
  expect(stdout).toContain("the dashboard shows: saved in Google Wallet");
  expect(stdout).toMatch(/PATCH makes it 2 stamps: Google has them \d+ ms later/);
}, 120_000);
