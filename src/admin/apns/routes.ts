/**
 * Routes of APNs: its keys, and whether pushes of a pass type get out.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { listApnsKeys, showApnsKey, storeApnsKey } from "../../push/apns-keys.ts";
import { checkPush } from "../../push/push-check.ts";
import { atApnsKeys } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { ANY_FILE, operation, takesJson, takesPath } from "../openapi/operation.ts";
import * as schemas from "../pass-types/schemas.ts";

const tag = "Identities";

export const apnsRoutes = new Hono<AppEnv>()
  .post(
    "/pass-types/:passTypeIdentifier/push-check",
    operation({
      id: "checkPush",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Check whether pushes of a pass type get out",
      description:
        "Sends one push to the device token of 64 zeros, which no phone has. If `ok` is true, the connection, the key and the pass type are right: APNs refused only the token (400 BadDeviceToken).",
      tag,
      success: { 200: { description: "What APNs answered, and what it means", schema: schemas.pushCheck } },
      refusals: ["pass_type_not_found", "push_check_too_soon"],
    }),
    takesPath(schemas.passTypePath),
    async (c) => {
      const { passTypeIdentifier } = c.req.valid("param");
      return c.json(await checkPush(c.var.context, passTypeIdentifier, (url, init) => fetch(url, init)));
    },
  )
  .post(
    "/apns-keys",
    operation({
      id: "storeApnsKey",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Store an APNs key (.p8)",
      description: "The key is stored encrypted, and no route returns it.",
      tag,
      success: { 201: { description: "The ids of the key and its team", schema: schemas.apnsKey } },
      refusals: [
        "apns_key_malformed",
        "key_malformed",
        "certificate_instead_of_key",
        "csr_instead_of_key",
        "pkcs12_unsupported",
        "key_encrypted",
      ],
    }),
    takesIdempotencyKey(201, (c, keyId) => showApnsKey(c.var.context.db, keyId), { locate: atApnsKeys }),
    takesJson(schemas.newApnsKey, MAX_BODY_BYTES.pem, ANY_FILE),
    async (c) => {
      const key = await storeApnsKey(c.var.context, c.req.valid("json"));
      return c.json(key, 201, atApnsKeys());
    },
  )
  .get(
    "/apns-keys",
    operation({
      id: "listApnsKeys",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List APNs keys",
      description:
        "All of them, in one answer: `nextCursor` is always null. The keys themselves are never returned.",
      tag,
      success: { 200: { description: "The ids of all keys and their teams", schema: schemas.apnsKeyList } },
    }),
    async (c) => c.json({ items: await listApnsKeys(c.var.context.db), nextCursor: null }),
  );
