/**
 * Routes for clients of Airship Wallet, mounted at /v1: the passes of an event, and the download of each.
 *
 * Follows Airship's "List event passes", revision 1.2. Where the document says nothing: without Api-Revision the
 * revision is 1.2, `count` counts all matching passes, a page has at most 1000 passes, and a pass that was never
 * installed has the status not_been_installed. A pass is one item, although it can be in both Wallets: status, times and
 * platform are those of the newest install that lasts, or of the one that ended last, and the platform is ios if there
 * never was one.
 */
import { Hono } from "hono";
import * as z from "zod";
import { ApiError } from "../../errors.ts";
import { eventNotFound } from "../../events/events.ts";
import type { AppEnv } from "../../http/context.ts";
import { downloadResponse } from "../../http/pass-response.ts";
import { numericId, validate } from "../../http/validate.ts";
import { demandRole } from "../../keys/roles.ts";
import { newestInstall } from "../../passes/install-status.ts";
import { loadById } from "../../passes/load.ts";
import { demandReach } from "../../passes/reach.ts";
import { requireDialect } from "../enabled.ts";
import { authenticateWithinRate } from "../key-guesses.ts";
import { listEventPasses } from "./queries.ts";

const REVISION = "1.2";
const MAX_PAGE_SIZE = 1000;
const MAX_PAGE = 1_000_000_000;

const { id } = numericId.shape;
const atMost = (max: number) => id.refine((number) => number <= max, `must be at most ${max}`);
const eventPath = z.object({ projectId: id, eventId: id });
const eventPassesQuery = z.object({
  status: z.enum(["installed", "uninstalled", "been_installed", "not_been_installed"]).optional(),
  pageSize: atMost(MAX_PAGE_SIZE).optional().default(10),
  page: atMost(MAX_PAGE).optional().default(1),
  order: z.enum(["id", "createdAt", "updatedAt"]).default("id"),
  direction: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["asc", "desc"]))
    .default("desc"),
});

export const airshipRoutes = new Hono<AppEnv>();

for (const path of ["/events/*", "/pass/*"]) {
  airshipRoutes.use(path, requireDialect("airship"), async (c, next) => {
    await authenticateWithinRate(c, undefined, "basic");
    refuseOtherRevision(c.req.header("api-revision"));
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
  });
}

/** List the passes of an event: 200, 400, 401, 404. */
airshipRoutes.get("/events/project/:projectId/:eventId/passes", async (c) => {
  const { db, config, role } = c.var.context;
  demandRole(role, "reader");
  const { projectId, eventId } = validate(eventPath, c.req.param(), "invalid_parameter");
  const { page, pageSize, ...query } = validate(eventPassesQuery, c.req.query(), "invalid_parameter");
  await demandReach(c.var.context, { eventId });
  const start = (page - 1) * pageSize;
  const listed = await listEventPasses(db, projectId, eventId, { ...query, start, limit: pageSize });
  if (listed === undefined) throw eventNotFound(eventId);
  const { order, direction } = query;
  const body = {
    passes: listed.passes.map((pass) => toAirshipPass(pass, config.publicOrigin)),
    pagination: { order, direction, page, start, pageSize },
    count: listed.count,
  };
  return c.json(body, 200, { "Content-Type": "application/json; charset=utf-8" });
});

/** Download a pass, the `url` of each pass in the list: 200, 304, 401, 404. */
airshipRoutes.get("/pass/:id/download", async (c) => {
  const { context } = c.var;
  demandRole(context.role, "issuer");
  const { id } = validate(numericId, c.req.param(), "invalid_parameter");
  await demandReach(context, { passId: id });
  const loaded = await loadById(context.db, id, context.now);
  return downloadResponse(context, loaded, c.req.raw, c.executionCtx);
});

type EventPass = NonNullable<Awaited<ReturnType<typeof listEventPasses>>>["passes"][number];

function toAirshipPass(pass: EventPass, publicOrigin: string) {
  const { id, templateId, serialNumber } = pass;
  const { status, installedAt, uninstalledAt, wallet } = newestInstall(pass);
  return {
    id,
    templateId,
    url: `${publicOrigin}/v1/pass/${id}/download`,
    serialNumber,
    createdAt: new Date(pass.createdAt).toISOString(),
    updatedAt: new Date(pass.updatedAt).toISOString(),
    status,
    installedAt: installedAt === null ? null : new Date(installedAt).toISOString(),
    ...(uninstalledAt === null ? {} : { uninstalledAt: new Date(uninstalledAt).toISOString() }),
    platform: wallet === "google" ? "android" : "ios",
  };
}

function refuseOtherRevision(revision: string | undefined): void {
  if (revision === undefined || revision === REVISION) return;
  throw new ApiError(
    "invalid_parameter",
    `Api-Revision must be ${REVISION}; received ${revision.slice(0, 20)}.`,
  );
}
