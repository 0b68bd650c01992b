/**
 * Fills the tables directly, because so many requests would take an hour. Rows are copies of those that the API has made.
 */
import { assetKey } from "../../../src/templates/packs.ts";

/** The rows that are copied, by their ids. */
export interface Fill {
  /** The pass gets most of the scans, changes and phones that one pass has. */
  readonly passId: number;
  readonly templateId: number;
  readonly eventId: number;
  readonly projectId: number;
  readonly keyId: number;
  readonly passTypeIdentifier: string;
}

export const COUNTS = {
  passes: 100_000,
  scans: 100_000,
  changes: 100_000,
  phones: 20_000,
  /** Scans, changes and phones of one pass. */
  ofOnePass: 1000,
  templates: 300,
  events: 300,
  projects: 300,
  keys: 300,
  deadLetters: 2000,
  deviceLogs: 1000,
} as const;

const ROWS_PER_STATEMENT = 20_000;

/** Column → an SQL expression, in which n counts from 1. */
type Values = Readonly<Record<string, string>>;

/** SQL on the images of a template: those of small previews have another hash in each template, so each has to be loaded. */
const OWN_IMAGES = `(SELECT json_group_object(path, CASE WHEN path LIKE '%@%' THEN json(facts)
  ELSE json_set(facts, '$.sha256', printf('%04x', n) || substr(facts ->> 'sha256', 5)) END)
  FROM (SELECT key AS path, value AS facts FROM json_each(images)))`;

export async function fillRows(
  db: D1Database,
  bucket: R2Bucket,
  { passId, templateId, eventId, projectId, ...more }: Fill,
) {
  const now = Date.now();
  const passType = `'${more.passTypeIdentifier}'`;
  /** The newest first has the greatest n. */
  const minutesAgo = (most: number) => `${now} - (${most} - n) * 60000`;
  const copy = async (table: string, id: number, count: number, values: Values) => {
    const { results } = await db
      .prepare("SELECT name FROM pragma_table_info(?) WHERE name <> 'id'")
      .bind(table)
      .all<{ name: string }>();
    const columns = results.map(({ name }) => [`"${name}"`, values[name] ?? `"${name}"`] as const);
    await insert(db, count, table, Object.fromEntries(columns), `numbers, ${table} WHERE id = ${id}`);
  };
  await copy("templates", templateId, COUNTS.templates, {
    name: "'Template ' || n",
    external_id: "'template-' || n",
    project_id: "NULL",
    join: "NULL",
    images: OWN_IMAGES,
  });
  await copyImages(db, bucket, templateId);
  await copy("events", eventId, COUNTS.events, { name: "'Event ' || n", external_id: "'event-' || n" });
  await copy("projects", projectId, COUNTS.projects, {
    name: "'Project ' || n",
    external_id: "'project-' || n",
  });
  await copy("keys", more.keyId, COUNTS.keys, { name: "'Key ' || n", hash: "'hash-' || n" });
  // Half of the passes have one template, the others have ten of the others.
  await copy("passes", passId, COUNTS.passes, {
    template_id: `CASE WHEN n % 2 = 0 THEN ${templateId} ELSE ${templateId} + n / 2 % 10 END`,
    event_id: `CASE WHEN n % 3 = 0 THEN ${eventId} WHEN n % 3 = 1 THEN ${eventId} + n / 3 % 100 END`,
    serial_number: "'serial-' || n",
    external_id: "'member-' || n",
    barcode_message: "CASE WHEN n % 1000 = 0 THEN 'shared code' ELSE 'code-' || n END",
    web_token: "'token-' || n",
    field_values: "json_object('name', json_object('value', 'Holder ' || n))",
    redeemed_at: `CASE WHEN n % 10 = 3 THEN ${now} END`,
    voided_at: `CASE WHEN n % 100 = 7 THEN ${now} END`,
    installed_at: `CASE WHEN n % 5 = 0 THEN ${now} END`,
    created_at: minutesAgo(COUNTS.passes),
  });
  const ids = `${passId} + n`;
  await insert(db, COUNTS.passes, "pass_tags", { pass_id: ids, tag: "'many'" });
  await insert(db, COUNTS.passes / 1000, "pass_tags", { pass_id: `${passId} + n * 1000`, tag: "'few'" });
  const scan = (prefix: string, pass: string) => ({
    scan_id: `'${prefix}' || n`,
    pass_id: pass,
    outcome: "iif(n % 4 = 0, 'already_redeemed', iif(n % 1000 = 7, 'too_soon', 'redeemed'))",
    is_conflict: "0",
    at: minutesAgo(COUNTS.scans),
    received_at: `${now}`,
    place: "iif(n % 1000 = 1, 'Back', 'Gate ' || (n % 20))",
    actor: "'admin'",
  });
  await insert(db, COUNTS.scans, "scans", scan("scan-", ids));
  await insert(db, COUNTS.ofOnePass, "scans", scan("one-", `${passId}`));
  const change = (pass: string, most: number) => ({
    pass_type_identifier: passType,
    kind: "'changed'",
    pass_id: pass,
    actor: "'admin'",
    at: minutesAgo(most),
    push_at: `${now}`,
    dispatched_at: `${now}`,
  });
  await insert(db, COUNTS.changes, "changes", change(ids, COUNTS.changes));
  await insert(db, COUNTS.ofOnePass, "changes", change(`${passId}`, COUNTS.ofOnePass));
  const phone = {
    pass_type_identifier: passType,
    device_library_identifier: "'device-' || n",
    push_token: "'token-' || n",
    client: "'apple'",
  };
  await insert(db, COUNTS.phones, "devices", { ...phone, created_at: `${now}`, updated_at: `${now}` });
  const registration = { ...phone, template_id: `${templateId}`, registered_at: `${now}` };
  await insert(db, COUNTS.phones, "registrations", { ...registration, pass_id: `${passId} + n * 5` });
  await insert(db, COUNTS.ofOnePass, "registrations", { ...registration, pass_id: `${passId}` });
  await insert(db, COUNTS.deadLetters, "dead_letters", {
    message_id: "'letter-' || n",
    message: `json_object('kind', 'push', 'passTypeIdentifier', ${passType}, 'tokens', json_array('token-' || n), 'reason', 'TopicDisallowed')`,
    received_at: `${now}`,
  });
  await insert(db, COUNTS.deviceLogs, "device_logs", {
    client: "'passd'",
    messages: "json_array('Web service error ' || n)",
    received_at: `${now}`,
  });
  return {};
}

/** The files of the images that each template has for itself. */
async function copyImages(db: D1Database, bucket: R2Bucket, templateId: number) {
  const { results } = await db
    .prepare(
      `SELECT image.value ->> 'sha256' AS own, original.value ->> 'sha256' AS original
        FROM templates AS copy, json_each(copy.images) AS image, templates AS first, json_each(first.images) AS original
        WHERE copy.id > first.id AND first.id = ? AND original.key = image.key AND image.key NOT LIKE '%@%'`,
    )
    .bind(templateId)
    .all<{ own: string; original: string }>();
  const files = new Map<string, ArrayBuffer>();
  for (const { own, original } of results) {
    const bytes = files.get(original) ?? (await (await bucket.get(assetKey(original)))?.arrayBuffer());
    if (bytes === undefined) throw new Error(`${original} is not in the bucket`);
    files.set(original, bytes);
    await bucket.put(assetKey(own), bytes);
  }
}

async function insert(db: D1Database, count: number, table: string, values: Values, source = "numbers") {
  for (let from = 1; from <= count; from += ROWS_PER_STATEMENT) {
    const to = Math.min(count, from + ROWS_PER_STATEMENT - 1);
    const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to})`;
    await db
      .prepare(
        `${numbers} INSERT INTO ${table} (${Object.keys(values)}) SELECT ${Object.values(values)} FROM ${source}`,
      )
      .run();
  }
}
