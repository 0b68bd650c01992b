/**
 * The door for clients of Airship Wallet, mounted at /v1: the passes of an event, and the download that each names.
 *
 * Follows Airship's "List event passes", revision 1.2. Where it is silent: no Api-Revision means 1.2, `count` is of all
 * passes that match, a page has at most 1000, and a pass that was never installed has the status not_been_installed.
 */
import { Hono } from "hono";
import * as z from "zod";
import { checked, numericId } from "../../admin/openapi/operation.ts";
import { ApiError } from "../../errors.ts";
import { eventNotFound } from "../../events/events.ts";
import { conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passResponse } from "../../http/pass-response.ts";
import { loadById } from "../../passes/load.ts";
import { toInstallStatus } from "../../passes/show.ts";
import { open } from "../enabled.ts";
import { authenticateLegacy } from "../legacy-keys.ts";
import { passesOfEvent } from "./queries.ts";

const REVISION = "1.2";
const MAX_PAGE_SIZE = 1000;

const { id } = numericId.shape;
const eventPath = z.object({ projectId: id, eventId: id });
const integer = id.refine((number) => number <= 1_000_000_000, "must be at most 1000000000");
const query = z.object({
  status: z.enum(["installed", "uninstalled", "been_installed", "not_been_installed"]).optional(),
  pageSize: id
    .refine((number) => number <= MAX_PAGE_SIZE, `must be at most ${MAX_PAGE_SIZE}`)
    .optional()
    .default(10),
  page: integer.optional().default(1),
  order: z.enum(["id", "createdAt", "updatedAt"]).default("id"),
  direction: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["asc", "desc"]))
    .default("desc"),
});

export const airshipRoutes = new Hono<AppEnv>();

for (const path of ["/events/*", "/pass/*"]) {
  airshipRoutes.use(path, open("airship"), async (c, next) => {
    await authenticateLegacy({ authorization: c.req.header("authorization") }, "basic", c.var.context.config);
    refuseOtherRevision(c.req.header("api-revision"));
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
  });
}

/** The passes of an event: 200, 400, 401, 404. */
airshipRoutes.get("/events/project/:projectId/:eventId/passes", async (c) => {
  const { projectId, eventId } = checked(eventPath, c.req.param(), "invalid_parameter");
  const { page, pageSize, ...which } = checked(query, c.req.query(), "invalid_parameter");
  const start = (page - 1) * pageSize;
  const listed = await passesOfEvent(c.var.context.db, projectId, eventId, {
    ...which,
    start,
    limit: pageSize,
  });
  if (listed === undefined) throw eventNotFound(eventId);
  const { order, direction } = which;
  const answer = {
    passes: listed.passes.map((pass) => shown(pass, c.var.context.config.publicOrigin)),
    pagination: { order, direction, page, start, pageSize },
    count: listed.count,
  };
  return c.json(answer, 200, {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "private, no-store",
  });
});

/** What `url` names: 200, 304, 401, 404. */
airshipRoutes.get("/pass/:id/download", async (c) => {
  const { id } = checked(numericId, c.req.param(), "invalid_parameter");
  const loaded = await loadById(c.var.context.db, id, c.var.context.now);
  return passResponse(c.var.context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
});

type EventPass = NonNullable<Awaited<ReturnType<typeof passesOfEvent>>>["passes"][number];

function shown(pass: EventPass, publicOrigin: string) {
  const { id, templateId, serialNumber, installedAt, uninstalledAt } = pass;
  return {
    id,
    templateId,
    url: `${publicOrigin}/v1/pass/${id}/download`,
    serialNumber,
    createdAt: new Date(pass.createdAt).toISOString(),
    updatedAt: new Date(pass.updatedAt).toISOString(),
    status: toInstallStatus(pass),
    installedAt: installedAt === null ? null : new Date(installedAt).toISOString(),
    ...(uninstalledAt === null ? {} : { uninstalledAt: new Date(uninstalledAt).toISOString() }),
    platform: "ios",
  };
}

function refuseOtherRevision(revision: string | undefined): void {
  if (revision === undefined || revision === REVISION) return;
  throw new ApiError(
    "invalid_parameter",
    `Api-Revision must be ${REVISION}; this was ${revision.slice(0, 20)}.`,
  );
}
