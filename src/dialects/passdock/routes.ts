/**
 * The door for Passdock's clients, mounted at /api/v1: the same templates, passes and changes that the canonical API
 * shows, in Passdock's words.
 *
 * Follows Passdock's API reference. Beyond it, as its clients send: addresses that end in .json, api_token in the body,
 * a download for show=true, a search by serial_number, and many=true. Of several faults the first is told: 401, 404,
 * 400, 421, 420, 422.
 */
import { Hono } from "hono";
import type { Database } from "../../db/client.ts";
import { ApiError, type ErrorCode, logIfOurs } from "../../errors.ts";
import { conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passResponse } from "../../http/pass-response.ts";
import { deletePass } from "../../passes/delete.ts";
import { issuePass } from "../../passes/issue.ts";
import { loadById } from "../../passes/load.ts";
import { passNotFound } from "../../passes/show.ts";
import { showTemplate } from "../../templates/show.ts";
import { open } from "../enabled.ts";
import { authenticateLegacy, type Credentials } from "../legacy-keys.ts";
import { apiTokenIn, flagIn, type Sent, sentIn, understood, wantsErrors } from "./body.ts";
import { newPassIn, serialNumberIn, updateIn } from "./input.ts";
import { compactOf, fullOf, shownPassOf, summaryOf } from "./object.ts";
import { listRows, listRowsOf, passRows, type RowsFilter, templateToIssue } from "./queries.ts";
import { refusalOf } from "./refusal.ts";
import { setRedeemed, updatePass } from "./update.ts";

interface PassdockEnv {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { sent: Sent };
}

const PAGE_SIZE = 50;
const PASSES = "/templates/:template_id/passes";
const PASS = `${PASSES}/:id`;
const named = (path: string) => [path, `${path}.json`];

export const passdockRoutes = new Hono<PassdockEnv>();

for (const path of ["/templates/*", ...named("/passes/search")]) {
  passdockRoutes.use(path, open("passdock"), async (c, next) => {
    const key = {
      authorization: c.req.header("authorization"),
      apiToken: c.req.query("api_token") || undefined,
    };
    c.set("sent", { query: c.req.query(), body: {}, form: false, fault: undefined });
    // A body is read before its sender is known only if the key may be in it.
    const keyInBody = key.authorization === undefined && key.apiToken === undefined;
    const { context } = c.var;
    const authenticate = async (credentials: Credentials) =>
      c.set("context", {
        ...context,
        ...(await authenticateLegacy(credentials, "api_token", context.config)),
      });
    if (!keyInBody) await authenticate(key);
    const sent = await sentIn(c.req.raw, c.req.query());
    c.set("sent", sent);
    if (keyInBody) await authenticate({ ...key, apiToken: apiTokenIn(sent) });
    c.set("sent", understood(sent));
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
  });
}

/** Get All Passes: 200, 400, 401, 404. */
passdockRoutes.on("GET", named(PASSES), async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const templateId = idIn(c.req.param("template_id"));
  const { compact, page } = await ofKnownTemplate(db, templateId, () => listAskedIn(sent));
  const rows = await listRowsOf(db, templateId, {}, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE });
  const { publicOrigin } = config;
  return c.json(rows.map((row) => (compact ? compactOf(row.pass, publicOrigin) : fullOf(row, publicOrigin))));
});

/** Search for a Pass, in one template or in all: 200, 400, 401, 404. */
passdockRoutes.on("GET", [...named(`${PASSES}/search`), ...named("/passes/search")], async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const inPath = c.req.param("template_id");
  const templateId = inPath === undefined ? undefined : idIn(inPath);
  const { filter, many } = await ofKnownTemplate(db, templateId, () => searchAskedIn(sent));
  const limit = many ? PAGE_SIZE : 1;
  const found =
    templateId === undefined
      ? await listRows(db, filter, limit)
      : await listRowsOf(db, templateId, filter, { offset: 0, limit });
  const passes = found.map((rows) => fullOf(rows, config.publicOrigin));
  if (!many && passes.length === 0) throw new ApiError("pass_not_found", "No pass carries this code.");
  return c.json(many ? passes : passes[0]);
});

/** Show Pass: 200, 401, 404; and 304 where the download is asked for. */
passdockRoutes.get(PASS, async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const templateId = idIn(c.req.param("template_id"), "template_not_found");
  const id = idIn(c.req.param("id"), "pass_not_found");
  if (sent.query.show !== "true") {
    return c.json(shownPassOf(await passRows(db, templateId, id), config.publicOrigin));
  }
  const loaded = await loadById(db, id, c.var.context.now);
  if (loaded.pass.templateId !== templateId) throw passNotFound(id);
  return passResponse(c.var.context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
});

/** Create Pass: 201, or 200 with debug; 400, 401, 404, 420, 421, 422. */
passdockRoutes.on("POST", named(PASSES), async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const templateId = idIn(c.req.param("template_id"));
  const { template, taken } = await templateToIssue(db, templateId, serialNumberIn(sent));
  const { pass, debug } = newPassIn(sent, template, taken);
  const { pass: issued } = await issuePass(c.var.context, templateId, pass);
  if (!debug) return c.json(summaryOf(issued, config.publicOrigin), 201);
  return c.json(fullOf(await passRows(db, templateId, issued.id), config.publicOrigin));
});

/** Redeem a Pass, or take that back: 200, also where nothing is to be done; 400, 401, 404. */
passdockRoutes.on("PUT", named(`${PASS}/redeem`), async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const [templateId, id] = [idIn(c.req.param("template_id")), idIn(c.req.param("id"))];
  const { pass } = await passRows(db, templateId, id);
  const { redeemed, debug } = redemptionAskedIn(sent);
  await setRedeemed(c.var.context, id, redeemed);
  if (!debug) return c.json(summaryOf(pass, config.publicOrigin));
  return c.json(fullOf(await passRows(db, templateId, id), config.publicOrigin));
});

/** Update Pass: 200, 400, 401, 404, 420, 422. */
passdockRoutes.put(PASS, async (c) => {
  const { db, config } = c.var.context;
  const { sent } = c.var;
  const [templateId, id] = [idIn(c.req.param("template_id")), idIn(c.req.param("id"))];
  const rows = await passRows(db, templateId, id);
  const update = updateIn(sent, rows);
  await updatePass(c.var.context, rows, update);
  if (!update.debug) return c.json(summaryOf(rows.pass, config.publicOrigin));
  return c.json(fullOf(await passRows(db, templateId, id), config.publicOrigin));
});

/** Delete Pass: 200 without a body, 400, 401, 404. */
passdockRoutes.delete(PASS, async (c) => {
  const { db } = c.var.context;
  const { sent } = c.var;
  const [templateId, id] = [idIn(c.req.param("template_id")), idIn(c.req.param("id"))];
  await passRows(db, templateId, id);
  flagIn(sent, "errors");
  await deletePass(c.var.context, id);
  return c.body(null, 200);
});

/** The app's to answer and to log: what is no refusal but a fault, and what a closed door says. */
passdockRoutes.onError((error, c) => {
  if (!(error instanceof ApiError) || error.code === "route_not_found") throw error;
  logIfOurs(error);
  return refusalOf(error, wantsErrors(c.var.sent));
});

/** An id of the address, with or without `.json` behind it. @throws ApiError `otherwise` */
function idIn(text: string | undefined, otherwise: ErrorCode = "invalid_parameter"): number {
  const digits = (text ?? "").replace(/\.json$/, "");
  // No id is so great; D1 could not take it either.
  if (/^\d+$/.test(digits)) return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  throw new ApiError(otherwise, "The ids in the address must be numbers, such as /templates/106/passes/199.");
}

/** What `read` finds, though a template that is unknown is told before what else is wrong. */
async function ofKnownTemplate<Asked>(
  db: Database,
  templateId: number | undefined,
  read: () => Asked,
): Promise<Asked> {
  try {
    return read();
  } catch (error) {
    if (templateId !== undefined) await showTemplate(db, templateId);
    throw error;
  }
}

function listAskedIn(sent: Sent): { compact: boolean; page: number } {
  flagIn(sent, "errors");
  const compact = flagIn(sent, "compact") ?? false;
  const page = sent.query.page ?? "1";
  if (/^[1-9]\d{0,14}$/.test(page)) return { compact, page: Math.min(Number(page), 1_000_000_000) };
  throw new ApiError(
    "invalid_parameter",
    `"page" must be a positive number; this was "${page.slice(0, 20)}".`,
  );
}

function searchAskedIn(sent: Sent): { filter: RowsFilter; many: boolean } {
  flagIn(sent, "errors");
  const many = flagIn(sent, "many") ?? false;
  const { code, serial_number: serialNumber } = sent.query;
  if (code) return { filter: { code }, many };
  if (serialNumber) return { filter: { serialNumber }, many };
  throw new ApiError("invalid_parameter", 'Give "code": what the scanner has read, with spaces as %20.');
}

function redemptionAskedIn(sent: Sent): { redeemed: boolean; debug: boolean } {
  flagIn(sent, "errors");
  const debug = flagIn(sent, "debug") ?? false;
  const redeemed = flagIn(sent, "redeemed");
  if (redeemed !== undefined) return { redeemed, debug };
  throw new ApiError("invalid_parameter", 'Give "redeemed": true, or false to take a redemption back.');
}
