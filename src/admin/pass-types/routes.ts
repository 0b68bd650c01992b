/**
 * Pass types and what they need from Apple's portal: the request, the certificate, the APNs key.
 */
import { Hono } from "hono";
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { ErrorCode } from "../../errors.ts";
import { readBody } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { type CertificateUpload, installCertificate } from "../../identities/install-certificate.ts";
import { createPassType, listPassTypes, renewKey, showPassType } from "../../identities/pass-types.ts";
import { listApnsKeys, storeApnsKey } from "../../push/apns-keys.ts";
import { operation, takesJson, takesPath } from "../openapi/operation.ts";
import * as shapes from "../schemas.ts";

const TAG = "Identities";
const SMALL_BYTES = 4096;
const PEM_BYTES = 64 * 1024;
const inPath = takesPath(z.object({ passTypeIdentifier: shapes.passTypeIdentifier }));
const passType = { description: "The pass type", schema: shapes.passType };

const CERTIFICATE_REFUSALS: ErrorCode[] = [
  "pass_type_not_found",
  "certificate_malformed",
  "key_instead_of_certificate",
  "csr_instead_of_certificate",
  "certificate_instead_of_key",
  "pkcs12_unsupported",
  "key_encrypted",
  "key_malformed",
  "unsupported_key",
  "key_mismatch",
  "pass_type_mismatch",
  "team_mismatch",
  "certificate_expired",
  "certificate_not_yet_valid",
  "intermediate_missing",
  "intermediate_expired",
  "intermediate_mismatch",
  "chain_untrusted",
];

export const passTypesRoutes = new Hono<AppEnv>()
  .post(
    "/pass-types",
    operation("Make a pass type: a key, and the request for Apple's portal", TAG, { 201: passType }, [
      "pass_type_exists",
    ]),
    takesJson(shapes.newPassType, SMALL_BYTES),
    async (c) => {
      const made = await createPassType(
        c.var.context.db,
        c.var.context.config.secrets,
        c.req.valid("json"),
        c.var.context.now,
      );
      return c.json(made, 201);
    },
  )
  .get(
    "/pass-types",
    operation("List pass types", TAG, {
      200: { description: "All", schema: shapes.listOf(shapes.passType) },
    }),
    async (c) =>
      c.json({ items: await listPassTypes(c.var.context.db, c.var.context.now), nextCursor: null }),
  )
  .get(
    "/pass-types/:passTypeIdentifier",
    operation("Show a pass type and its certificates", TAG, { 200: passType }, ["pass_type_not_found"]),
    inPath,
    async (c) =>
      c.json(
        await showPassType(c.var.context.db, c.req.valid("param").passTypeIdentifier, c.var.context.now),
      ),
  )
  .get(
    "/pass-types/:passTypeIdentifier/csr",
    operation(
      "The certificate signing request, as the file that Apple's portal takes",
      TAG,
      { 200: { description: "PEM" } },
      ["pass_type_not_found"],
    ),
    inPath,
    async (c) => {
      const { csr } = await showPassType(
        c.var.context.db,
        c.req.valid("param").passTypeIdentifier,
        c.var.context.now,
      );
      return c.body(csr, 200, { "Content-Type": "application/pkcs10" });
    },
  )
  .post(
    "/pass-types/:passTypeIdentifier/csr",
    operation("A new key and request, to renew with", TAG, { 201: passType }, ["pass_type_not_found"]),
    inPath,
    takesJson(shapes.newKey, SMALL_BYTES, { optional: true }),
    async (c) => {
      const { passTypeIdentifier } = c.req.valid("param");
      const { keyAlgorithm } = c.req.valid("json");
      return c.json(
        await renewKey(
          c.var.context.db,
          c.var.context.config.secrets,
          passTypeIdentifier,
          keyAlgorithm,
          c.var.context.now,
        ),
        201,
      );
    },
  )
  .put(
    "/pass-types/:passTypeIdentifier/certificate",
    operation(
      "Install a certificate: JSON, or the .cer or .pem file as it is",
      TAG,
      { 200: passType },
      CERTIFICATE_REFUSALS,
    ),
    inPath,
    // A file is sent as it is (curl --data-binary @pass.cer); JSON says more.
    async (c, next) => {
      const contentType = c.req.header("content-type") ?? "";
      if (/json/i.test(contentType)) return next();
      const certificate = await readBody(c.req.raw, PEM_BYTES);
      return c.json(await install(c.var.context, c.req.valid("param").passTypeIdentifier, { certificate }));
    },
    takesJson(shapes.certificateUpload, PEM_BYTES),
    async (c) => {
      const { activeFrom, ...upload } = c.req.valid("json");
      const { passTypeIdentifier } = c.req.valid("param");
      return c.json(
        await install(c.var.context, passTypeIdentifier, { ...upload, activeFromAt: activeFrom }),
      );
    },
  )
  .post(
    "/apns-keys",
    operation(
      "Store an APNs key (.p8)",
      TAG,
      { 201: { description: "The key, without the key", schema: shapes.apnsKey } },
      ["apns_key_malformed", "key_malformed", "certificate_instead_of_key"],
    ),
    takesJson(shapes.newApnsKey, PEM_BYTES),
    async (c) =>
      c.json(
        await storeApnsKey(
          c.var.context.db,
          c.var.context.config.secrets,
          c.req.valid("json"),
          c.var.context.now,
        ),
        201,
      ),
  )
  .get(
    "/apns-keys",
    operation("List APNs keys", TAG, { 200: { description: "All", schema: shapes.listOf(shapes.apnsKey) } }),
    async (c) => c.json({ items: await listApnsKeys(c.var.context.db), nextCursor: null }),
  );

function install({ db, config, now }: Context, passTypeIdentifier: string, upload: CertificateUpload) {
  const fetchLink = (url: string, init: RequestInit) => fetch(url, init);
  return installCertificate(db, config.secrets, config, passTypeIdentifier, upload, now, fetchLink);
}
