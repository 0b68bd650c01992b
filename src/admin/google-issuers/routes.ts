/**
 * Routes of issuers of Google Wallet: who signs in at Google, and whether Google accepts it.
 */
import { Hono, type Context as HonoContext } from "hono";
import { checkGoogleIssuer } from "../../google-wallet/check.ts";
import {
  changeGoogleIssuer,
  createGoogleIssuer,
  deleteGoogleIssuer,
  listGoogleIssuers,
  showGoogleIssuer,
} from "../../google-wallet/issuers.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { atGoogleIssuer } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { ANY_FILE, operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Identities";
const issuer = { description: "The issuer, without the key", schema: schemas.googleIssuer };

function again(c: HonoContext<AppEnv>, issuerId: string) {
  return showGoogleIssuer(c.var.context.db, issuerId);
}

export const googleIssuersRoutes = new Hono<AppEnv>()
  .post(
    "/google-issuers",
    operation({
      id: "createGoogleIssuer",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Store an issuer of Google Wallet, with the key of its service account",
      description:
        "The key is stored encrypted, and no route returns it. Nothing is sent to Google: check the issuer next.",
      tag,
      success: { 201: issuer },
      refusals: ["google_issuer_exists", "service_account_malformed", "key_encrypted"],
    }),
    takesIdempotencyKey(201, again, { locate: atGoogleIssuer }),
    takesJson(schemas.newGoogleIssuer, MAX_BODY_BYTES.pem, ANY_FILE),
    async (c) => {
      const made = await createGoogleIssuer(c.var.context, c.req.valid("json"));
      return c.json(made, 201, atGoogleIssuer(made));
    },
  )
  .get(
    "/google-issuers",
    operation({
      id: "listGoogleIssuers",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List the issuers of Google Wallet, oldest first",
      description:
        "All of them, in one answer: `nextCursor` is always null. New passes belong to the first issuer. Without an issuer, no pass can be added to Google Wallet.",
      tag,
      success: { 200: { description: "All issuers, without the keys", schema: schemas.googleIssuerList } },
    }),
    async (c) => c.json({ items: await listGoogleIssuers(c.var.context.db), nextCursor: null }),
  )
  .get(
    "/google-issuers/:issuerId",
    operation({
      id: "showGoogleIssuer",
      role: "reader",
      isForWholeDeployment: true,
      summary: "Show an issuer of Google Wallet",
      description: "`lastCheck` says whether Google accepted it.",
      tag,
      success: { 200: issuer },
      refusals: ["google_issuer_not_found"],
    }),
    takesPath(schemas.googleIssuerPath),
    async (c) => c.json(await showGoogleIssuer(c.var.context.db, c.req.valid("param").issuerId)),
  )
  .patch(
    "/google-issuers/:issuerId",
    operation({
      id: "changeGoogleIssuer",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Replace the service account of an issuer, or its key",
      description: "Saved passes stay, because they belong to the issuer. Check it afterwards.",
      tag,
      success: { 200: issuer },
      refusals: ["google_issuer_not_found", "service_account_malformed", "key_encrypted"],
    }),
    takesIdempotencyKey(200, again),
    takesPath(schemas.googleIssuerPath),
    takesQuery(noQuery),
    takesJson(schemas.googleIssuerChange, MAX_BODY_BYTES.pem, ANY_FILE),
    async (c) => {
      const { issuerId } = c.req.valid("param");
      return c.json(await changeGoogleIssuer(c.var.context, issuerId, c.req.valid("json")));
    },
  )
  .delete(
    "/google-issuers/:issuerId",
    operation({
      id: "deleteGoogleIssuer",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Delete an issuer that has no passes in Google Wallet",
      description: "Its key is deleted too. Nothing changes at Google.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["google_issuer_not_found", "google_issuer_in_use"],
    }),
    takesIdempotencyKey(204),
    takesPath(schemas.googleIssuerPath),
    async (c) => {
      await deleteGoogleIssuer(c.var.context, c.req.valid("param").issuerId);
      return c.body(null, 204);
    },
  )
  .post(
    "/google-issuers/:issuerId/check",
    operation({
      id: "checkGoogleIssuer",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Check whether Google accepts an issuer and its service account",
      description:
        "Gets a new access token, looks the issuer up, and has Google check a small pass without storing it. `code` says what is wrong: key_unreadable, key_refused, api_disabled, not_invited, wrong_issuer, issuer_unknown, demo_mode, quota_exceeded, unavailable or refused.",
      tag,
      success: { 200: { description: "What Google answered, and what to do", schema: schemas.googleCheck } },
      refusals: ["google_issuer_not_found", "google_check_too_soon"],
    }),
    takesPath(schemas.googleIssuerPath),
    async (c) => {
      const { issuerId } = c.req.valid("param");
      return c.json(await checkGoogleIssuer(c.var.context, issuerId, (url, init) => fetch(url, init)));
    },
  );
