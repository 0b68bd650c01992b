/**
 * The route of a pass by its serial number: PUT issues or replaces it.
 */
import { Hono, type MiddlewareHandler } from "hono";
import * as z from "zod";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/context.ts";
import { passBody } from "../../http/heavy-body.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { serialNumber } from "../../http/pass-values.ts";
import { putConditions, withEtag } from "../../http/revisions.ts";
import { putPass } from "../../passes/put.ts";
import { atPass } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesIfMatch, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import { describe } from "../openapi/parts.ts";
import { passTypePath } from "../pass-types/schemas.ts";
import { lintedAgain } from "../passes/again.ts";
import { lintedPass, replacedPass } from "../passes/schemas.ts";

const linted = { description: "The pass, with the findings of the linter", schema: lintedPass };

/** Takes If-None-Match: * (http/revisions.ts). */
const takesIfNoneMatch = describe<MiddlewareHandler<AppEnv>>((_, next) => next(), {
  header: z.object({
    "If-None-Match": z.literal("*").optional().meta({
      description: "The pass is only issued: the request is refused if there is one",
    }),
  }),
});

const PASSES = "/passes/";

/**
 * Refuses empty segments of the serial number. The app removes them from every path (app.ts), and then the request would replace
 * another pass than it names.
 */
const refusesEmptySegments: MiddlewareHandler<AppEnv> = (c, next) => {
  const { pathname } = new URL(c.req.url);
  const sent = pathname.slice(pathname.indexOf(PASSES) + PASSES.length);
  if (!sent.split("/").includes("")) return next();
  throw new ApiError(
    "invalid_parameter",
    "The serial number must not begin or end with a slash, or contain two slashes in a row.",
    { pointer: "/serialNumber" },
  );
};

export const serialNumbersRoutes = new Hono<AppEnv>().put(
  "/pass-types/:passTypeIdentifier/passes/:serialNumber{.+}",
  operation({
    id: "putPass",
    role: "issuer",
    summary: "Issue or replace the pass with a serial number",
    description:
      "There is one pass afterwards, however often the request is sent. An existing pass loses its own parts that the body " +
      "does not have (values, pass, images, tags, externalId, eventId, barcode texts). Its redemption, void, registrations, " +
      "sign-up and links stay. Devices that hold it are notified if what they show changes. Slashes of the " +
      "serial number may be sent as they are.",
    tag: "Passes",
    success: { 200: { ...linted, description: "Replaced" }, 201: { ...linted, description: "Issued" } },
    refusals: [
      "template_not_found",
      "other_template",
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "event_not_found",
      "unknown_field",
      "value_does_not_fit",
      "content_too_large",
      "serial_number_taken",
      "external_id_taken",
    ],
  }),
  takesIdempotencyKey(200, lintedAgain, { locate: atPass }),
  refusesEmptySegments,
  takesPath(passTypePath.extend({ serialNumber })),
  takesIfMatch,
  takesIfNoneMatch,
  takesQuery(noQuery),
  passBody,
  takesJson(replacedPass, MAX_BODY_BYTES.pass, { example: { templateId: 1, values: { points: 120 } } }),
  async (c) => {
    const conditions = putConditions(c.req.raw);
    const put = await putPass(c.var.context, c.req.valid("param"), c.req.valid("json"), conditions);
    const shown = { ...withEtag(c, put.pass), lint: put.lint() };
    return put.outcome === "issued" ? c.json(shown, 201, atPass(put.pass)) : c.json(shown);
  },
);
