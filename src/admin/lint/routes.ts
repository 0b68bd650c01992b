/**
 * The route of the linter. It finds what Wallet would refuse or show differently than intended, in a template's JSON or
 * in any .pkpass. It stores nothing. Findings are its response, not an error.
 *
 * The rules are in pkpass/lint/lint.ts.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { PARSED } from "../../memory.ts";
import { lintNewPass } from "../../passes/lint-new.ts";
import { reportFindings } from "../../pkpass/finding.ts";
import { inspectPkpass } from "../../pkpass/read/inspect.ts";
import { operation, takesJson, takesQuery, takesTurn } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import { describe, getPart } from "../openapi/parts.ts";
import { lintTemplateRequest } from "./lint-template.ts";
import { isPkpassType, readPkpassBody, refuseForm, takesPkpass } from "./pkpass-body.ts";
import { chooseRequest, examples, isFinishedPass, lintRequest } from "./request-schemas.ts";
import { report } from "./schemas.ts";

const takesLintRequest = takesJson(lintRequest, MAX_BODY_BYTES.template, {
  maxValues: PARSED.templateValues,
  anyText: isFinishedPass,
  choose: chooseRequest,
  examples,
});

/** Takes the JSON, unless the body is a .pkpass. */
const takesJsonOrPkpass = describe<typeof takesLintRequest>(async (c, next) => {
  const contentType = c.req.header("content-type");
  if (isPkpassType(contentType)) return next();
  refuseForm(contentType);
  return takesLintRequest(c, next);
}, getPart(takesLintRequest));

export const lintRoutes = new Hono<AppEnv>().post(
  "/lint",
  operation({
    id: "lintPass",
    role: "issuer",
    summary: "Check the JSON of a template or of a pass, or any .pkpass",
    description:
      "Reports what Wallet would refuse or show differently than intended, and stores nothing. It takes the body of " +
      "creating a template: with `passTypeIdentifier`, it also checks the pass type's certificate. If `pass` has a " +
      "`serialNumber`, it is checked as the content of a finished .pkpass. It also takes the body of issuing a pass, " +
      "with the `templateId`: the report is the one that issuing it would return. It does not check whether a " +
      "`serialNumber` or an `externalId` is taken.",
    tag: "Templates",
    success: { 200: { description: "All findings", schema: report } },
    refusals: [
      "pass_type_not_found",
      "project_not_found",
      "template_not_found",
      "event_not_found",
      "unknown_field",
      "value_does_not_fit",
      "content_too_large",
      "invalid_pass",
      "null_not_allowed",
      "invalid_image",
      "missing_icon",
    ],
  }),
  takesPkpass,
  takesQuery(noQuery),
  takesTurn,
  takesJsonOrPkpass,
  async (c) => {
    if (isPkpassType(c.req.header("content-type"))) {
      const pkpass = await readPkpassBody(c);
      return c.json({ findings: reportFindings(await inspectPkpass(pkpass, c.var.context.now)) });
    }
    const request = c.req.valid("json");
    const { context } = c.var;
    if (!("templateId" in request)) return c.json(await lintTemplateRequest(context, request));
    const { templateId, ...pass } = request;
    return c.json(await lintNewPass(context, templateId, pass));
  },
);
