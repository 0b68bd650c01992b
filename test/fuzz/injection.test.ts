/**
 * Injection: a text from a client is returned unchanged wherever it is used, in SQL, in headers, in pass.strings, in
 * JSON and in JavaScript objects. Each test is named after its attack. html.test.ts tests pages.
 *
 * Follows OWASP's Web Security Testing Guide, and Apple's "String Resources" for the end of a string there.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { writeStrings } from "../../src/pkpass/strings.ts";
import { parseStrings } from "../apple/iphone-strings.ts";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, call, download, icon, send, storeCard, stored } from "../harness.ts";
import { TEXTS } from "../tools/fuzz/nasty.ts";
import { ask, holderOf, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.injection";
let templateId: number;
let event: { projectId: number; id: number };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  event = await admin.makeEvent();
});

const passdock = (method: string, path: string, body?: unknown) =>
  ask(method, `/api/v1${path}${path.includes("?") ? "&" : "?"}api_token=${ADMIN_TOKEN}`, {}, body);
const keyed = (method: string, path: string, body?: unknown) =>
  ask(
    method,
    `/admin/v1${path}`,
    { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    body,
  );

describe("SQL", () => {
  /** A marker that ends each kind of quotation. No statement contains it unless a text was not bound. */
  const MARK = `zq'"\`]);--zq`;

  /** Every text of every API that reaches the database, with the marker in it. */
  async function requests(): Promise<Request[]> {
    const mark = encodeURIComponent(MARK);
    const pass = await admin.issue(templateId, { serialNumber: MARK.replaceAll(/[?#/\\]/g, "") });
    const holder = await holderOf(pass);
    const bodies = { externalId: MARK, name: MARK };
    const texts = {
      externalId: MARK,
      values: { points: MARK },
      barcodeMessage: MARK,
      barcodeAltText: MARK,
      tags: [MARK],
    };
    return [
      ask("POST", holder.registration(mark), holder.authorization, { pushToken: randomDevice() }),
      ask("GET", `/v1/devices/${mark}/registrations/${mark}?passesUpdatedSince=${mark}`),
      ask("GET", holder.path, { ...holder.authorization, "If-None-Match": MARK, "If-Modified-Since": MARK }),
      ask("POST", `/v1/passes/${mark}/${mark}/passLifecycleUpdate`, {}, { passState: MARK }),
      ask("POST", "/v1/log", { "User-Agent": MARK }, { logs: [MARK] }),
      ask("DELETE", holder.registration(mark), holder.authorization),
      ask("GET", `/api/v1/passes/${mark}/${mark}?passesUpdatedSince=${mark}`),
      ask("GET", `/p/1/${mark}`),
      keyed("GET", `/passes?code=${mark}&tag=${mark}`),
      keyed("POST", `/templates/${templateId}/passes`, { ...texts, serialNumber: "sql '\"--" }),
      keyed("PATCH", `/passes/${pass.id}`, {
        ...texts,
        externalId: `${MARK} 2`,
        pass: { logoText: MARK, userInfo: { [MARK]: MARK } },
      }),
      keyed("POST", `/passes/${pass.id}/redeem`, { redemptionId: MARK }),
      keyed("POST", `/passes/${pass.id}/void`, { reason: MARK }),
      keyed("POST", "/projects", bodies),
      keyed("POST", `/projects/${event.projectId}/events`, { ...bodies, values: { [MARK]: MARK } }),
      keyed("PATCH", `/projects/${event.projectId}/events/${event.id}`, {
        values: { [MARK]: { label: MARK } },
      }),
      keyed("POST", "/templates", {
        ...bodies,
        passTypeIdentifier: PASS_TYPE,
        pass: { ...storeCard, description: MARK },
        images: icon,
        strings: { fr: { [MARK]: MARK } },
      }),
      keyed("PATCH", `/templates/${templateId}`, {
        ...bodies,
        externalId: `${MARK} 2`,
        strings: { fr: { [MARK]: MARK } },
      }),
      passdock("POST", `/templates/${templateId}/passes`, {
        pass: { serial_number: "sql 2'\"--", points: MARK, bar: { message: MARK } },
      }),
      passdock("GET", `/passes/search?code=${mark}`),
      passdock("GET", `/templates/${templateId}/passes/search?serial_number=${mark}`),
      passdock("PUT", `/templates/${templateId}/passes/${pass.id}`, { pass: { points: `${MARK} 2` } }),
    ];
  }

  test("no text of a client becomes part of an SQL statement: every API binds it", async () => {
    const asked: string[] = [];
    const prepare = (sql: string) => {
      asked.push(sql);
      return env.DB.prepare(sql);
    };
    const recording = { ...env, DB: forwarding(env.DB, { prepare }) };
    for (const request of await requests()) {
      const context = createExecutionContext();
      const { status } = await worker.fetch(request, recording, context);
      await waitOnExecutionContext(context);
      expect([request.url, status < 500]).toEqual([request.url, true]);
    }
    expect(asked.length).toBeGreaterThan(40);
    expect(asked.filter((sql) => sql.includes("zq"))).toEqual([]);
    // The marker was stored in the tables unchanged.
    const { rows } = await stored();
    for (const table of [
      "passes",
      "templates",
      "events",
      "projects",
      "device_logs",
      "pass_tags",
      "changes",
    ]) {
      expect(JSON.stringify(rows[table]), table).toContain("zq");
    }
  });

  test("a field key with a meaning in SQL or JSON paths is an ordinary key, whose value can be changed and removed", async () => {
    const keys = [
      'a"b',
      "a\\b",
      "a\nb",
      "a\tb",
      "é",
      "🦊",
      "a.b",
      "$",
      "$.a[0]",
      "'; DROP TABLE passes;--",
      "\u2028",
    ];
    const primaryFields = keys.map((key) => ({ key, value: "0" }));
    const { id } = await admin.makeTemplate(PASS_TYPE, {
      pass: { ...storeCard, storeCard: { primaryFields } },
    });
    const pass = await admin.issue(id, { values: Object.fromEntries(keys.map((key) => [key, "1"])) });
    for (const key of keys) await admin.change(pass.id, { values: { [key]: "2" } });
    expect((await admin.show(pass.id)).values).toEqual(
      Object.fromEntries(keys.map((key) => [key, { value: "2" }])),
    );
    for (const key of keys) await admin.change(pass.id, { values: { [key]: null } });
    expect((await admin.show(pass.id)).values).toEqual({});
  });
});

test("header injection: a serial number that some encoders shorten to CR and LF becomes a file name and no header", async () => {
  // The last bytes of U+560D and U+560A are those of CR and LF; some programs treat U+0085 and U+2028 as line breaks.
  for (const text of [
    "a嘍嘊Set-Cookie: a=b",
    "a\u2028Injected: yes",
    "a%0d%0aInjected: yes",
    'a"; filename*=x',
  ]) {
    const pass = await admin.issue(templateId, { serialNumber: text });
    const { headers } = await send(new Request(pass.downloadUrl));
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="[\w.-]+\.pkpass"$/);
    expect([headers.has("set-cookie"), headers.has("injected")]).toEqual([false, false]);
  }
  for (const serialNumber of ["a\r\nInjected: yes", "a\u0000", "a\nb"]) {
    expect((await call("POST", `/templates/${templateId}/passes`, { serialNumber })).status).toBe(400);
    const pass = { serial_number: serialNumber };
    expect((await send(passdock("POST", `/templates/${templateId}/passes`, { pass }))).status).toBe(422);
  }
});

test("formulas: text that a spreadsheet would execute is returned only as JSON, which does not open in one", async () => {
  const formula = `=cmd|'/C calc'!A0`;
  const pass = await admin.issue(templateId, {
    serialNumber: `${formula.replace("/", "")}1`,
    values: { points: formula },
    eventId: event.id,
  });
  for (const request of [
    keyed("GET", `/passes/${pass.id}`),
    passdock("GET", `/templates/${templateId}/passes/${pass.id}`),
    ask("GET", `/v1/events/project/${event.projectId}/${event.id}/passes`, {
      Authorization: `Bearer ${ADMIN_TOKEN}`,
      Accept: "text/csv",
    }),
  ]) {
    const response = await send(request);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(JSON.stringify(await response.json())).toContain("=cmd|'");
  }
});

describe("pass.strings", () => {
  test("a translation cannot end its quotes: exactly the same pairs are read back", () => {
    const enders = fc.constantFrom(
      '"',
      "\\",
      '\\"',
      '";',
      "/*",
      "*/",
      "//",
      "\n",
      "\r\n",
      "\t",
      '" = "',
      "%@",
      "'",
      "\u2028",
    );
    const part = fc.oneof(
      enders,
      fc.string({ unit: "binary", maxLength: 5 }).map((text) => text.replace(/\p{Cc}/gu, "")),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((key) => key !== ""),
          text,
          { maxKeys: 6 },
        ),
        (pairs) => {
          const read = parseStrings(writeStrings(pairs), "pass.strings");
          expect(Object.entries(read).toSorted()).toEqual(Object.entries(pairs).toSorted());
        },
      ),
      { seed: 20_261_122, numRuns: 120 },
    );
  });

  test("a bundle with such a file is accepted by Wallet's rules", async () => {
    const nasty = TEXTS.filter((text) => text !== "" && !/\p{Cc}/u.test(text) && text !== "__proto__").slice(
      0,
      40,
    );
    const fr = Object.fromEntries(nasty.map((text) => [text, `${text}"; };/* */ "x" = "y`]));
    const { id } = await admin.makeTemplate(PASS_TYPE, { strings: { fr } });
    expect((await download(await admin.issue(id))).strings.fr).toEqual(fr);
  });
});

test("prototype pollution: nested keys of a form and names in a query do not change a prototype", async () => {
  const forms = [
    "__proto__[polluted]=1&pass[__proto__][polluted]=1",
    "constructor[prototype][polluted]=1&pass[constructor][prototype][polluted]=1",
    'pass={"__proto__":{"polluted":1},"serial_number":"p1"}',
    "pass[serial_number][__proto__][polluted]=1",
  ];
  for (const form of forms) {
    const { status } = await send(
      passdock("POST", `/templates/${templateId}/passes?__proto__=1&constructor=1`, form),
    );
    expect([201, 400, 420, 421, 422]).toContain(status);
  }
  for (const path of ["/v1/log?__proto__[polluted]=1", `/v1/devices/__proto__/registrations/constructor`]) {
    await send(ask(path.includes("log") ? "POST" : "GET", path));
  }
  await send(
    ask(
      "POST",
      "/v1/log",
      {},
      '{"__proto__":{"logs":["x"],"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ),
  );
  for (const thing of [{}, [], Object.prototype, () => {}])
    expect(Reflect.get(thing, "polluted")).toBeUndefined();
});
