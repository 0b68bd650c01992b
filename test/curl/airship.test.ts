/**
 * The request that Airship's "List event passes" prints, made with real curl, and its response compared field by field
 * with the sample there; then the download from the link in the response.
 */
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { IPhone } from "../apple/iphone.ts";
import { type CurlAnswer, curl } from "./curl.ts";
import { admin, adminToken, downloaded, issue, makePassType, origin, rootPem } from "./instance.ts";
import { templates } from "./passdock-templates.ts";

/** The sample of the reference, without its ids, address and times. */
const SAMPLE_PAGINATION = { order: "id", direction: "desc", page: 1, start: 0, pageSize: 2 };

const MILLISECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BASIC = ["-u", `:${adminToken}`];

interface Page {
  readonly count: number;
  readonly passes: readonly { readonly id: number; readonly url: string }[];
  readonly pagination: unknown;
}

let projectId: number;
let eventId: number;
let templateId: number;
let address: string;
/** A pass that is on a phone. */
let installed: Pass;
let lonely: Pass;

beforeAll(async () => {
  templateId = await templates.eventTicketWithBackground(await makePassType());
  projectId = (await admin.send<{ id: number }>("POST", "/projects", { name: "Concerts" })).id;
  const event = { name: "The first night", values: { gate: "West" } };
  eventId = (await admin.send<{ id: number }>("POST", `/projects/${projectId}/events`, event)).id;
  address = `${origin}/v1/events/project/${projectId}/${eventId}/passes`;
  installed = await issue(templateId, { eventId });
  lonely = await issue(templateId, { eventId });
  const phone = new IPhone({ fetch: (request) => fetch(request), rootPem });
  await phone.addFrom(installed.downloadUrl);
});

const list = (query = "", more: string[] = []) => curl(["-i", ...BASIC, ...more, address + query]);

function read(answer: CurlAnswer): Page {
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: answer.body });
  expect(answer.headers.get("content-type")).toMatch(/^application\/json\b/);
  return answer.json<Page>();
}

const idsOf = ({ passes }: Page) => passes.map(({ id }) => id);

/** An item of the sample. */
const item = (pass: Pass, more: Record<string, unknown>) => ({
  id: pass.id,
  templateId,
  url: `${origin}/v1/pass/${pass.id}/download`,
  serialNumber: pass.serialNumber,
  createdAt: expect.stringMatching(MILLISECONDS),
  updatedAt: expect.stringMatching(MILLISECONDS),
  platform: "ios",
  ...more,
});

describe("GET /v1/events/project/12345/1234/passes", () => {
  test.each([
    ["curl -u", BASIC],
    [
      "Authorization: Basic",
      ["-H", `Authorization: Basic ${Buffer.from(`:${adminToken}`).toString("base64")}`],
    ],
  ])("%s returns the fields of the sample", async (_, authorization) => {
    expect(read(await curl(["-i", ...authorization, address]))).toEqual({
      count: 2,
      passes: [
        item(lonely, { status: "not_been_installed", installedAt: null }),
        item(installed, { status: "installed", installedAt: expect.stringMatching(MILLISECONDS) }),
      ],
      pagination: { ...SAMPLE_PAGINATION, pageSize: 10 },
    });
    expect(lonely.serialNumber).toMatch(UUID);
  });

  test("the response has the Content-Type of the sample", async () => {
    expect((await list()).headers.get("content-type")).toMatch(/^application\/json; ?charset=utf-8$/i);
  });

  test("pageSize=2 returns exactly the pagination of the sample", async () => {
    expect(read(await list("?pageSize=2")).pagination).toEqual(SAMPLE_PAGINATION);
  });

  test("the url downloads the pass with the same authorization", async () => {
    const { passes } = read(await list());
    for (const { url } of passes) {
      const files = await downloaded(["-f", "-OJ", ...BASIC, url], async (folder) => {
        const [file = "nothing was saved", ...others] = await readdir(folder);
        expect(others).toEqual([]);
        expect(file).toMatch(/\.pkpass$/);
        return execFileSync("unzip", ["-t", file], { cwd: folder, encoding: "utf8" });
      });
      expect(files).toMatch(/No errors detected/);
      expect(files).toMatch(/pass\.json\s+OK/);
    }
  });
});

describe("the parameters of the reference", () => {
  test("page, pageSize, order and direction are returned as they took effect, whatever their case", async () => {
    const second = read(await list("?pageSize=1&page=2&order=createdAt&direction=ASC"));
    expect(idsOf(second)).toEqual([lonely.id]);
    expect(second.count).toBe(2);
    expect(second.pagination).toEqual({
      order: "createdAt",
      direction: "asc",
      page: 2,
      start: 1,
      pageSize: 1,
    });
    expect(idsOf(read(await list("?direction=desc")))).toEqual([lonely.id, installed.id]);
  });

  test.each([
    ["installed", () => [installed.id]],
    ["uninstalled", () => []],
    ["been_installed", () => [installed.id]],
    ["not_been_installed", () => [lonely.id]],
  ])("status=%s returns the passes with this status", async (status, expected) => {
    const page = read(await list(`?status=${status}`));
    expect(idsOf(page)).toEqual(expected());
    expect(page.count).toBe(expected().length);
  });

  test.each(["?status=lost", "?pageSize=0", "?pageSize=x", "?page=0", "?order=name", "?direction=UP"])(
    "%s is refused with 400",
    async (query) => {
      expect((await list(query)).status).toBe(400);
    },
  );

  test("Api-Revision must be 1.2 or absent, as in the example", async () => {
    expect((await list("", ["-H", "Api-Revision: 1.2"])).status).toBe(200);
    expect((await list("", ["-H", "Api-Revision: 1.1"])).status).toBe(400);
  });
});

describe("the errors of the reference", () => {
  test("an unknown event, or one of another project, is refused with 404", async () => {
    const other = await admin.send<{ id: number }>("POST", "/projects", { name: "Theatre" });
    const events = `${origin}/v1/events/project`;
    expect((await curl(["-i", ...BASIC, `${events}/${projectId}/987654321/passes`])).status).toBe(404);
    expect((await curl(["-i", ...BASIC, `${events}/${other.id}/${eventId}/passes`])).status).toBe(404);
  });

  test("the list and the download are refused with 401 without the token", async () => {
    const download = `${origin}/v1/pass/${lonely.id}/download`;
    for (const asked of [address, download]) {
      expect((await curl(["-i", asked])).status).toBe(401);
      expect((await curl(["-i", "-u", ":wrong", asked])).status).toBe(401);
    }
  });
});
