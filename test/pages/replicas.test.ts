/**
 * Read replicas: pages and links read the nearest one, and ask the primary for what it does not have yet. Nobody else reads
 * one, because a phone that gets an old answer after a push is not pushed again.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { forwarding } from "../counting.ts";
import { admin, call, iphone, ORIGIN, type Problem, storeCard } from "../harness.ts";
import { ask, askWith, holderOf, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.replicas";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

/** A database with a replica that knows no row of `passes`, and how often it was asked. */
function withEmptyReplica() {
  const seen = { replica: 0, primary: 0 };
  const DB = forwarding(env.DB, {
    prepare(sql: string) {
      seen.primary += 1;
      return env.DB.prepare(sql);
    },
    withSession(constraint: string) {
      expect(constraint).toBe("first-unconstrained");
      const session = env.DB.withSession(constraint);
      return {
        prepare(sql: string) {
          seen.replica += 1;
          return session.prepare(/^select/i.test(sql) ? `${sql} LIMIT 0` : sql);
        },
        batch: () => Promise.reject(new Error("a batch on a replica")),
      };
    },
  });
  return { DB, seen };
}

/** A database without replicas, whose session counts. */
function withReplica() {
  const seen = { replica: 0, primary: 0 };
  const DB = forwarding(env.DB, {
    prepare(sql: string) {
      seen.primary += 1;
      return env.DB.prepare(sql);
    },
    withSession(constraint: D1SessionConstraint) {
      const session = env.DB.withSession(constraint);
      return {
        batch: session.batch.bind(session),
        prepare(sql: string) {
          seen.replica += 1;
          return session.prepare(sql);
        },
      };
    },
  });
  return { DB, seen };
}

/** A request of an iPhone, because the page for a computer also asks whether Google Wallet is offered. */
function headOf(url: string): Request {
  const headers = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15",
  };
  return new Request(url, { method: "HEAD", headers });
}

async function links() {
  const passes = [await admin.issue(templateId), await admin.issue(templateId)];
  const { body } = await call<{ url: string }>("POST", "/bundles", {
    passIds: passes.map(({ id }) => id),
  });
  return {
    page: passes[0]?.landingUrl ?? "",
    download: passes[0]?.downloadUrl ?? "",
    bundle: body.url,
  };
}

test("pages, downloads and bundles are read from the replica alone", async () => {
  for (const [what, url] of Object.entries(await links())) {
    const { DB, seen } = withReplica();
    const response = await askWith({ DB, KEEP_BUILT_PASSES: "no" }, headOf(url));
    expect([what, response.status, seen]).toEqual([what, 200, { replica: 1, primary: 0 }]);
  }
});

test("a pass that was issued a second ago is found on the primary, by its page, its link and in a bundle", async () => {
  for (const [what, url] of Object.entries(await links())) {
    const { DB, seen } = withEmptyReplica();
    const response = await askWith({ DB }, headOf(url));
    expect([what, response.status, seen.replica]).toEqual([what, 200, 1]);
    expect(seen.primary).toBeGreaterThan(0);
  }
});

test("a link that leads nowhere is 404 after both were asked, and a guess asks the primary only", async () => {
  const { downloadUrl, id } = await admin.issue(templateId);
  await admin.delete(id);
  const { DB, seen } = withEmptyReplica();
  expect((await askWith({ DB }, new Request(downloadUrl))).status).toBe(404);
  expect(seen).toEqual({ replica: 1, primary: 1 });
  expect((await askWith({ DB }, ask("GET", `/p/1/${"0".repeat(40)}`))).status).toBe(404);
  expect(seen).toEqual({ replica: 1, primary: 2 });
});

test("phones, clients of the other systems and the admin API never read a replica", async () => {
  const DB = forwarding(env.DB, {
    withSession() {
      throw new Error("a replica was read");
    },
  });
  const send = (request: Request) => askWith({ DB }, request);
  const pass = await admin.issue(templateId);
  const bytes = await (await askWith({}, new Request(pass.downloadUrl))).arrayBuffer();
  const phone = iphone({ fetch: send });
  await phone.add(new Uint8Array(bytes));
  await admin.change(pass.id, { values: { points: "2" } });
  expect((await phone.receivePush(PASS_TYPE)).listed).toEqual([pass.serialNumber]);
  expect([phone.complaints, phone.failures]).toEqual([[], []]);

  const holder = await holderOf(pass);
  const key = { Authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const json = { "Content-Type": "application/json" };
  const requests = [
    ask("POST", holder.registration(randomDevice()), holder.authorization, { pushToken: "a".repeat(64) }),
    ask("GET", `/api${holder.path}`, holder.authorization),
    ask("GET", `/api/v1/templates/${templateId}/passes`, key),
    ask("GET", `/api/v1/passes/search?api_token=${env.ADMIN_TOKEN}&q=${pass.serialNumber}`),
    ask("GET", "/v1/events/project/1/1/passes", key),
    ...["health", "passes", "templates", "pass-types", "projects", "dead-letters", "device-logs"].map(
      (path) => ask("GET", `/admin/v1/${path}`, key),
    ),
    ask("GET", `/admin/v1/passes/${pass.id}/download`, key),
    ask(
      "PATCH",
      `/admin/v1/templates/${templateId}`,
      { ...key, ...json },
      { pass: { ...storeCard, logoText: "x" } },
    ),
    new Request(`${ORIGIN}/healthz`),
  ];
  for (const request of requests) {
    const { method, url } = request;
    const response = await send(request);
    const { code } = response.status < 500 ? { code: undefined } : await response.json<Problem>();
    expect([method, url, code]).toEqual([method, url, undefined]);
  }
});
