/**
 * The tools of MCP. Each one makes one call of the admin API. A tool that can write makes a call that writes nothing, unless
 * it gets `write: true`.
 */
import { etagOf } from "../../db/revisions.ts";
import { IDEMPOTENCY_KEY } from "../../http/idempotency.ts";
import { refuseControlCharacters, refuseUnpairedSurrogates } from "../../http/validate.ts";
import { type JsonObject, memberOf } from "../../json.ts";
import { report } from "../lint/schemas.ts";
import { health } from "../operations/schemas.ts";
import * as schemas from "./schemas.ts";
import { READS, type Tool, tool } from "./tool.ts";

const DEFAULT_LIMIT = 10;

const findTemplates = tool({
  name: "find_templates",
  title: "Find templates",
  description:
    "Lists the templates from which passes are issued, newest first. `pass` has the fields: their `key`s are the keys of `values` in " +
    "issue_pass and change_pass.",
  operations: ["listTemplates"],
  input: schemas.templatesSought,
  output: schemas.templatesFound,
  annotations: READS,
  run: ({ limit = DEFAULT_LIMIT, cursor }, callApi) =>
    callApi({ method: "GET", path: "/templates", query: { limit, cursor } }),
});

const findPasses = tool({
  name: "find_passes",
  title: "Find passes",
  description:
    "Finds passes, newest first. All filters must match. A page may have fewer items than `limit`: there are more as long as " +
    "`nextCursor` is not null.",
  operations: ["listPasses"],
  input: schemas.passesSought,
  output: schemas.passesFound,
  annotations: READS,
  run: ({ limit = DEFAULT_LIMIT, ...filters }, callApi) =>
    callApi({ method: "GET", path: "/passes", query: { limit, ...filters } }),
});

const showPass = tool({
  name: "show_pass",
  title: "Show a pass",
  description:
    "Shows everything about one pass: its own values, status, and whether phones have it. Values that the pass does not have itself " +
    "are those of its event or template.",
  operations: ["showPass"],
  input: schemas.passShown,
  output: schemas.theShownPass,
  annotations: READS,
  run: async ({ passId }, callApi) => ({ pass: await callApi({ method: "GET", path: `/passes/${passId}` }) }),
});

const issuePass = tool({
  name: "issue_pass",
  title: "Issue a pass",
  description:
    "Issues a pass from a template. Without `write: true`, it only checks the pass and answers with the findings of the linter, " +
    "not whether `serialNumber` or `externalId` is taken. " +
    "Give `landingUrl` or `downloadUrl` to the holder of the pass, and to nobody else: anyone with the link can use the pass.",
  operations: ["lintPass", "issuePass"],
  input: schemas.passIssued,
  output: schemas.theIssuedPass,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ templateId, write, idempotencyKey, ...body }, callApi) {
    if (!write) {
      const lint = await callApi({ method: "POST", path: "/lint", body: { templateId, ...body } });
      return { written: false, lint };
    }
    const headers = { [IDEMPOTENCY_KEY]: idempotencyKey };
    return written(await callApi({ method: "POST", path: `/templates/${templateId}/passes`, body, headers }));
  },
});

const changePass = tool({
  name: "change_pass",
  title: "Change a pass",
  description:
    "Changes a pass. Phones that have it are updated, and may show a notification on the lock screen. Without `write: true`, nothing " +
    "is written: the answer says what would differ, what phones would show, and how many. Show that to the user first. Then send the " +
    "same arguments with `write: true`.",
  operations: ["changePass"],
  input: schemas.passChanged,
  output: schemas.theChangedPass,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  async run({ passId, write, idempotencyKey, revision, ...body }, callApi) {
    const change = { method: "PATCH", path: `/passes/${passId}`, body } as const;
    const condition = { "If-Match": revision === undefined ? undefined : etagOf(revision) };
    if (!write) {
      return notWritten(await callApi({ ...change, query: { dryRun: true }, headers: condition }));
    }
    const headers = { ...condition, [IDEMPOTENCY_KEY]: idempotencyKey };
    return written(await callApi({ ...change, headers }));
  },
});

const voidPass = tool({
  name: "void_pass",
  title: "Void a pass",
  description:
    "Voids a pass: phones show it as no longer valid, and scans refuse it. Without `write: true`, nothing is written: the answer says " +
    "what phones would show, and how many. A pass that is already voided stays as it is.",
  operations: ["changePass", "voidPass"],
  input: schemas.passVoided,
  output: schemas.theChangedPass,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async run({ passId, write, idempotencyKey, ...body }, callApi) {
    if (!write) {
      // There is no dry run of voiding. Phones would get the same from this change, which has no `reason`.
      refuseUnpairedSurrogates(body);
      refuseControlCharacters(body);
      const change = { query: { dryRun: true }, body: { pass: { voided: true } } };
      return notWritten(await callApi({ method: "PATCH", path: `/passes/${passId}`, ...change }));
    }
    const headers = { [IDEMPOTENCY_KEY]: idempotencyKey };
    return written(await callApi({ method: "POST", path: `/passes/${passId}/void`, body, headers }));
  },
});

const lookUp = tool({
  name: "look_up",
  title: "Look up a code",
  description:
    "Shows the front, the status and the times of the pass whose barcode has this exact text. It changes nothing.",
  operations: ["showPassOfCode"],
  input: schemas.lookedUp,
  output: schemas.theLookUp,
  annotations: READS,
  run: (query, callApi) => callApi({ method: "GET", path: "/scans/lookup", query }),
});

const scan = tool({
  name: "scan",
  title: "Scan a pass",
  description:
    "Does what a scanner does with the code of a pass: it redeems the pass, or adds to it, as its template says. It always writes, so " +
    "use it only if the user wants this scan to count. Send a new UUID as `scanId`, and the same one if no answer arrives. A scan " +
    "that is refused is an answer with another `outcome`, not an error.",
  operations: ["sendScans"],
  input: schemas.scanned,
  output: schemas.theScan,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async run(scan, callApi) {
    const { results } = await callApi({ method: "POST", path: "/scans", body: { scans: [scan] } });
    return memberOf(results, "0") as JsonObject;
  },
});

const lint = tool({
  name: "lint",
  title: "Check a pass.json",
  description:
    "Checks the pass.json of a template or of a finished pass: what Wallet would refuse, or show differently than intended. It stores " +
    "nothing. issue_pass without `write` checks a pass of a stored template.",
  operations: ["lintPass"],
  input: schemas.linted,
  output: report,
  annotations: READS,
  run: (body, callApi) => callApi({ method: "POST", path: "/lint", body }),
});

const showHealth = tool({
  name: "health",
  title: "Show the health of Edgepass",
  description:
    "Shows what needs the operator's attention: certificates that expire, pushes that fail, and the next steps of a new deployment. " +
    "Each finding has a cure.",
  operations: ["showHealth"],
  input: schemas.nothing,
  output: health,
  annotations: READS,
  run: (_, callApi) => callApi({ method: "GET", path: "/health" }),
});

export const TOOLS: readonly Tool[] = [
  findTemplates,
  findPasses,
  showPass,
  issuePass,
  changePass,
  voidPass,
  lookUp,
  scan,
  lint,
  showHealth,
];

/**
 * What the change would do. The API's answer is the pass as it is, whose member `pass` (its overrides) would be mistaken for
 * the changed pass.
 */
function notWritten({ pass: _, ...answer }: Readonly<Record<string, unknown>>) {
  return { written: false, ...answer };
}

/** The answer of a write: the pass, and what is reported about it. */
function written({ lint, notifications, googleNotifications, ...pass }: JsonObject): JsonObject {
  return {
    written: true,
    pass,
    ...(lint === undefined ? {} : { lint }),
    ...(notifications === undefined ? {} : { notifications }),
    ...(googleNotifications === undefined ? {} : { googleNotifications }),
  };
}
