/**
 * `npm run rows`: fills an instance with 100,000 passes and what belongs to them, opens each list and each search of the dashboard in
 * Chromium, and asks for further pages. It prints what each cost, and ends with status 0 only if all of them were as they should be
 * and stayed within the limits below. Time depends on the machine, so only one ratio of times is checked.
 *
 * Options: --only TEXT: the pages whose address contains it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { CONTEXT, startChromium } from "../../chromium/chromium.ts";
import { heading, whole } from "../load/figures.ts";
import { startLoadInstance } from "../load/instance.ts";
import { onFirstSignal } from "../local/signals.ts";
import { COUNTS, type Fill } from "./fill.ts";
import { type ListPage, pagesOf } from "./pages.ts";
import { Reader } from "./reader.ts";

/**
 * The most requests to open a page with its list. A search that finds nothing requests 25 pages of the list. A request of a choice's
 * options gets 200 names.
 */
const MAX_REQUESTS = 32;
/**
 * The most rows that one request may read. A page of a list examines 2,000 rows; a count examines 10,000 passes, and reads up to nine
 * rows for each.
 */
const MAX_ROWS_READ = { page: 30_000, count: 90_000 };
/** The most bytes that one answer may have, before it is compressed. */
const MAX_BYTES = 500_000;
const MORE_PRESSES = 3;
const LONG_LIST_PRESSES = 40;

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const folder = mkdtempSync(join(tmpdir(), "edgepass-rows-"));
const interrupted = Promise.withResolvers<never>();
onFirstSignal(() => interrupted.reject(new Error("it was interrupted")));
interrupted.promise.catch(() => {});
try {
  await using instance = await startInstance();
  const browser = await startChromium();
  try {
    const faults = await Promise.race([measure(instance, browser.wsEndpoint()), interrupted.promise]);
    for (const fault of faults) console.log(`FAILED: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function startInstance() {
  const instance = await startLoadInstance(folder, 1, join(import.meta.dirname, "worker.ts"));
  return { ...instance, [Symbol.asyncDispose]: () => instance.close() };
}

type Instance = Awaited<ReturnType<typeof startInstance>>;

async function fill({ admin, ask, passTypeIdentifier, templateId }: Instance) {
  type Made = { readonly id: number };
  const project = await admin.send<Made>("POST", "/projects", { name: "Tour" });
  const event = await admin.send<Made>("POST", `/projects/${project.id}/events`, { name: "Concert" });
  const key = await admin.send<Made>("POST", "/keys", { name: "Reader", role: "reader" });
  const pass = await admin.send<Made>("POST", `/templates/${templateId}/passes`, {});
  await admin.send("PATCH", `/templates/${templateId}`, { join: { slug: "roasters", fields: [] } });
  const filled: Fill = {
    ...{ passId: pass.id, templateId, eventId: event.id, projectId: project.id, keyId: key.id },
    passTypeIdentifier,
  };
  await ask("/rows/fill", filled);
  return pagesOf(filled);
}

async function measure(instance: Instance, address: string): Promise<string[]> {
  const all = await fill(instance);
  const pages = all.filter(({ hash }) => hash.includes(values.only));
  const connection = await chromium.connect(address);
  const context = await connection.newContext({ ...CONTEXT, viewport: { width: 1280, height: 844 } });
  const page = await context.newPage();
  const reader = new Reader(page, instance.origin);
  await reader.signIn(instance.adminToken);
  heading(
    `${whole(COUNTS.passes)} passes, ${whole(COUNTS.scans)} scans, ${whole(COUNTS.phones)} phones, ${whole(COUNTS.changes)} changes, ${COUNTS.templates} templates, ${COUNTS.events} events, ${COUNTS.keys} keys`,
  );
  console.log(
    `\n${columns("", "to open:", "", "of one:", "", "", "More:", "")}\n${columns("page and list", "requests", "queries", "bytes", "rows read", "shown", "requests", "shown")}`,
  );
  const faults: string[] = [];
  for (const each of pages) {
    const problems = await measurePage(reader, each);
    faults.push(...problems.map((problem) => `${each.hash} (${each.list ?? "page"}): ${problem}`));
  }
  if (values.only === "") faults.push(...(await measureLongList(reader)));
  await connection.close();
  return faults;
}

async function measurePage(reader: Reader, each: ListPage): Promise<string[]> {
  const { hash, list = "", rows = 0, further = 0 } = each;
  await reader.open(each);
  const opened = reader.spent();
  for (let press = 0; press < further; press++) await reader.more(list);
  const first = await reader.rowsOf(list);
  const looked = reader.spent();
  let pressed = 0;
  for (; pressed < MORE_PRESSES && rows === "many" && (await reader.hasMore(list)); pressed++)
    await reader.more(list);
  const last = await reader.rowsOf(list);
  const more = reader.spent();
  const all = [opened, looked, more];
  const most = (name: "rowsRead" | "bytes") => Math.max(...all.map((spent) => spent.most[name]));
  console.log(
    columns(
      `${hash} ${list}`.trim() || "overview",
      ...[opened.requests, opened.statements, most("bytes"), most("rowsRead"), first.length],
      ...(rows === "many" ? [more.requests, last.length] : ["", ""]),
    ),
  );
  const faults: string[] = [];
  if (opened.requests > MAX_REQUESTS) faults.push(`${opened.requests} requests to open it`);
  for (const { path, rowsRead, bytes } of all.flatMap((spent) => spent.answers)) {
    const limit = path.includes("/count") ? MAX_ROWS_READ.count : MAX_ROWS_READ.page;
    if (rowsRead > limit) faults.push(`${path} reads ${whole(rowsRead)} rows`);
    if (bytes > MAX_BYTES) faults.push(`${path} answers ${whole(bytes)} bytes`);
  }
  if (rows === "many") {
    if (first.length === 0) faults.push("the first page is empty");
    if (pressed === 0 || last.length <= first.length) faults.push("More shows nothing more");
  } else {
    if (first.length !== rows) faults.push(`${first.length} rows instead of ${rows}`);
  }
  if (new Set(last).size < last.length) faults.push("a row is there twice");
  return faults;
}

/** How a list behaves that a person has made long. */
async function measureLongList(reader: Reader): Promise<string[]> {
  await reader.open({ hash: "passes", list: "Passes", rows: "many" });
  const took: number[] = [];
  for (let press = 0; press < LONG_LIST_PRESSES; press++) {
    const from = performance.now();
    await reader.more("Passes");
    took.push(performance.now() - from);
  }
  const middle = (some: number[]) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0;
  const shown = (await reader.rowsOf("Passes")).length;
  const ratio = middle(took.slice(-10)) / middle(took.slice(0, 10));
  heading(
    `More, ${LONG_LIST_PRESSES} times: ${whole(shown)} passes are shown, in ${whole(await reader.elements())} elements`,
  );
  console.log(`the last ten times took ${ratio.toFixed(1)} times as long as the first ten`);
  return [];
}

function columns(name: string, ...figures: (string | number)[]): string {
  const texts = figures.map((figure) => (typeof figure === "number" ? whole(figure) : figure).padStart(10));
  return name.padEnd(52) + texts.join("");
}
