/**
 * Revisions of passes, templates and events (src/db/revisions.ts, src/http/revisions.ts): ETag, If-Match and If-None-Match over
 * HTTP, what raises them, and a write whose answer D1 lost.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Context } from "../../src/context.ts";
import { changeEvent } from "../../src/events/change.ts";
import { createEvent } from "../../src/events/create.ts";
import { createProject } from "../../src/events/projects.ts";
import { createContext } from "../../src/http/context.ts";
import { changePass } from "../../src/passes/change.ts";
import { deletePass } from "../../src/passes/delete.ts";
import { deleteEvent } from "../../src/passes/delete-event.ts";
import { unredeemPass } from "../../src/passes/redeem.ts";
import type { Pass } from "../../src/passes/show.ts";
import { voidPass } from "../../src/passes/void.ts";
import { changeTemplate } from "../../src/templates/change.ts";
import { copyTemplate } from "../../src/templates/copy.ts";
import { deleteTemplate } from "../../src/templates/delete.ts";
import { forwarding } from "../counting.ts";
import { failingD1, LOST, withoutPauses } from "../failing-d1.ts";
import { admin, call, icon, iphone, storeCard } from "../harness.ts";
import { rewards, signUp } from "../passes/rewards.ts";
import { holderOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.revisions";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(() => vi.restoreAllMocks());

const ifMatch = (etag: string) => ({ "If-Match": etag });

/** One of each kind, with a change that phones see and one that they do not. */
const kinds = [
  {
    kind: "pass",
    make: async () => `/passes/${(await admin.issue(templateId)).id}`,
    seen: (n: number) => ({ values: { points: String(n) } }),
    unseen: (n: number) => ({ externalId: `${PASS_TYPE} ${n}` }),
    both: (n: number) => ({ barcodeMessage: `m${n}`, externalId: `${PASS_TYPE} both ${n}`, tags: [`t${n}`] }),
  },
  {
    kind: "template",
    make: async () => `/templates/${(await admin.makeTemplate(PASS_TYPE)).id}`,
    seen: (n: number) => ({ pass: { ...storeCard, logoText: String(n) } }),
    unseen: (n: number) => ({ name: `Name ${n}` }),
    both: (n: number) => ({ strings: { fr: { POINTS: `${n}` } }, images: icon, name: `Both ${n}` }),
  },
  {
    kind: "event",
    make: async () => {
      const { id, projectId } = await admin.makeEvent();
      return `/projects/${projectId}/events/${id}`;
    },
    seen: (n: number) => ({ values: { gate: n } }),
    unseen: (n: number) => ({ name: `Name ${n}` }),
    both: (n: number) => ({ pass: { logoText: `${n}` }, externalId: `both ${n}` }),
  },
];

describe.each(kinds)("the revision of a $kind", ({ make, seen, unseen, both }) => {
  test("each change raises it by one, and answers have it as ETag", async () => {
    const path = await make();
    const etag = async () => {
      const { headers, body } = await call<{ revision: number }>("GET", path);
      expect(headers.get("etag")).toBe(`"${body.revision}"`);
      return headers.get("etag");
    };
    expect(await etag()).toBe('"1"');
    for (const [n, change] of [seen, unseen, both].entries()) {
      const { status, headers } = await call("PATCH", path, change(n));
      expect([n, status, headers.get("etag")]).toEqual([n, 200, `"${n + 2}"`]);
      expect(await etag()).toBe(`"${n + 2}"`);
      if (change !== both) await call("PATCH", path, change(n)); // changes nothing
      expect(await etag()).toBe(`"${n + 2}"`);
    }
  });

  test("a change or a deletion that demands another one is refused with the current one, and writes nothing", async () => {
    const path = await make();
    await call("PATCH", path, seen(0));
    const before = (await call("GET", path)).body;
    for (const [method, body] of [
      ["PATCH", seen(1)],
      ["PATCH", seen(0)],
      ["PATCH", unseen(7)],
      ["PATCH", both(8)],
      ["DELETE"],
    ] as const) {
      for (const stale of ['"1"', '"3"', '"one"', '"1", "3"']) {
        const { status, headers, body: problem } = await call(method, path, body, ifMatch(stale));
        expect([method, status, headers.get("etag"), problem]).toMatchObject([
          method,
          412,
          '"2"',
          { code: "precondition_failed", revision: 2 },
        ]);
      }
    }
    expect((await call("GET", path)).body).toEqual(before);
  });

  test("a change or a deletion that demands the current one, or any, is written", async () => {
    const path = await make();
    for (const [n, etag] of ['"1"', '"1" , "2"', "*"].entries()) {
      expect((await call("PATCH", path, both(10 + n), ifMatch(etag))).headers.get("etag")).toBe(`"${n + 2}"`);
    }
    expect((await call("DELETE", path, undefined, ifMatch('"4"'))).status).toBe(204);
    expect((await call("DELETE", path, undefined, ifMatch('"4"'))).status).toBe(404);
  });

  test("an If-Match may have empty elements, and a tag that a compressing proxy has made weak", async () => {
    const path = await make();
    for (const [n, etag] of ['W/"1"', '"7" , W/"2"', ', "3",, ', '"a,b","4"'].entries()) {
      const { status, headers } = await call("PATCH", path, unseen(n), ifMatch(etag));
      expect([etag, status, headers.get("etag")]).toEqual([etag, 200, `"${n + 2}"`]);
    }
    expect((await call("PATCH", path, unseen(9), ifMatch('W/"1"'))).status).toBe(412);
  });

  test("a malformed If-Match is refused", async () => {
    const path = await make();
    for (const etag of ["1", '"1', '"1" "2"', "**", '"1", *', "T", '"1"T', ",", 'w/"1"', 'W/ "1"']) {
      const { status, body } = await call("PATCH", path, unseen(99), ifMatch(etag));
      expect([etag, status, body]).toMatchObject([etag, 400, { code: "invalid_header" }]);
    }
  });

  test("a GET whose client has it is answered 304 without a body", async () => {
    const path = await make();
    const get = (etag: string) => call("GET", path, undefined, { "If-None-Match": etag });
    for (const etag of ['"1"', 'W/"1"', '"7", "1"', "*"]) {
      const { status, headers, body } = await get(etag);
      expect([status, headers.get("etag"), body]).toEqual([304, '"1"', ""]);
    }
    expect((await get('"2"')).status).toBe(200);
  });

  test("of ten changes that demand the same one, one is written", async () => {
    const path = await make();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => call("PATCH", path, seen(n + 1), ifMatch('"1"'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
    expect((await call("GET", path)).headers.get("etag")).toBe('"2"');
  });
});

test("ten tills that read a stamp, add one and write it on condition lose none", async () => {
  const { id } = await admin.issue(templateId, { values: { points: 0 } });
  const till = async (): Promise<void> => {
    const { headers, body } = await call<Pass>("GET", `/passes/${id}`);
    const values = { points: Number(body.values.points?.value) + 1 };
    const { status } = await call("PATCH", `/passes/${id}`, { values }, ifMatch(headers.get("etag") ?? ""));
    if (status === 412) return till();
  };
  await Promise.all(Array.from({ length: 10 }, till));
  expect(await admin.show(id)).toMatchObject({ revision: 11, values: { points: { value: 10 } } });
});

test("a redemption and its reversal raise it, and may demand one", async () => {
  const { id } = await admin.issue(templateId);
  const post = (verb: string, etag: string, redemptionId = "a") =>
    call("POST", `/passes/${id}/${verb}`, { redemptionId }, ifMatch(etag));
  expect(await post("redeem", '"2"')).toMatchObject({ status: 412, body: { code: "precondition_failed" } });
  const redeemed = await post("redeem", '"1"');
  expect([redeemed.status, redeemed.headers.get("etag")]).toEqual([200, '"2"']);
  // The same redemption again is a repeat, not another write.
  expect((await post("redeem", '"1"')).status).toBe(200);
  expect(await post("redeem", '"2"', "b")).toMatchObject({ status: 409, body: { code: "already_redeemed" } });
  expect((await post("redeem", '"1"', "b")).status).toBe(412);
  expect((await post("unredeem", '"1"')).status).toBe(412);
  expect((await post("unredeem", '"2"')).headers.get("etag")).toBe('"3"');
});

test("no request of a phone raises it", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const [installed] = phone.passes;
  expect((await admin.show(pass.id)).registrations).toBe(1);
  if (installed !== undefined) await phone.remove(installed);
  expect(await admin.show(pass.id)).toMatchObject({ installStatus: "uninstalled", revision: 1 });
});

/** Contexts of requests that all came in the same millisecond. */
function sameMillisecond() {
  withoutPauses();
  const now = Date.now() + 60_000;
  const by = (DB: D1Database) =>
    createContext({ env: { ...env, DB }, executionCtx: createExecutionContext() }, now);
  return {
    request: () => by(env.DB),
    /** The answer of its first write is lost, before or after it takes effect. */
    lost: (when: "before" | "after") => by(failingD1(env.DB, { of: "writes", when }).DB),
  };
}

test("a write whose answer was lost is not mistaken for the same write of another request", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { request, lost } = sameMillisecond();
  const { id } = await admin.issue(templateId);
  const { id: copied } = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent();
  const path = [event.projectId, event.id] as const;
  const change = { values: { points: { value: "1" } } };
  const writes: [string, (context: Context) => Promise<unknown>][] = [
    ["precondition_failed", (context) => changePass(context, id, change, [1])],
    ["precondition_failed", (context) => voidPass(context, id, null, [2])],
    ["precondition_failed", (context) => unredeemPass(context, id, "r", [2])],
    ["precondition_failed", (context) => changeTemplate(context, copied, { name: "A" }, [1])],
    ["precondition_failed", (context) => changeEvent(context, ...path, { name: "A" }, [1])],
    ["pass_not_found", (context) => deletePass(context, id)],
    ["template_not_found", (context) => deleteTemplate(context, copied)],
    [
      "event_not_found",
      (context) => deleteEvent(context, { projectId: event.projectId, id: event.id, force: false }),
    ],
  ];
  for (const [n, [code, write]] of writes.entries()) {
    if (n !== 2) await write(request());
    expect([n, await write(lost("before")).catch((error) => error.code)]).toEqual([n, code]);
  }
  const creations: ((context: Context) => Promise<{ readonly id: number }>)[] = [
    (context) => createEvent(context, event.projectId, { name: "Twin" }),
    (context) => createProject(context, { name: "Twin" }),
    (context) => copyTemplate(context, templateId, { name: "Twin" }),
  ];
  for (const create of creations) {
    const made = [await create(request()), await create(lost("before")), await create(lost("after"))];
    expect(new Set(made.map((one) => one.id)).size).toBe(3);
  }
});

test("a conditional write whose answer was lost recognizes itself", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { lost } = sameMillisecond();
  const { id } = await admin.issue(templateId);
  const points = (value: string) => ({ values: { points: { value } } });
  expect((await changePass(lost("after"), id, points("1"), [1])).pass.revision).toBe(2);
  expect((await changePass(lost("after"), id, { tags: ["a"] }, [2])).pass.revision).toBe(3);
  await admin.redeem(id);
  expect(await unredeemPass(lost("after"), id, "-", [4]).catch(({ code }) => code)).toBe(
    "redemption_id_mismatch",
  );
  // Whether it was executed before the other changes is not known.
  await expect(changePass(lost("before"), id, points("2"), [2])).rejects.toMatchObject({
    code: "database_unavailable",
  });
  await deletePass(lost("after"), id, [4]);
  expect((await call("GET", `/passes/${id}`)).status).toBe(404);
  const { id: changed } = await admin.makeTemplate(PASS_TYPE);
  const text = (logoText: string) => ({ pass: { logoText } });
  expect((await changeTemplate(lost("after"), changed, text("1"), [1])).template.revision).toBe(2);
  expect((await changeTemplate(lost("after"), changed, text("2"))).template.revision).toBe(3);
  expect((await changeTemplate(lost("before"), changed, text("3"))).template.revision).toBe(4);
});

test("a conditional write whose answer was lost recognizes itself, although a phone signs up before its repeat", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  withoutPauses();
  const { id: templateOfRewards } = await admin.makeTemplate(PASS_TYPE, rewards);
  const pass = await admin.issue(templateOfRewards);
  const holder = await holderOf(pass);
  let isFirst = true;
  const DB: D1Database = forwarding(env.DB, {
    withSession: () => DB,
    async batch<Row>(statements: D1PreparedStatement[]) {
      const results = await env.DB.batch<Row>(statements);
      if (!isFirst) return results;
      isFirst = false;
      expect((await holder.personalize(signUp())).status).toBe(200);
      throw new Error(LOST);
    },
  });
  const context = createContext({ env: { ...env, DB }, executionCtx: createExecutionContext() }, Date.now());
  const changed = await changePass(context, pass.id, { tags: ["a"] }, [1]);
  expect([isFirst, changed.pass.revision]).toEqual([false, 2]);
});

test("a void and its reversal raise it, and may demand one", async () => {
  const { id } = await admin.issue(templateId);
  const post = (verb: string, etag: string) =>
    call("POST", `/passes/${id}/${verb}`, undefined, ifMatch(etag));
  expect((await post("void", '"2"')).status).toBe(412);
  expect((await post("void", '"1"')).headers.get("etag")).toBe('"2"');
  expect((await post("unvoid", '"1"')).status).toBe(412);
  expect((await admin.show(id)).status).toBe("voided");
  expect((await post("unvoid", '"2"')).headers.get("etag")).toBe('"3"');
});
