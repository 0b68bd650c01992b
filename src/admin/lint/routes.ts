/**
 * The route of the linter. It finds what Wallet would refuse or show differently than intended, in a template's JSON or
 * in any .pkpass. It stores nothing. Findings are its response, not an error.
 *
 * The rules are in pkpass/lint/lint.ts.
 */
import { Hono } from "hono";
import type * as z from "zod";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { isObject } from "../../json.ts";
import { type Finding, sortFindings, truncateFindings } from "../../pkpass/finding.ts";
import { lint } from "../../pkpass/lint/lint.ts";
import { findBrokenImages, inspectPkpass, toLintImages } from "../../pkpass/read/inspect.ts";
import { findImageFault } from "../../pkpass/read/read.ts";
import { lintTemplate, toFullLintImages } from "../../templates/lint.ts";
import { describe, getPart } from "../openapi/document.ts";
import { operation, takesJson, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import { isPkpassType, readPkpassBody, refuseForm, takesPkpass } from "./pkpass-body.ts";
import * as schemas from "./schemas.ts";

const takesLintRequest = takesJson(schemas.lintRequest, MAX_BODY_BYTES.template, { anyText: true });

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
    summary: "Check the JSON of a template or of a pass, or any .pkpass",
    description:
      "Reports what Wallet would refuse or show differently than intended. JSON with a `serialNumber` in `pass` is " +
      "checked as the content of a finished .pkpass. All other JSON is checked as the content of a template.",
    tag: "Templates",
    success: { 200: { description: "All findings", schema: schemas.report } },
  }),
  takesPkpass,
  takesQuery(noQuery),
  takesJsonOrPkpass,
  async (c) => {
    if (!isPkpassType(c.req.header("content-type"))) {
      return c.json({ findings: lintJson(c.req.valid("json")) });
    }
    const pkpass = await readPkpassBody(c);
    const findings = await inspectPkpass(pkpass, c.var.context.now);
    return c.json({ findings: [...truncateFindings(findings)] });
  },
);

/** With a serial number, the JSON is checked as the pass.json of a file; otherwise as that of a template. */
function lintJson({ images, ...parts }: z.output<typeof schemas.lintRequest>): Finding[] {
  const readable = new Map([...images].filter(([, bytes]) => findImageFault(bytes) === undefined));
  const isFile = isObject(parts.pass) && "serialNumber" in parts.pass;
  const findings = isFile
    ? lint({ kind: "file", ...parts, images: toLintImages(readable) })
    : lintTemplate({ ...parts, images: toFullLintImages(readable) }).findings.map(raiseMissingIcon);
  return [...truncateFindings(sortFindings([...findBrokenImages(images), ...findings]))];
}

/**
 * A template without icon.png is refused, so its finding is an error here. The facts include derived images, so a
 * missing icon.png means that it could not be scaled from a sharper icon.
 */
function raiseMissingIcon(finding: Finding): Finding {
  if (finding.code !== "missing_icon" || finding.severity === "error") return finding;
  const message =
    "icon.png is missing, and Edgepass cannot make it from the sharper icon, which is too large or cannot be decoded as a PNG.";
  return { ...finding, severity: "error", message };
}
