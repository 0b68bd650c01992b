/**
 * What keys may do: every operation of the OpenAPI document with every role, on what is in the key's scope and on what is outside.
 * An operation that is not in the table fails the first test.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { ROLES } from "../../src/db/schema.ts";
import type { Role } from "../../src/keys/principal.ts";
import { file, PKPASS, wholePass } from "../admin/import/file.ts";
import { admin, get, icon, storeCard, stored } from "../harness.ts";
import { callWith, type MadeKey, makeKey } from "./clients.ts";

const PASS_TYPE = "pass.test.access";

/** A project with a template, an event and a pass. */
interface World {
  readonly projectId: number;
  readonly eventId: number;
  readonly templateId: number;
  readonly passId: number;
  readonly code: string;
}
async function makeWorld(code: string): Promise<World> {
  const { id: projectId } = await admin.makeProject();
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE, { projectId, name: code });
  const { id: eventId } = await admin.makeEvent({ name: code }, projectId);
  const { id: passId } = await admin.issue(templateId, {
    ...{ serialNumber: code, externalId: code, eventId, tags: ["seat"] },
  });
  return { projectId, eventId, templateId, passId, code };
}

type Sent = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];
type Requests = Readonly<Record<string, (world: World) => Sent>>;

/** If-Match of a revision that nothing has: what is deleted is still there. */
const KEEP = { "If-Match": '"999"' };
/** No image has this SHA-256. */
const NO_IMAGE = "0".repeat(64);
const template = (projectId: number) => ({
  ...{ name: "New", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon, projectId },
});

/** Operations that name something: outside of the scope it does not exist. */
const NAMING: Requests = {
  changeEvent: (w) => ["PATCH", `/projects/${w.projectId}/events/${w.eventId}`, { values: { gate: "2" } }],
  changePass: (w) => ["PATCH", `/passes/${w.passId}`, { tags: ["seat", "new"] }],
  changeProject: (w) => ["PATCH", `/projects/${w.projectId}`, { name: "Renamed" }],
  changeTemplate: (w) => ["PATCH", `/templates/${w.templateId}`, { name: w.code }],
  copyTemplate: (w) => ["POST", `/templates/${w.templateId}/copy`, { projectId: w.projectId }],
  createEvent: (w) => ["POST", `/projects/${w.projectId}/events`, { name: "New" }],
  createTemplate: (w) => ["POST", "/templates", template(w.projectId)],
  deleteEvent: (w) => ["DELETE", `/projects/${w.projectId}/events/${w.eventId}`, undefined, KEEP],
  deletePass: (w) => ["DELETE", `/passes/${w.passId}`, undefined, KEEP],
  deleteProject: (w) => ["DELETE", `/projects/${w.projectId}`],
  deleteTemplate: (w) => ["DELETE", `/templates/${w.templateId}`, undefined, KEEP],
  downloadBundle: (w) => ["GET", `/bundles/download?passIds=${w.passId}`],
  downloadPass: (w) => ["GET", `/passes/${w.passId}/download`],
  downloadPassImage: (w) => ["GET", `/passes/${w.passId}/images/${NO_IMAGE}`],
  downloadTemplateImage: (w) => ["GET", `/templates/${w.templateId}/images/${NO_IMAGE}`],
  importTemplate: (w) => [
    "POST",
    `/templates/import?projectId=${w.projectId}`,
    file(wholePass(PASS_TYPE)),
    PKPASS,
  ],
  issuePass: (w) => ["POST", `/templates/${w.templateId}/passes`, {}],
  linkBundle: (w) => ["POST", "/bundles", { passIds: [w.passId] }],
  lintPass: (w) => ["POST", "/lint", { templateId: w.templateId }],
  listPhones: (w) => ["GET", `/passes/${w.passId}/phones`],
  listPassChanges: (w) => ["GET", `/passes/${w.passId}/changes`],
  listEvents: (w) => ["GET", `/projects/${w.projectId}/events`],
  movePasses: (w) => ["POST", "/passes/move", { passIds: [w.passId], eventId: w.eventId }],
  putPass: (w) => [
    "PUT",
    `/pass-types/${PASS_TYPE}/passes/${w.code}`,
    { templateId: w.templateId, eventId: w.eventId, externalId: w.code, tags: ["seat"] },
  ],
  redeemPass: (w) => ["POST", `/passes/${w.passId}/redeem`],
  showEvent: (w) => ["GET", `/projects/${w.projectId}/events/${w.eventId}`],
  showEventProgress: (w) => ["GET", `/projects/${w.projectId}/events/${w.eventId}/progress`],
  showTemplateProgress: (w) => ["GET", `/templates/${w.templateId}/progress`],
  showJoinState: (w) => ["GET", `/templates/${w.templateId}/join`],
  showPass: (w) => ["GET", `/passes/${w.passId}`],
  showPassContent: (w) => ["GET", `/passes/${w.passId}/content`],
  showPassByExternalId: (w) => ["GET", `/passes/by-external-id?externalId=${w.code}`],
  showProject: (w) => ["GET", `/projects/${w.projectId}`],
  showTemplate: (w) => ["GET", `/templates/${w.templateId}`],
  takePersonalData: (w) => ["POST", `/passes/${w.passId}/personalization/take`],
  unredeemPass: (w) => ["POST", `/passes/${w.passId}/unredeem`],
  unvoidPass: (w) => ["POST", `/passes/${w.passId}/unvoid`],
  voidPass: (w) => ["POST", `/passes/${w.passId}/void`],
};
/** Operations that find something: outside of the scope they find nothing. */
const FINDING: Requests = {
  countPasses: (w) => ["GET", `/passes/count?templateId=${w.templateId}`],
  listPasses: (w) => ["GET", `/passes?tag=seat&templateId=${w.templateId}`],
  listProjects: () => ["GET", "/projects"],
  countScansByHour: (w) => ["GET", `/scans/by-hour?passId=${w.passId}`],
  listScans: (w) => ["GET", `/scans?passId=${w.passId}`],
  listTemplateSummaries: (w) => ["GET", `/template-summaries?projectId=${w.projectId}`],
  listTemplates: (w) => ["GET", `/templates?projectId=${w.projectId}`],
  showPassOfCode: (w) => ["GET", `/scans/lookup?code=${w.code}`],
  sendScans: (w) => ["POST", "/scans", { scans: [{ scanId: crypto.randomUUID(), code: w.code }] }],
};
/** Operations of the whole deployment: a key with a scope is refused. */
const WHOLE: Requests = {
  changeGoogleIssuer: () => ["PATCH", "/google-issuers/999", {}],
  changePassType: () => ["PATCH", `/pass-types/${PASS_TYPE}`, {}],
  changePushControl: () => ["PUT", "/push", { paused: false }],
  checkGoogleIssuer: () => ["POST", "/google-issuers/999/check"],
  checkPush: () => ["POST", `/pass-types/${PASS_TYPE}/push-check`],
  createGoogleIssuer: () => ["POST", "/google-issuers", {}],
  createKey: () => ["POST", "/keys", { name: "New", role: "admin" }],
  createPassType: () => ["POST", "/pass-types", {}],
  createProject: () => ["POST", "/projects", { name: "New" }],
  deleteGoogleIssuer: () => ["DELETE", "/google-issuers/999"],
  deletePassType: () => ["DELETE", "/pass-types/pass.test.nobody"],
  downloadCsr: () => ["GET", `/pass-types/${PASS_TYPE}/csr`],
  installCertificate: () => ["PUT", `/pass-types/${PASS_TYPE}/certificate`, {}],
  listApnsKeys: () => ["GET", "/apns-keys"],
  listDeadLetters: () => ["GET", "/dead-letters"],
  listDeviceLogs: () => ["GET", "/device-logs"],
  listGoogleFailures: () => ["GET", "/google-failures"],
  listGoogleIssuers: () => ["GET", "/google-issuers"],
  listKeys: () => ["GET", "/keys"],
  listPassTypes: () => ["GET", "/pass-types"],
  moveChangeLog: () => ["POST", "/restored"],
  renewKey: () => ["POST", "/pass-types/pass.test.nobody/csr", { keyAlgorithm: "P-256" }],
  replayDeadLetter: () => ["POST", "/dead-letters/999999/replay"],
  replayDeadLetters: () => ["POST", "/dead-letters/replay"],
  retryGoogleFailures: () => ["POST", "/google-failures/retry"],
  revokeKey: () => ["DELETE", "/keys/999999"],
  showGoogleIssuer: () => ["GET", "/google-issuers/999"],
  showHealth: () => ["GET", "/health"],
  showMasterSecret: () => ["GET", "/master-secret"],
  showPassType: () => ["GET", `/pass-types/${PASS_TYPE}`],
  showPushControl: () => ["GET", "/push"],
  storeApnsKey: () => ["POST", "/apns-keys", {}],
};
/** Operations that depend on the key alone. */
const OWN: Requests = {
  showMe: () => ["GET", "/me"],
  undoScan: () => ["POST", "/scans/none/undo"],
};

/** The roles that may do what needs a role: the table of src/admin/keys/README.md. */
const MAY: Readonly<Record<string, readonly Role[]>> = {
  any: ["scanner", "reader", "issuer", "admin"],
  scanner: ["scanner", "issuer", "admin"],
  reader: ["reader", "issuer", "admin"],
  issuer: ["issuer", "admin"],
  admin: ["admin"],
};

/** operationId → the role that it needs. */
const needed = new Map<string, string>();
let mine: World;
let foreign: World;
const keys = new Map<Role, { everywhere: MadeKey; scoped: MadeKey }>();
const keyOf = (role: Role) => keys.get(role) ?? expect.fail();

beforeAll(async () => {
  const { paths } = (await (await get("/admin/openapi.json")).json()) as {
    paths: Record<string, Record<string, { operationId: string; "x-role": string }>>;
  };
  for (const item of Object.values(paths))
    for (const operation of Object.values(item)) needed.set(operation.operationId, operation["x-role"]);
  await admin.makePassType(PASS_TYPE);
  [mine, foreign] = [await makeWorld("mine"), await makeWorld("foreign")];
  const scope = { projects: [mine.projectId] };
  for (const role of ROLES) {
    const made = { everywhere: await makeKey({ role }), scoped: await makeKey({ role, scope }) };
    for (const key of Object.values(made)) await callWith(key, "GET", "/me"); // stores its use
    keys.set(role, made);
  }
});

const send = (key: MadeKey, [method, path, body, headers]: Sent) =>
  callWith<{
    code?: string;
    items?: unknown[];
    results?: { outcome: string }[];
    outcome?: string;
    count?: number;
  }>(key, method, path, body, headers);
const REQUESTS: Requests = { ...NAMING, ...FINDING, ...WHOLE, ...OWN };

test("every operation is in the table", () => {
  expect([...needed.keys()].toSorted()).toEqual(Object.keys(REQUESTS).toSorted());
  expect([...new Set(needed.values())].toSorted()).toEqual(Object.keys(MAY).toSorted());
});

describe.each(ROLES)("a key with the role %s", (role) => {
  const may = (operationId: string) => MAY[needed.get(operationId) ?? ""]?.includes(role) === true;
  const allowed = (requests: Requests) => Object.entries(requests).filter(([id]) => may(id));

  test("is refused 403 what needs another role, which the detail names, and nothing is changed", async () => {
    const before = await stored();
    for (const [operationId, request] of Object.entries(REQUESTS).filter(([id]) => !may(id))) {
      for (const key of Object.values(keyOf(role))) {
        const { status, body } = await send(key, request(mine));
        expect([operationId, status, body.code]).toEqual([operationId, 403, "forbidden_role"]);
        expect(JSON.stringify(body)).toContain(`role ${needed.get(operationId)}`);
      }
    }
    expect(await stored()).toEqual(before);
  });

  test("does not reach what is outside of its scope: 404, empty lists and unknown codes, as if it did not exist", async () => {
    const { scoped } = keyOf(role);
    const before = await stored();
    for (const [operationId, request] of allowed(NAMING)) {
      const { status, body } = await send(scoped, request(foreign));
      expect([operationId, status, body.code]).toEqual([
        operationId,
        404,
        expect.stringMatching(/_not_found$/),
      ]);
    }
    for (const [operationId, request] of allowed(WHOLE)) {
      const { status, body } = await send(scoped, request(mine));
      expect([operationId, status, body.code]).toEqual([operationId, 403, "forbidden_scope"]);
    }
    for (const [operationId, request] of allowed(FINDING)) {
      const { status, body } = await send(scoped, request(foreign));
      const found = JSON.stringify(body);
      expect([operationId, status]).toEqual([operationId, 200]);
      expect(found).not.toContain(foreign.code);
      expect(body.outcome ?? body.results?.[0]?.outcome ?? "unknown", operationId).toBe("unknown");
      expect(body.count ?? 0, operationId).toBe(0);
      if (operationId !== "listProjects") expect(body.items ?? [], operationId).toEqual([]);
    }
    // Nothing is changed, except that scans of unknown codes are stored.
    const after = await stored();
    const isKnown = (scan: Record<string, unknown>) => scan.pass_id !== null;
    expect(after.rows.scans?.filter(isKnown)).toEqual(before.rows.scans?.filter(isKnown));
    expect({ ...after, rows: { ...after.rows, scans: [] } }).toEqual({
      ...before,
      rows: { ...before.rows, scans: [] },
    });
  });

  test("does what its role allows in its scope", async () => {
    const { scoped, everywhere } = keyOf(role);
    for (const [operationId, request] of allowed({ ...NAMING, ...FINDING, ...OWN })) {
      const { status, body } = await send(scoped, request(mine));
      // The request takes effect, or is refused for another reason.
      const isAllowed =
        ![401, 403, 404].includes(status) ||
        /^(personalization|scan|image)_not_found$/.test(String(body.code));
      expect(isAllowed, `${operationId}: ${status} ${JSON.stringify(body)}`).toBe(true);
    }
    for (const [operationId, request] of allowed(WHOLE)) {
      const { status } = await send(everywhere, request(mine));
      expect([operationId, [401, 403]]).toEqual([operationId, expect.not.arrayContaining([status])]);
    }
  });
});
