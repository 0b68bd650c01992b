/**
 * Routes that find passes: the list, how many there are, and the one with an externalId.
 */
import { Hono } from "hono";
import type { Context } from "../../context.ts";
import type { AppEnv } from "../../http/context.ts";
import { respondWith } from "../../http/revisions.ts";
import { countPasses } from "../../passes/count.ts";
import { showPassByExternalId } from "../../passes/external-id.ts";
import { listPasses } from "../../passes/list.ts";
import { shownTo } from "../../passes/show.ts";
import { demandAccess } from "../openapi/access.ts";
import { notModified, operation, takesPath, takesQuery } from "../openapi/operation.ts";
import { toList } from "../openapi/parameters.ts";
import { pass } from "../passes/schemas.ts";
import * as schemas from "./schemas.ts";

const tag = "Passes";

export const passSearchRoutes = new Hono<AppEnv>()
  .get(
    "/passes",
    operation({
      id: "listPasses",
      role: "reader",
      summary: "List or search passes, newest first",
      description:
        "All filters must match. An index finds the passes of one filter (serialNumber, externalId, code, eventId, tag or " +
        "templateId, the first of these that is sent), and the other filters are checked in these passes. One call examines at " +
        "most 2,000 of them. So with filters that few passes match, a page may have few items or none: continue until " +
        "`nextCursor` is null.",
      tag,
      success: { 200: { description: "A page of passes", schema: schemas.passList } },
    }),
    takesQuery(schemas.passQuery),
    async (c) => {
      const { db, config, now, role, scope } = c.var.context;
      const { cursor, limit, ...query } = c.req.valid("query");
      const filter = { ...query, scope };
      const page = await listPasses(db, config.publicOrigin, filter, { cursor, limit }, now);
      return c.json(toList({ ...page, items: page.items.map((item) => shownTo(role, item)) }));
    },
  )
  .get(
    "/passes/count",
    operation({
      id: "countPasses",
      role: "reader",
      summary: "Count passes",
      description:
        "How many passes the list has with the same filters. At most 10,000 passes are examined, the newest that an index finds " +
        "(see the list). If there are more, `isExact` is false, and `count` is how many of the examined ones match.",
      tag,
      success: { 200: { description: "How many passes match", schema: schemas.passCount } },
    }),
    takesQuery(schemas.passCountQuery),
    async (c) => {
      const { db, now, scope } = c.var.context;
      return c.json(await countPasses(db, { ...c.req.valid("query"), scope }, now));
    },
  )
  .get(
    "/passes/by-external-id",
    operation({
      id: "showPassByExternalId",
      role: "reader",
      summary: "Show the pass with an externalId",
      description:
        "The answer is the same as that of `GET /admin/v1/passes/{id}`, with its ETag. An externalId is unique within its pass type: if passes " +
        "of several pass types have it, the request is refused, and `passTypeIdentifiers` names them.",
      tag,
      success: { 200: { description: "The pass", schema: pass }, 304: notModified },
      refusals: ["pass_not_found", "external_id_ambiguous"],
    }),
    takesQuery(schemas.externalIdQuery),
    async (c) => {
      const { externalId, passTypeIdentifier } = c.req.valid("query");
      return respondWith(c, await findByExternalId(c.var.context, externalId, passTypeIdentifier));
    },
  )
  /**
   * The same with the externalId in the path. The document has only the other one: for OpenAPI this path is ambiguous with
   * /passes/{id}/redeem and others, and an externalId such as ".." cannot be sent in a path.
   */
  .get(
    "/passes/by-external-id/:externalId{.+}",
    demandAccess({ role: "reader" }),
    takesPath(schemas.externalIdPath),
    takesQuery(schemas.externalIdQuery.omit({ externalId: true })),
    async (c) => {
      const { externalId } = c.req.valid("param");
      const { passTypeIdentifier } = c.req.valid("query");
      return respondWith(c, await findByExternalId(c.var.context, externalId, passTypeIdentifier));
    },
  );

async function findByExternalId(context: Context, externalId: string, passTypeIdentifier?: string) {
  return shownTo(context.role, await showPassByExternalId(context, externalId, passTypeIdentifier));
}
