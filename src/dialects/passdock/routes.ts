/**
 * Routes for Passdock's clients, mounted at /api/v1: the templates and passes of the canonical API in Passdock's format.
 *
 * Follows Passdock's API reference. Its clients also send things that the reference does not list: paths that end in
 * .json, api_token in the body, show=true for a download, a search by serial_number, and many=true. Of several errors,
 * the client gets the first in this order: 401, 404, 400, 421, 420, 422.
 */
import { Hono } from "hono";
import type { Context } from "../../context.ts";
import type { PagePosition } from "../../db/page.ts";
import { ApiError, logServerError } from "../../errors.ts";
import { downloadResponse } from "../../http/pass-response.ts";
import { refusalOf } from "../../http/refusals.ts";
import type { PassRows } from "../../passes/content.ts";
import { deletePass } from "../../passes/delete.ts";
import { issuePass } from "../../passes/issue.ts";
import { loadById } from "../../passes/load.ts";
import { demandReach } from "../../passes/reach.ts";
import { passNotFound } from "../../passes/show.ts";
import { showTemplate } from "../../templates/show.ts";
import { requireDialect } from "../enabled.ts";
import { authenticatePassdock, type PassdockEnv } from "./authenticate.ts";
import { parseFlag, wantsErrorTexts } from "./body.ts";
import { findSerialNumber, parseNewPass, parseUpdate } from "./input.ts";
import { listResponse } from "./list-response.ts";
import { toCompactItem, toFullPass, toShownPass, toSummary } from "./object.ts";
import { parseId, parseListQuery, parseRedemption, parseSearchQuery } from "./parameters.ts";
import { findPass, findTemplateToIssue, searchAllTemplates, searchTemplate } from "./queries.ts";
import { setRedeemed } from "./redeem.ts";
import { toPassdockResponse } from "./refusal.ts";
import { updatePass } from "./update.ts";

const PAGE_SIZE = 50;
const PASSES = "/templates/:template_id/passes";
const PASS = `${PASSES}/:id`;
const withJsonSuffix = (path: string) => [path, `${path}.json`];

export const passdockRoutes = new Hono<PassdockEnv>();

for (const path of ["/templates/*", ...withJsonSuffix("/passes/search")]) {
  passdockRoutes.use(path, requireDialect("passdock"), authenticatePassdock, async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
  });
}

/** Get All Passes: 200, 400, 401, 404. */
passdockRoutes.on("GET", withJsonSuffix(PASSES), async (c) => {
  const { context, input } = c.var;
  const { config } = context;
  const templateId = parseId(c.req.param("template_id"));
  const { compact, page } = await preferTemplateNotFound(context, templateId, () => parseListQuery(input));
  const { publicOrigin } = config;
  const offset = (page - 1) * PAGE_SIZE;
  return listResponse(
    PAGE_SIZE,
    ({ cursor, limit }) =>
      searchTemplate(context, templateId, {}, cursor === undefined ? { offset, limit } : { cursor, limit }),
    (rows) => (compact ? toCompactItem(rows.pass, publicOrigin) : toFullPass(rows, publicOrigin)),
  );
});

/** Search for a Pass, in one template or in all: 200, 400, 401, 404. */
passdockRoutes.on(
  "GET",
  [...withJsonSuffix(`${PASSES}/search`), ...withJsonSuffix("/passes/search")],
  async (c) => {
    const { context, input } = c.var;
    const { config } = context;
    const segment = c.req.param("template_id");
    const templateId = segment === undefined ? undefined : parseId(segment);
    const { filter, many } = await preferTemplateNotFound(context, templateId, () => parseSearchQuery(input));
    const findPage = (position: PagePosition) =>
      templateId === undefined
        ? searchAllTemplates(context, filter, position)
        : searchTemplate(context, templateId, filter, position);
    const show = (rows: PassRows) => toFullPass(rows, config.publicOrigin);
    if (many) return listResponse(PAGE_SIZE, findPage, show);
    const [found] = (await findPage({ limit: 1 })).items;
    if (found === undefined) throw new ApiError("pass_not_found", "No pass has this code.");
    return c.json(show(found));
  },
);

/** Show Pass: 200, 401, 404; with show=true the download, and also 304. */
passdockRoutes.get(PASS, async (c) => {
  const { context, input } = c.var;
  const { db, config, now } = context;
  const templateId = parseId(c.req.param("template_id"), "template_not_found");
  const id = parseId(c.req.param("id"), "pass_not_found");
  if (input.query.show !== "true") {
    return c.json(toShownPass(await findPass(context, templateId, id), config.publicOrigin));
  }
  await demandReach(context, { passId: id });
  const loaded = await loadById(db, id, now);
  if (loaded.pass.templateId !== templateId) throw passNotFound(id);
  return downloadResponse(context, loaded, c.req.raw, c.executionCtx);
});

/** Create Pass: 201, or 200 with debug; 400, 401, 404, 420, 421, 422. */
passdockRoutes.on("POST", withJsonSuffix(PASSES), async (c) => {
  const { context, input } = c.var;
  const { config } = context;
  const templateId = parseId(c.req.param("template_id"));
  const { template, isTaken } = await findTemplateToIssue(context, templateId, findSerialNumber(input));
  const { pass, debug } = parseNewPass(input, template, isTaken);
  const { pass: issued } = await issuePass(context, templateId, pass);
  if (!debug) return c.json(toSummary(issued, config.publicOrigin), 201);
  return c.json(toFullPass(await findPass(context, templateId, issued.id), config.publicOrigin));
});

/** Redeem a Pass, or undo a redemption: 200 (even if nothing changes), 400, 401, 404. */
passdockRoutes.on("PUT", withJsonSuffix(`${PASS}/redeem`), async (c) => {
  const { context, input } = c.var;
  const { config } = context;
  const [templateId, id] = [parseId(c.req.param("template_id")), parseId(c.req.param("id"))];
  const { pass } = await findPass(context, templateId, id);
  const { redeemed, debug } = parseRedemption(input);
  await setRedeemed(context, id, redeemed);
  if (!debug) return c.json(toSummary(pass, config.publicOrigin));
  return c.json(toFullPass(await findPass(context, templateId, id), config.publicOrigin));
});

/** Update Pass: 200, 400, 401, 404, 420, 422. */
passdockRoutes.put(PASS, async (c) => {
  const { context, input } = c.var;
  const { config } = context;
  const [templateId, id] = [parseId(c.req.param("template_id")), parseId(c.req.param("id"))];
  const rows = await findPass(context, templateId, id);
  const update = parseUpdate(input, rows, context.now);
  await updatePass(context, rows, update);
  if (!update.debug) return c.json(toSummary(rows.pass, config.publicOrigin));
  return c.json(toFullPass(await findPass(context, templateId, id), config.publicOrigin));
});

/** Delete Pass: 200 without a body, 400, 401, 404. */
passdockRoutes.delete(PASS, async (c) => {
  const { context, input } = c.var;
  const [templateId, id] = [parseId(c.req.param("template_id")), parseId(c.req.param("id"))];
  await findPass(context, templateId, id);
  parseFlag(input, "errors");
  await deletePass(context, id);
  return c.body(null, 200);
});

/** app.ts answers unexpected errors, and the error route_not_found of a disabled dialect. */
passdockRoutes.onError((error, c) => {
  const refusal = refusalOf(error, c.env);
  if (refusal === undefined || refusal.code === "route_not_found") throw error;
  logServerError(refusal);
  return toPassdockResponse(refusal, wantsErrorTexts(c.var.input));
});

/** Runs a parser. If it fails and the template does not exist, the error is template_not_found: 404 comes before 400. */
async function preferTemplateNotFound<Parsed>(
  context: Context,
  templateId: number | undefined,
  parse: () => Parsed,
): Promise<Parsed> {
  try {
    return parse();
  } catch (error) {
    if (templateId !== undefined) {
      await demandReach(context, { templateId });
      await showTemplate(context.db, context.config.publicOrigin, templateId);
    }
    throw error;
  }
}
