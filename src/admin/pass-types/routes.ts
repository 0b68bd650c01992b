/**
 * Routes of pass types, and of what they need for and from Apple's portal: the signing request and the certificate.
 */
import { Hono, type Context as HonoContext, type MiddlewareHandler } from "hono";
import type { Context } from "../../context.ts";
import type { ErrorCode } from "../../errors.ts";
import { readBody } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { deletePassType } from "../../identities/delete-pass-type.ts";
import { type CertificateUpload, installCertificate } from "../../identities/install-certificate.ts";
import {
  changePassType,
  createPassType,
  listPassTypes,
  renewKey,
  showPassType,
} from "../../identities/pass-types.ts";
import { atPassType, atSigningRequest } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { ANY_FILE, fileContent, operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import { describe } from "../openapi/parts.ts";
import * as schemas from "./schemas.ts";

const tag = "Identities";
const passType = { description: "The pass type", schema: schemas.passType };

const CERTIFICATE_REFUSALS: readonly ErrorCode[] = [
  "pass_type_not_found",
  "certificate_malformed",
  "key_instead_of_certificate",
  "csr_instead_of_certificate",
  "certificate_instead_of_key",
  "csr_instead_of_key",
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

/** Takes the certificate's file unchanged (curl --data-binary @pass.cer), with any Content-Type except JSON. */
const takesCertificateFile = describe<
  MiddlewareHandler<AppEnv, "/pass-types/:passTypeIdentifier/certificate">
>(
  async (c, next) => {
    if (/json/i.test(c.req.header("content-type") ?? "")) return next();
    const certificate = await readBody(c, MAX_BODY_BYTES.pem);
    return c.json(await install(c.var.context, c.req.param("passTypeIdentifier"), { certificate }));
  },
  { body: { required: true, content: fileContent("application/pkix-cert") } },
);

function again(c: HonoContext<AppEnv>, passTypeIdentifier: string) {
  const { db, now } = c.var.context;
  return showPassType(db, passTypeIdentifier, now);
}

export const passTypesRoutes = new Hono<AppEnv>()
  .post(
    "/pass-types",
    operation({
      id: "createPassType",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Create a pass type, with a private key and a certificate signing request",
      description:
        "Upload the `csr` from the response to Apple's portal, and install the certificate that the portal issues.",
      tag,
      success: { 201: passType },
      refusals: ["pass_type_prefix_missing", "pass_type_exists"],
    }),
    takesIdempotencyKey(201, again, { locate: atPassType }),
    takesJson(schemas.newPassType, MAX_BODY_BYTES.smallJson, {
      example: { passTypeIdentifier: "pass.com.example.card" },
    }),
    async (c) => {
      const passType = await createPassType(c.var.context, c.req.valid("json"));
      return c.json(passType, 201, atPassType(passType));
    },
  )
  .get(
    "/pass-types",
    operation({
      id: "listPassTypes",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List pass types",
      description: "All of them, in one answer: `nextCursor` is always null.",
      tag,
      success: { 200: { description: "All pass types", schema: schemas.passTypeList } },
    }),
    async (c) => {
      const { db, now } = c.var.context;
      return c.json({ items: await listPassTypes(db, now), nextCursor: null });
    },
  )
  .get(
    "/pass-types/:passTypeIdentifier",
    operation({
      id: "showPassType",
      role: "reader",
      isForWholeDeployment: true,
      summary: "Show a pass type and its certificates",
      description: "`certificates` says which certificate signs its passes, and until when it is valid.",
      tag,
      success: { 200: passType },
      refusals: ["pass_type_not_found"],
    }),
    takesPath(schemas.passTypePath),
    async (c) => {
      const { db, now } = c.var.context;
      return c.json(await showPassType(db, c.req.valid("param").passTypeIdentifier, now));
    },
  )
  .patch(
    "/pass-types/:passTypeIdentifier",
    operation({
      id: "changePassType",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Change in which Wallets the passes of a pass type are offered",
      description:
        "For all of its templates that have no `wallets` of their own. It sends no push. What is installed stays up to date in both Wallets.",
      tag,
      success: { 200: passType },
      refusals: ["pass_type_not_found"],
    }),
    takesIdempotencyKey(200, again),
    takesPath(schemas.passTypePath),
    takesQuery(noQuery),
    takesJson(schemas.passTypeChange, MAX_BODY_BYTES.smallJson),
    async (c) => {
      const { passTypeIdentifier } = c.req.valid("param");
      return c.json(await changePassType(c.var.context, passTypeIdentifier, c.req.valid("json")));
    },
  )
  .delete(
    "/pass-types/:passTypeIdentifier",
    operation({
      id: "deletePassType",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Delete a pass type that was never used",
      description:
        "Its keys, signing requests and certificates are deleted too. It must have no templates, and no pass may have been issued with it, not even one that was deleted. Nothing changes at Apple.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["pass_type_not_found", "pass_type_in_use"],
    }),
    takesIdempotencyKey(204),
    takesPath(schemas.passTypePath),
    async (c) => {
      await deletePassType(c.var.context, c.req.valid("param").passTypeIdentifier);
      return c.body(null, 204);
    },
  )
  .get(
    "/pass-types/:passTypeIdentifier/csr",
    operation({
      id: "downloadCsr",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Download the certificate signing request for Apple's portal",
      description: "The same as `csr` of the pass type, as a file for the upload to Apple's portal.",
      tag,
      success: {
        200: { description: "The certificate signing request, in PEM", type: "application/pkcs10" },
      },
      refusals: ["pass_type_not_found"],
    }),
    takesPath(schemas.passTypePath),
    async (c) => {
      const { db, now } = c.var.context;
      const { csr } = await showPassType(db, c.req.valid("param").passTypeIdentifier, now);
      return c.body(csr, 200, { "Content-Type": "application/pkcs10" });
    },
  )
  .post(
    "/pass-types/:passTypeIdentifier/csr",
    operation({
      id: "renewKey",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Create a new private key and certificate signing request, to renew the certificate",
      description: "Passes are signed with the old certificate until the new one is installed.",
      tag,
      success: { 201: passType },
      refusals: ["pass_type_not_found"],
    }),
    takesIdempotencyKey(201, again, { locate: atSigningRequest }),
    takesPath(schemas.passTypePath),
    takesJson(schemas.newSigningKey, MAX_BODY_BYTES.smallJson, { optional: true }),
    async (c) => {
      const { passTypeIdentifier } = c.req.valid("param");
      const { keyAlgorithm } = c.req.valid("json");
      const passType = await renewKey(c.var.context, passTypeIdentifier, keyAlgorithm);
      return c.json(passType, 201, atSigningRequest(passType));
    },
  )
  .put(
    "/pass-types/:passTypeIdentifier/certificate",
    operation({
      id: "installCertificate",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Install a certificate",
      description: "Send the .cer or .pem file as it is, or JSON with more options.",
      tag,
      success: { 200: passType },
      refusals: CERTIFICATE_REFUSALS,
    }),
    takesIdempotencyKey(200, again),
    takesPath(schemas.passTypePath),
    takesCertificateFile,
    takesJson(schemas.certificateUpload, MAX_BODY_BYTES.pem, ANY_FILE),
    async (c) => {
      const { activeFrom: activeFromAt, ...upload } = c.req.valid("json");
      const { passTypeIdentifier } = c.req.valid("param");
      return c.json(await install(c.var.context, passTypeIdentifier, { ...upload, activeFromAt }));
    },
  );

function install(context: Context, passTypeIdentifier: string, upload: CertificateUpload) {
  return installCertificate(context, passTypeIdentifier, upload, (url, init) => fetch(url, init));
}
