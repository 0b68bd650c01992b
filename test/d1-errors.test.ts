/**
 * What clients get when D1 has one of its normal errors: one error, before or after the statement took effect, is not
 * noticed by anybody; three in a row are 503 with Retry-After, in the form of each API. What the write itself leaves is in
 * the test below it.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  changes,
  events,
  passes,
  personalizations,
  projects,
  registrations,
  templates,
} from "../src/db/schema.ts";
import worker from "../src/index.ts";
import type { Pass } from "../src/passes/show.ts";
import { type Failure, failingD1, OVERLOADED, TRANSIENT, withoutPauses } from "./failing-d1.ts";
import { ADMIN_TOKEN, admin, call, icon, ORIGIN, passToken, randomPushToken, storeCard } from "./harness.ts";
import { ADA, rewards, signUp } from "./passes/rewards.ts";
import { countRows, passRow, rowsOf } from "./rows.ts";

const PASS_TYPE = "pass.test.d1-errors";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
let templateId: number;
let rewardsId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  rewardsId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});
beforeEach(() => void withoutPauses());
afterEach(() => vi.restoreAllMocks());

/** A request, as the arguments of `ask`. */
type Call = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** The calls of D1 of the kind that fails. */
  readonly calls: number;
  readonly log: readonly string[];
}

async function ask([method, path, body, headers = KEY]: Call, failure: Failure): Promise<Answer> {
  const log: string[] = [];
  for (const level of ["log", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((text: unknown) => void log.push(String(text)));
  const context = createExecutionContext();
  const { DB, calls } = failingD1(env.DB, failure);
  const request = new Request(ORIGIN + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await worker.fetch(request, { ...env, DB }, context);
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const asked = calls();
  await waitOnExecutionContext(context);
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const { status } = response;
  return { status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {}, calls: asked, log };
}

let made = 0;
const unique = (word: string) => `${word}-${++made}`;

/** A pass, with what its holder sends. */
async function held(template = templateId) {
  const pass = await admin.issue(template, {});
  const { Authorization } = await passToken(pass);
  const device = randomPushToken().slice(0, 32);
  const place = `/devices/${device}/registrations/${PASS_TYPE}`;
  return { pass, place, holder: { Authorization } };
}
async function registered() {
  const it = await held();
  const { status } = await ask(
    ["POST", `/v1${it.place}/${it.pass.serialNumber}`, { pushToken: randomPushToken() }, it.holder],
    { of: "reads", when: "before", times: 0 },
  );
  expect(status).toBe(201);
  return it;
}
async function eventWithPass() {
  const event = await admin.makeEvent();
  const pass = await admin.issue(templateId, { eventId: event.id });
  return { event, pass, path: `/admin/v1/projects/${event.projectId}/events/${event.id}` };
}

/** Reads: each makes a request that only reads, and its status. */
const READS: Record<string, () => Promise<readonly [Call, number]>> = {
  "Apple: list": async () => {
    const { place } = await registered();
    return [["GET", `/v1${place}`, undefined, {}], 200];
  },
  "Apple: fetch": async () => {
    const { pass, holder } = await held();
    return [["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], 200];
  },
  "VoltMX: list": async () => {
    const { place } = await registered();
    return [["GET", `/api/v1${place}`, undefined, {}], 200];
  },
  "a page": async () => {
    const { landingUrl } = await admin.issue(templateId);
    return [["GET", new URL(landingUrl).pathname, undefined, { Accept: "text/html" }], 200];
  },
  "a download by link": async () => {
    const { downloadUrl } = await admin.issue(templateId);
    return [["GET", new URL(downloadUrl).pathname, undefined, {}], 200];
  },
  "Airship: passes of an event": async () => {
    const { event } = await eventWithPass();
    return [["GET", `/v1/events/project/${event.projectId}/${event.id}/passes`], 200];
  },
  "Airship: download": async () => [["GET", `/v1/pass/${(await admin.issue(templateId)).id}/download`], 200],
  "admin: passes": async () => [["GET", "/admin/v1/passes"], 200],
  "admin: events, by one batch": async () => {
    const { event } = await eventWithPass();
    return [["GET", `/admin/v1/projects/${event.projectId}/events`], 200];
  },
  "admin: pass types, by one batch": async () => [["GET", "/admin/v1/pass-types"], 200],
  "admin: health": async () => [["GET", "/admin/v1/health"], 200],
};

/** Writes that are repeated. */
const WRITES: Record<string, () => Promise<readonly [Call, number]>> = {
  "Apple: register": async () => {
    const { pass, place, holder } = await held();
    return [["POST", `/v1${place}/${pass.serialNumber}`, { pushToken: randomPushToken() }, holder], 201];
  },
  "Apple: sign up": async () => {
    const { pass, holder } = await held(rewardsId);
    const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/personalize`;
    return [["POST", path, signUp(), holder], 200];
  },
  "issue, without a serial number": async () => [
    ["POST", `/admin/v1/templates/${templateId}/passes`, { tags: ["x"] }],
    201,
  ],
  "issue, with a serial number": async () => [
    [
      "POST",
      `/admin/v1/templates/${templateId}/passes`,
      { serialNumber: unique("s"), externalId: unique("e") },
    ],
    201,
  ],
  "change a pass": async () => [
    ["PATCH", `/admin/v1/passes/${(await admin.issue(templateId)).id}`, { values: { points: "7" } }],
    200,
  ],
  "change a pass's images": async () => [
    ["PATCH", `/admin/v1/passes/${(await admin.issue(templateId)).id}`, { images: icon }],
    200,
  ],
  "redeem, with a redemptionId": async () => [
    ["POST", `/admin/v1/passes/${(await admin.issue(templateId)).id}/redeem`, { redemptionId: unique("r") }],
    200,
  ],
  "unredeem, with a redemptionId": async () => {
    const { id } = await admin.issue(templateId);
    const body = { redemptionId: unique("r") };
    await admin.redeem(id, body);
    return [["POST", `/admin/v1/passes/${id}/unredeem`, body], 200];
  },
  "void a pass": async () => [
    ["POST", `/admin/v1/passes/${(await admin.issue(templateId)).id}/void`, { reason: unique("v") }],
    200,
  ],
  "undo a void": async () => {
    const { id } = await admin.issue(templateId);
    await admin.void(id);
    return [["POST", `/admin/v1/passes/${id}/unvoid`], 200];
  },
  "delete a pass": async () => [["DELETE", `/admin/v1/passes/${(await admin.issue(templateId)).id}`], 204],
  "take personal data": async () => {
    const { pass, holder } = await held(rewardsId);
    const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/personalize`;
    await ask(["POST", path, signUp(), holder], { of: "reads", when: "before", times: 0 });
    return [["POST", `/admin/v1/passes/${pass.id}/personalization/take`], 200];
  },
  "create a template": async () => [
    [
      "POST",
      "/admin/v1/templates",
      { name: unique("t"), passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon },
    ],
    201,
  ],
  "change a template": async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    return [["PATCH", `/admin/v1/templates/${id}`, { strings: { fr: { POINTS: "TASSES" } } }], 200];
  },
  "delete a template": async () => [
    ["DELETE", `/admin/v1/templates/${(await admin.makeTemplate(PASS_TYPE)).id}`],
    204,
  ],
  "create a project": async () => [["POST", "/admin/v1/projects", { name: unique("p") }], 201],
  "create a project with an externalId": async () => [
    ["POST", "/admin/v1/projects", { name: "Tour", externalId: unique("e") }],
    201,
  ],
  "change a project": async () => [
    ["PATCH", `/admin/v1/projects/${(await admin.makeProject()).id}`, { name: "Other" }],
    200,
  ],
  "delete a project": async () => [["DELETE", `/admin/v1/projects/${(await admin.makeProject()).id}`], 204],
  "create an event": async () => [
    ["POST", `/admin/v1/projects/${(await admin.makeProject()).id}/events`, { name: unique("e") }],
    201,
  ],
  "create an event with an externalId": async () => [
    [
      "POST",
      `/admin/v1/projects/${(await admin.makeProject()).id}/events`,
      { name: "Night", externalId: unique("e") },
    ],
    201,
  ],
  "change an event": async () => [
    ["PATCH", (await eventWithPass()).path, { name: "Other", values: { points: "9" } }],
    200,
  ],
  "delete an event": async () => [["DELETE", (await eventWithPass()).path], 204],
  "create a pass type": async () => [
    ["POST", "/admin/v1/pass-types", { passTypeIdentifier: unique("pass.test.made"), keyAlgorithm: "P-256" }],
    201,
  ],
  "renew a key": async () => [
    ["POST", `/admin/v1/pass-types/${PASS_TYPE}/csr`, { keyAlgorithm: "P-256" }],
    201,
  ],
  "admin: health, which writes to find out whether batches are sound": async () => [
    ["GET", "/admin/v1/health"],
    200,
  ],
  "set the push control": async () => [["PUT", "/admin/v1/push", { pushesPerSecond: 500 }], 200],
  "issue or replace, by serial number": async () => [
    ["PUT", `/admin/v1/pass-types/${PASS_TYPE}/passes/${unique("put")}`, { templateId }],
    201,
  ],
  "Passdock: create": async () => [
    [
      "POST",
      `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`,
      { pass: { serial_number: unique("pd") } },
      {},
    ],
    201,
  ],
};

const whens = ["before", "after"] as const;
const down = { when: "before", times: 99 } as const;
const LOGGED = (statement: string) =>
  `{"event":"d1_repeated","statement":"${statement}","attempt":1,"error":"Error: D1_ERROR: Network connection lost."}`;
const repeats = ({ log }: Answer) => log.filter((line) => line.includes("d1_repeated"));
/** A browser gets a page in place of the code. */
const isUnavailable = ({ status, headers, body, text }: Answer) =>
  status === 503 &&
  headers.get("retry-after") === "5" &&
  (body.code === "database_unavailable" || text.includes("<h1>Not available at the moment</h1>"));

test.each(Object.entries(READS))(
  "%s: one error is not noticed, and three are 503 with Retry-After",
  async (_name, prepare) => {
    const [request, status] = await prepare();
    const answer = await ask(request, { of: "reads", when: "before" });
    expect(answer.status, answer.text).toBe(status);
    expect(repeats(answer)).toEqual([LOGGED("read")]);
    expect(await ask(request, { ...down, of: "reads" })).toSatisfy(isUnavailable);
  },
);

test.each(Object.entries(WRITES))(
  "%s: one error, before or after the commit, is not noticed, and three are 503",
  async (_name, prepare) => {
    for (const when of whens) {
      const [request, status] = await prepare();
      const answer = await ask(request, { of: "writes", when });
      // A registration that exists is answered 200.
      const isFound = when === "after" && status === 201 && request[1].includes("/registrations/");
      expect(answer.status, `${when}: ${answer.text}`).toBe(isFound ? 200 : status);
      expect([LOGGED("write"), LOGGED("batch")]).toContain(repeats(answer).join());
    }
    const [request] = await prepare();
    const answer = await ask(request, { ...down, of: "writes" });
    expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 3]);
    for (const secret of secretsOf(request)) expect(answer.log.join()).not.toContain(secret);
  },
);

/** The texts that a request sends. */
function secretsOf([, , body, headers]: Call): string[] {
  const texts = [...Object.values(Object(body)), ...Object.values(headers ?? {})];
  return texts.filter((text): text is string => typeof text === "string" && text.length > 8);
}

test("iPhones get 503 with Retry-After, so that they come again", async () => {
  const { pass, place, holder } = await registered();
  const body = { pushToken: randomPushToken() };
  const requests: [Call, Failure["of"]][] = [
    [["GET", `/v1${place}`, undefined, {}], "reads"],
    [["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], "reads"],
    [["POST", `/v1${place}/${pass.serialNumber}`, body, holder], "writes"],
    [["DELETE", `/v1${place}/${pass.serialNumber}`, undefined, holder], "writes"],
  ];
  for (const [request, of] of requests) expect(await ask(request, { ...down, of })).toSatisfy(isUnavailable);
});

test("a log and a state of a pass are answered 200 all the same", async () => {
  const { pass } = await held();
  const requests: Call[] = [
    ["POST", "/v1/log", { logs: ["a line"] }, {}],
    ["POST", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/passLifecycleUpdate`, { passState: "added" }, {}],
  ];
  for (const request of requests) expect((await ask(request, { ...down, of: "writes" })).status).toBe(200);
});

test("Airship's clients get 503 as problem+json", async () => {
  const { event, pass } = await eventWithPass();
  for (const path of [`events/project/${event.projectId}/${event.id}/passes`, `pass/${pass.id}/download`])
    expect(await ask(["GET", `/v1/${path}`], { ...down, of: "reads" })).toSatisfy(isUnavailable);
});

test("VoltMX's fetch is answered as ever after one error, and after three 500 with Retry-After", async () => {
  const { pass, holder } = await held();
  const path = `/api/v1/passes/${PASS_TYPE}/${pass.serialNumber}`;
  const fetch: Call = ["GET", path, undefined, holder];
  expect((await ask(fetch, { of: "reads", when: "before" })).status).toBe(200);
  const answer = await ask(fetch, { of: "reads", when: "before", times: 99 });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([500, "5"]);
  expect(answer.body.code).toBe("pass_not_built");
});

test("Passdock's clients get 503 in the form of their API", async () => {
  const path = `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`;
  const failure = { of: "reads", when: "before", times: 99 } as const;
  const [bare, withTexts] = [
    await ask(["GET", path, undefined, {}], failure),
    await ask(["GET", `${path}&errors=true`, undefined, {}], failure),
  ];
  expect([bare.status, bare.headers.get("retry-after"), bare.body]).toEqual([503, "5", { code: 503 }]);
  expect(withTexts.body).toEqual({ code: 503, errors: [expect.stringContaining("database")] });
});

test.each(TRANSIENT)("%s: a read is repeated", async (message) => {
  const answer = await ask(["GET", "/admin/v1/passes"], { of: "reads", when: "before", message });
  expect([answer.status, answer.calls]).toEqual([200, 2]);
});

test("an overloaded database is not asked again", async () => {
  const failure = { when: "before", times: 99, message: OVERLOADED } as const;
  const { id } = await admin.issue(templateId);
  for (const [request, of] of [
    [["GET", `/admin/v1/passes/${id}`], "reads"],
    [["PATCH", `/admin/v1/passes/${id}`, { values: { points: "1" } }], "writes"],
  ] as const) {
    const answer = await ask(request, { ...failure, of });
    expect(answer.calls).toBe(1);
    expect([answer.status, answer.body.code, answer.headers.get("retry-after")]).toEqual([
      503,
      "database_unavailable",
      "5",
    ]);
  }
});

test("any other error of D1 is a bug: 500, and not repeated", async () => {
  const failure = {
    of: "reads",
    when: "before",
    times: 99,
    message: "D1_ERROR: database disk image is malformed",
  } as const;
  const answer = await ask(["GET", "/admin/v1/passes"], failure);
  expect([answer.status, answer.body.code, answer.calls]).toEqual([500, "internal_error", 1]);
});

describe("a write whose answer was lost", () => {
  const lost = { of: "writes", when: "after" } as const;
  /** Before it, the template's images are declared. */
  const insertsTemplate = { with: /^insert into "templates"/ };
  const kindsOf = async (where: { passId?: number; eventId?: number; templateId?: number }) =>
    (await rowsOf(changes, where)).map(({ kind }) => kind);

  test.each([{}, { serialNumber: "lost-serial" }])("issues one pass, with the body %j", async (body) => {
    const before = await countRows(passes);
    const answer = await ask(
      ["POST", `/admin/v1/templates/${templateId}/passes`, { ...body, tags: ["t"] }],
      lost,
    );
    expect(await countRows(passes)).toBe(before + 1);
    expect(answer.body).toMatchObject({ ...body, tags: ["t"] });
    const shown = await admin.show(Number(answer.body.id));
    expect(answer.body).toMatchObject({ ...shown });
    expect(await kindsOf({ passId: shown.id })).toEqual(["issued"]);
  });

  test("a serial number of another pass is refused with the id of that pass", async () => {
    const { id } = await admin.issue(templateId, { serialNumber: "taken" });
    const request: Call = ["POST", `/admin/v1/templates/${templateId}/passes`, { serialNumber: "taken" }];
    for (const when of whens) {
      const answer = await ask(request, { of: "writes", when });
      expect(answer.body).toMatchObject({ status: 409, code: "serial_number_taken", passId: id });
    }
    await admin.delete(id);
    expect(
      (await call("POST", `/templates/${templateId}/passes`, { serialNumber: "taken" })).body.passId,
    ).toBe(id);
  });

  test("redeems once, and answers with the time of it", async () => {
    const { id } = await admin.issue(templateId);
    const answer = await ask(["POST", `/admin/v1/passes/${id}/redeem`, { redemptionId: "till/1" }], lost);
    const { redeemedAt } = await passRow(id);
    expect(answer.body.redeemedAt).toBe(new Date(redeemedAt ?? 0).toISOString());
    expect(await kindsOf({ passId: id })).toEqual(["issued", "redeemed"]);
  });

  test("without a redemptionId, a redemption is not repeated: it is answered 503, and the next request 409", async () => {
    const { id } = await admin.issue(templateId);
    const request: Call = ["POST", `/admin/v1/passes/${id}/redeem`];
    const answer = await ask(request, lost);
    expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 1]);
    expect((await call("POST", `/passes/${id}/redeem`)).body.code).toBe("already_redeemed");
    const undone = await ask(["POST", `/admin/v1/passes/${id}/unredeem`], lost);
    expect([undone.status, undone.calls]).toEqual([503, 1]);
  });

  /** Calls that are not repeated without an Idempotency-Key. */
  const UNREPEATABLE: Record<string, (id: number) => Call> = {
    "an addition": (id) => [
      "PATCH",
      `/admin/v1/passes/${id}`,
      { values: { balance: { add: 1, max: 13.5 } } },
    ],
    "a redemption": (id) => ["POST", `/admin/v1/passes/${id}/redeem`],
    "an unredemption": (id) => ["POST", `/admin/v1/passes/${id}/unredeem`],
    "moving the change log": () => ["POST", "/admin/v1/restored"],
  };

  test.each(Object.entries(UNREPEATABLE))(
    "with an Idempotency-Key, %s is repeated, has one effect and is answered 200, also if the client sends it again",
    async (what, requestOf) => {
      for (const when of ["before", "after", "long before"] as const) {
        const { id } = await admin.issue(templateId);
        if (what === "an unredemption") await admin.redeem(id);
        const [method, path, body] = requestOf(id);
        const request: Call = [method, path, body, { ...KEY, "Idempotency-Key": unique("key") }];
        const answer = await ask(request, { of: "writes", when });
        expect([when, answer.status, repeats(answer)]).toEqual([when, 200, [LOGGED("batch")]]);
        const [pass, log] = [await passRow(id), await countRows(changes)];
        const again = await ask(request, { of: "writes", when });
        expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
        expect([await passRow(id), await countRows(changes)]).toEqual([pass, log]);
        if (what === "an addition") expect((await admin.show(id)).values.balance?.value).toBe(13.5);
      }
    },
  );

  test("a change is one row of the log, which waits for the sweep", async () => {
    const { id } = await admin.issue(templateId);
    await ask(["PATCH", `/admin/v1/passes/${id}`, { values: { points: "7" } }], lost);
    const [, change, ...more] = await rowsOf(changes, { passId: id });
    expect(change).toMatchObject({ kind: "changed", queuedAt: null, dispatchedAt: null });
    expect(more).toEqual([]);
  });

  test("a deleted event's change waits for the sweep, and an event of another project stays 404", async () => {
    const { event, path } = await eventWithPass();
    await ask(["DELETE", path], lost);
    const [, deletion] = await rowsOf(changes, { eventId: event.id });
    expect(deletion).toMatchObject({ kind: "deleted", dispatchedAt: null });
    expect((await ask(["DELETE", path], { of: "writes", when: "before" })).status).toBe(404);
  });

  test("creates one template, one event and one project", async () => {
    const counts = () => Promise.all([countRows(templates), countRows(events), countRows(projects)]);
    const [t = 0, e = 0, p = 0] = await counts();
    const template = { name: "One", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
    const made = await ask(["POST", "/admin/v1/templates", template], { ...lost, ...insertsTemplate });
    expect(made.log.join()).toContain("d1_repeated");
    expect(await kindsOf({ templateId: Number(made.body.id) })).toEqual(["made"]);
    const project = await ask(["POST", "/admin/v1/projects", { name: "One" }], lost);
    const event = await ask(["POST", `/admin/v1/projects/${project.body.id}/events`, { name: "One" }], lost);
    expect(await kindsOf({ eventId: Number(event.body.id) })).toEqual(["made"]);
    expect(await counts()).toEqual([t + 1, e + 1, p + 1]);
  });

  test("a row that is committed only after the repeat has looked for it is found, and not refused as another one's", async () => {
    const late = { of: "writes", when: "long before" } as const;
    const externalId = "late";
    const template = { name: "L", externalId, passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
    const made = await ask(["POST", "/admin/v1/templates", template], { ...late, ...insertsTemplate });
    expect(made.status, made.text).toBe(201);
    // Its pack exists.
    const { id } = await admin.issue(Number(made.body.id));
    expect((await call("GET", `/passes/${id}/download`)).status).toBe(200);
    const project = await ask(["POST", "/admin/v1/projects", { name: "L", externalId }], late);
    expect(project.status, project.text).toBe(201);
    const path = `/admin/v1/projects/${project.body.id}/events`;
    expect((await ask(["POST", path, { name: "L", externalId }], late)).status).toBe(201);
    const type = { passTypeIdentifier: unique("pass.test.late"), keyAlgorithm: "P-256" };
    expect((await ask(["POST", "/admin/v1/pass-types", type], late)).status).toBe(201);
  });

  test("an externalId that is taken by another row is refused, not shared", async () => {
    const { id } = await admin.makeProject({ externalId: "mine" });
    for (const when of whens) {
      const answer = await ask(["POST", "/admin/v1/projects", { name: "Tour", externalId: "mine" }], {
        of: "writes",
        when,
      });
      expect(answer.body.code).toBe("external_id_taken");
    }
    expect(await countRows(projects, { externalId: "mine", id })).toBe(1);
  });

  test("what was deleted before stays 404, also after a repeat", async () => {
    const { id } = await admin.issue(templateId);
    await admin.delete(id);
    const template = await admin.makeTemplate(PASS_TYPE);
    await call("DELETE", `/templates/${template.id}`);
    for (const path of [`/passes/${id}`, `/templates/${template.id}`])
      expect((await ask(["DELETE", `/admin/v1${path}`], lost)).status).toBe(404);
  });

  test("personal data is returned, and deleted", async () => {
    const [request] = (await WRITES["take personal data"]?.()) ?? [];
    if (request === undefined) throw new Error("no such write");
    const answer = await ask(request, lost);
    expect(answer.body).toMatchObject(ADA);
    expect(await countRows(personalizations, { passId: Number(answer.body.passId) })).toBe(0);
  });

  test("a request to unregister is not repeated: the phone repeats it itself, and may have registered again meanwhile", async () => {
    const { pass, place, holder } = await registered();
    const answer = await ask(["DELETE", `/v1${place}/${pass.serialNumber}`, undefined, holder], lost);
    expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 1]);
    expect(await countRows(registrations, { passId: pass.id })).toBe(0);
  });

  test("registers once", async () => {
    const { pass, place, holder } = await held();
    const body = { pushToken: randomPushToken() };
    await ask(["POST", `/v1${place}/${pass.serialNumber}`, body, holder], lost);
    expect(await countRows(registrations, { passId: pass.id })).toBe(1);
    expect((await passRow(pass.id)).installedAt).not.toBeNull();
  });
});

test("a lost connection to R2 is 503 with Retry-After too, and is not called an error of the database", async () => {
  const message = "Network connection lost.";
  const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const { Authorization } = await passToken(pass);
  const holder = { Authorization };
  vi.spyOn(env.BUCKET, "get").mockRejectedValue(new Error(message));
  const none = { of: "reads", when: "before", times: 0 } as const;
  const [apple, voltmx] = [
    await ask(["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], none),
    await ask(["GET", `/api/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], none),
  ];
  expect([apple.status, apple.headers.get("retry-after"), apple.body.code]).toEqual([
    503,
    "5",
    "service_unavailable",
  ]);
  expect(apple.log.join()).toContain(message);
  expect([voltmx.status, voltmx.headers.get("retry-after"), voltmx.body.code]).toEqual([
    500,
    "5",
    "pass_not_built",
  ]);
});

test("a pass that is deleted is answered 204, even if its built pass cannot be deleted", async () => {
  const pass: Pass = await admin.issue(templateId);
  const { downloadUrl } = pass;
  await ask(["GET", new URL(downloadUrl).pathname, undefined, {}], { of: "reads", when: "before", times: 0 });
  expect((await passRow(pass.id)).builtEtag).not.toBeNull();
  const bucket = vi.spyOn(env.BUCKET, "delete").mockRejectedValue(new Error("R2 is down"));
  const { status } = await ask(["DELETE", `/admin/v1/passes/${pass.id}`], {
    of: "reads",
    when: "before",
    times: 0,
  });
  expect(bucket).toHaveBeenCalled();
  expect(status).toBe(204);
});
