/**
 * Routes of API keys: make, list and revoke them; and what the key of a request may do.
 */
import { Hono, type Context as HonoContext } from "hono";
import * as z from "zod";
import { drawQrCodeUrl } from "../../barcodes/qr-code.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { createKey, keyMadeBefore, listKeys, revokeKey } from "../../keys/keys.ts";
import { nameScope } from "../../keys/named-scope.ts";
import { scannerLink } from "../../keys/scanner-link.ts";
import { instantOf } from "../../passes/show.ts";
import { atKeys } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { idPath, noQuery, paging, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Keys";

function again(_c: HonoContext<AppEnv>, id: string): never {
  throw keyMadeBefore(Number(id));
}

export const keysRoutes = new Hono<AppEnv>()
  .post(
    "/keys",
    operation({
      id: "createKey",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Make an API key",
      description:
        "The key is in the answer, and is not shown again. Give each scanner, each program and each person a key of its own, with " +
        "the smallest role that it needs. The key of a scanner comes with a link and a QR code, which open the scanner on a phone.",
      tag,
      success: { 201: { description: "The key", schema: schemas.madeKey } },
      refusals: ["project_not_found", "event_not_found", "template_not_found", "shown_once"],
    }),
    takesIdempotencyKey(201, again),
    takesQuery(noQuery),
    takesJson(schemas.newKey, MAX_BODY_BYTES.smallJson, {
      example: {
        name: "Gate 2",
        role: "scanner",
        scope: { events: [4] },
        place: "Gate 2",
        expiresAt: "2027-03-06T04:00:00Z",
      },
    }),
    async (c) => {
      const { context } = c.var;
      const { place, ...asked } = c.req.valid("json");
      const made = await createKey(context, context.config.secrets, asked);
      const url = scannerLink(context.config.publicOrigin, made.key, place);
      const scanner = made.role === "scanner" ? { scanner: { url, qrCode: drawQrCodeUrl(url) } } : {};
      return c.json({ ...made, ...scanner }, 201, atKeys());
    },
  )
  .get(
    "/keys",
    operation({
      id: "listKeys",
      role: "admin",
      isForWholeDeployment: true,
      summary: "List API keys, newest first",
      description: "With the revoked ones, and without the keys themselves. ADMIN_TOKEN is not in the list.",
      tag,
      success: { 200: { description: "A page of keys", schema: schemas.keyList } },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => c.json(toList(await listKeys(c.var.context.db, c.req.valid("query")))),
  )
  .delete(
    "/keys/:id",
    operation({
      id: "revokeKey",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Revoke an API key",
      description: "It takes effect within a minute, because keys are cached for that long.",
      tag,
      success: { 204: { description: "Revoked" } },
      refusals: ["key_not_found"],
    }),
    takesIdempotencyKey(204),
    takesPath(idPath),
    async (c) => {
      await revokeKey(c.var.context, c.req.valid("param").id);
      return c.body(null, 204);
    },
  )
  .get(
    "/me",
    operation({
      id: "showMe",
      role: "any",
      summary: "Show what the key of this request may do",
      description:
        "A program can check its key with it. `resources` names what the scope reaches, for people: what was deleted since is left out.",
      tag,
      success: { 200: { description: "Name, role, scope and end", schema: schemas.me } },
    }),
    async (c) => {
      const { actor, role, scope, key, db } = c.var.context;
      const resources = scope === undefined ? null : await nameScope(db, scope);
      const facts = { actor, name: key?.name ?? null, role, expiresAt: instantOf(key?.expiresAt ?? null) };
      return c.json({ ...facts, scope: scope ?? null, resources });
    },
  );
