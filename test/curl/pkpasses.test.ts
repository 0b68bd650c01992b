/**
 * Several passes in one download with real curl, unpacked by unzip, and each pass in it checked by unzip and openssl.
 */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { secondOpinion } from "../apple/inspect.ts";
import { checkPass } from "../apple/pkpass.ts";
import { curl } from "./curl.ts";
import { adminToken, downloaded, issue, makePassType, makeTemplate, origin, rootPem } from "./instance.ts";

const KEY = ["-H", `Authorization: Bearer ${adminToken}`];
const card = { description: "Card", organizationName: "Edgepass", storeCard: {} };
let passes: Pass[];

beforeAll(async () => {
  const templates = [
    await makeTemplate(await makePassType(), card),
    await makeTemplate(await makePassType(), card),
  ];
  passes = [];
  for (const [n, templateId] of [...templates, ...templates].entries())
    passes.push(await issue(templateId, { serialNumber: `seat ${n}` }));
});

/** Saves the file with the name in the response, and checks it with independent tools. */
function inspected(args: readonly string[]) {
  return downloaded(["-f", "-OJ", ...args], async (folder) => {
    const unzip = (...options: string[]) =>
      execFileSync("unzip", [...options, "passes.pkpasses"], { cwd: folder, encoding: "utf8" });
    expect(unzip("-t")).toMatch(/No errors detected/);
    const names = unzip("-Z1").trim().split("\n");
    unzip("-q");
    const serialNumbers: unknown[] = [];
    for (const name of names) {
      const bytes = Uint8Array.from(await readFile(join(folder, name)));
      expect(await secondOpinion(bytes, rootPem)).toEqual({
        accepted: ["unzip", "openssl"],
        objections: [],
        absent: [],
      });
      serialNumbers.push((await checkPass(bytes, { rootPem })).pass.serialNumber);
    }
    return { names, serialNumbers };
  });
}

test("curl downloads one file by its link and by the API, and all passes in it are valid", async () => {
  const passIds = passes.map(({ id }) => id).reverse();
  const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify({ passIds })];
  const made = await curl(["-i", ...KEY, ...json, `${origin}/admin/v1/bundles`]);
  expect(made.status).toBe(200);
  const { url } = made.json<{ url: string }>();
  const expected = {
    names: ["1-seat_3.pkpass", "2-seat_2.pkpass", "3-seat_1.pkpass", "4-seat_0.pkpass"],
    serialNumbers: ["seat 3", "seat 2", "seat 1", "seat 0"],
  };
  expect(await inspected([url])).toEqual(expected);
  const byKey = `${origin}/admin/v1/bundles/download?passIds=${passIds.join(",")}`;
  expect(await inspected([...KEY, byKey])).toEqual(expected);
});

test("the response announces its length, to HEAD too: the bytes that curl then receives", async () => {
  const passIds = passes.map(({ id }) => id);
  const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify({ passIds })];
  const { url } = (await curl(["-i", ...KEY, ...json, `${origin}/admin/v1/bundles`])).json<{ url: string }>();
  for (const address of [
    [url],
    [...KEY, `${origin}/admin/v1/bundles/download?passIds=${passIds.join(",")}`],
    [passes[0]?.downloadUrl ?? ""],
  ]) {
    const head = await curl(["-I", ...address]);
    expect(head.status).toBe(200);
    expect(head.headers.get("transfer-encoding")).toBeNull();
    const length = Number(head.headers.get("content-length"));
    await downloaded(["-f", "-D", "headers", "-o", "body", ...address], async (folder) => {
      const headers = await readFile(join(folder, "headers"), "latin1");
      expect(headers).toMatch(new RegExp(`^content-length: ${length}\r$`, "im"));
      expect(headers).not.toMatch(/^transfer-encoding:/im);
      expect((await readFile(join(folder, "body"))).length).toBe(length);
    });
  }
});
