/**
 * Routes of scans: what a scanner at a gate or a till sends. What a scan does is in the template (templates/scan-rule.ts).
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { countByHour } from "../../scans/by-hour.ts";
import { listScans } from "../../scans/list.ts";
import { lookUpCode } from "../../scans/look-up.ts";
import { processScans } from "../../scans/scan.ts";
import { undoScan } from "../../scans/undo.ts";
import { operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Scans";

export const scansRoutes = new Hono<AppEnv>()
  .post(
    "/scans",
    operation({
      id: "sendScans",
      role: "scanner",
      summary: "Send what scanners read",
      description:
        "At most 50 scans, which are processed in the order of `at`. Each has an outcome, and no outcome refuses the other " +
        "scans. A scan may be sent again with the same `scanId`, also at the same time: it is answered with the stored outcome " +
        "and counts once. The template's `scan` says what a scan does; the default is to redeem the pass.",
      tag,
      success: {
        200: { description: "The outcomes, in the order of the request", schema: schemas.scanResults },
      },
    }),
    takesQuery(noQuery),
    takesJson(schemas.newScans, MAX_BODY_BYTES.scans, {
      example: {
        scans: [
          {
            scanId: "5f0c6d1e-6f0e-4a52-9f6c-0d6f3f1a7a11",
            code: "42",
            at: "2026-06-30T14:03:00Z",
            place: "Gate 2",
          },
        ],
      },
    }),
    async (c) => c.json({ results: await processScans(c.var.context, c.req.valid("json").scans) }),
  )
  .post(
    "/scans/:scanId/undo",
    operation({
      id: "undoScan",
      role: "scanner",
      summary: "Undo a scan that was a mistake",
      description:
        "Only the key that made the scan can undo it, within 5 minutes, and only if nothing has changed the pass since. " +
        "The same request again has the same answer.",
      tag,
      success: { 200: { description: "The scan, with `undoneAt`", schema: schemas.scanResult } },
      refusals: [
        "scan_not_found",
        "scan_by_another_key",
        "nothing_to_undo",
        "undo_too_late",
        "changed_since_scan",
      ],
    }),
    takesPath(schemas.scanPath),
    takesQuery(noQuery),
    async (c) => c.json(await undoScan(c.var.context, c.req.valid("param").scanId)),
  )
  .get(
    "/scans/lookup",
    operation({
      id: "showPassOfCode",
      role: "any",
      summary: "Look up a code without a scan",
      description:
        "The front of the pass, its status and its times. Nothing is stored, and the pass stays as it is.",
      tag,
      success: { 200: { description: "The pass with the code, if there is one", schema: schemas.lookUp } },
    }),
    takesQuery(schemas.lookUpQuery),
    async (c) => c.json(await lookUpCode(c.var.context, c.req.valid("query").code)),
  )
  .get(
    "/scans/by-hour",
    operation({
      id: "countScansByHour",
      role: "reader",
      summary: "Count scans by hour, place and outcome",
      description:
        "By the time at which they were made. The newest 10,000 scans of the place, the pass and the time are counted. " +
        "If there are more, a key with a scope still gets the counts of all scans that it reaches, unless it reaches 10,000 or more scans or passes.",
      tag,
      success: { 200: { description: "How many scans each hour had", schema: schemas.hourCounts } },
    }),
    takesQuery(schemas.hourQuery),
    async (c) => {
      const { utcOffset, ...filter } = c.req.valid("query");
      const { db, scope } = c.var.context;
      return c.json(await countByHour(db, { ...filter, scope }, utcOffset));
    },
  )
  .get(
    "/scans",
    operation({
      id: "listScans",
      role: "reader",
      summary: "List scans, newest first, with counts",
      description:
        "By the time at which they were made. Scans are kept for 90 days. An index finds the scans of a place, a pass and a time. " +
        "The outcome, and the scope of the key, are checked in these, and one call examines at most 2,000 of them. So a page may " +
        "have few items or none: continue until `nextCursor` is null.",
      tag,
      success: { 200: { description: "A page of scans", schema: schemas.scanList } },
    }),
    takesQuery(schemas.scanQuery),
    async (c) => {
      const { cursor, limit, ...query } = c.req.valid("query");
      const { db, scope } = c.var.context;
      const { nextCursor, ...list } = await listScans(db, { ...query, scope }, { cursor, limit });
      return c.json({ ...list, nextCursor: nextCursor && `${nextCursor.at}-${nextCursor.id}` });
    },
  );
