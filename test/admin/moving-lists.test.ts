/**
 * Lists whose rows come and go between two pages: each row that is there all the time is on one page, and no row is on two.
 */
import { beforeAll, expect, test } from "vitest";
import { deadLetters, deviceLogs, scans } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import { admin, call } from "../harness.ts";
import { deleteRows, insertRows, rowsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.moving-lists";
let templateId: number;
let event: { id: number; projectId: number };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  event = await admin.makeEvent();
});

type Id = number | string;
interface List {
  readonly path: string;
  /** Makes a row, newer than all others. @returns its id */
  readonly make: () => Promise<Id>;
  readonly remove: (id: Id) => Promise<unknown>;
}

let made = 0;
const pass = async () => {
  const { id } = await admin.issue(templateId, {
    eventId: event.id,
    tags: ["moving"],
    barcodeMessage: "moving",
  });
  return id;
};
const passList = (query: string): List => ({
  path: `/passes?${query}&`,
  make: pass,
  remove: (id) => admin.delete(Number(id)),
});

const LISTS: Record<string, () => List> = {
  passes: () => passList(`eventId=${event.id}&installStatus=not_been_installed`),
  "the passes with a tag": () => passList(`templateId=${templateId}&tag=moving&status=active`),
  "the passes with a code": () => passList("code=moving"),
  templates: () => ({
    path: `/templates?passTypeIdentifier=${PASS_TYPE}&`,
    make: async () => (await admin.makeTemplate(PASS_TYPE)).id,
    remove: (id) => call("DELETE", `/templates/${id}`),
  }),
  projects: () => ({
    path: "/projects?",
    make: async () => (await admin.makeProject()).id,
    remove: (id) => call("DELETE", `/projects/${id}`),
  }),
  events: () => ({
    path: `/projects/${event.projectId}/events?`,
    make: async () => (await admin.makeEvent({}, event.projectId)).id,
    remove: (id) => admin.deleteEvent({ projectId: event.projectId, id: Number(id) }),
  }),
  scans: () => ({
    path: "/scans?",
    async make() {
      const scanId = `moving-${++made}`;
      // Scans of one moment, and one that arrives late.
      const at = new Date(Date.now() - (made % 3 === 0 ? 3_600_000 : 0)).toISOString();
      await call("POST", "/scans", { scans: [{ scanId, code: "of nobody", at }] });
      return scanId;
    },
    remove: (scanId) => deleteRows(scans, { scanId: String(scanId) }),
  }),
  "dead letters": () => ({
    path: "/dead-letters?",
    async make() {
      const messageId = `moving-${++made}`;
      const message = writeJson({ kind: "change", reason: "moving" });
      await insertRows(deadLetters, [{ messageId, message, receivedAt: Date.now() }]);
      return (await rowsOf(deadLetters, { messageId }))[0]?.id ?? 0;
    },
    remove: (id) => deleteRows(deadLetters, { id: Number(id) }),
  }),
  "device logs": () => ({
    path: "/device-logs?",
    async make() {
      await insertRows(deviceLogs, [{ client: "", messages: writeJson(["moving"]), receivedAt: Date.now() }]);
      return (await rowsOf(deviceLogs)).at(-1)?.id ?? 0;
    },
    remove: (id) => deleteRows(deviceLogs, { id: Number(id) }),
  }),
};

test.each(Object.keys(LISTS))(
  "the list of %s has each lasting row once while others come and go",
  async (name) => {
    const { path, make, remove } = LISTS[name]?.() ?? { path: "", make: pass, remove: pass };
    const first: Id[] = [];
    for (let n = 0; n < 8; n++) first.push(await make());
    const removed = new Set<Id>();
    const listed: Id[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await call<{ items: { id?: number; scanId?: string }[]; nextCursor: string | null }>(
        "GET",
        `${path}limit=2${cursor}`,
      );
      const page = body.items.map(({ id, scanId }) => scanId ?? id ?? 0);
      listed.push(...page);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
      await make();
      // The last row of this page, which the cursor names, and one that a later page would have.
      for (const id of [page.at(-1), first.find((each) => !listed.includes(each) && !removed.has(each))]) {
        if (id === undefined || removed.size > 3) continue;
        await remove(id);
        removed.add(id);
      }
    }
    expect(removed.size).toBeGreaterThan(2);
    expect(new Set(listed).size).toBe(listed.length);
    const lasting = first.filter((id) => !removed.has(id));
    expect(listed).toEqual(expect.arrayContaining(lasting));
  },
);
