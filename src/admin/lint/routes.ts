/**
 * The linter of the canonical API: what Wallet would refuse or show otherwise than meant, of a template's JSON or of any
 * .pkpass. It stores nothing, and what it finds is its answer, not a refusal.
 *
 * The rules are pkpass/lint/lint.ts.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { uniqueSymbol } from "hono-openapi";
import * as z from "zod";
import type { AppEnv } from "../../http/context.ts";
import { cut, type Finding, sorted } from "../../pkpass/finding.ts";
import { lint } from "../../pkpass/lint/lint.ts";
import { imageFacts, imageFindings, inspectBundle } from "../../pkpass/read/inspect.ts";
import { imageFault } from "../../pkpass/read/read.ts";
import { lintTemplate, toFullLintImages } from "../../templates/lint.ts";
import { operation, takesJson, takesQuery } from "../openapi/operation.ts";
import { isPkpass, pkpassIn, refuseForm, takesPkpass } from "./pkpass-body.ts";
import * as shapes from "./schemas.ts";

/** 8 MB of images are 10.7 MB in base64. */
const JSON_BYTES = 12 * 1024 * 1024;

const takesLintRequest = takesJson(shapes.lintRequest, JSON_BYTES);
/** The JSON, unless the body is a file. */
const takesJsonOrPkpass = Object.assign(
  ((c, next) => {
    const contentType = c.req.header("content-type");
    if (isPkpass(contentType)) return next();
    refuseForm(contentType);
    return takesLintRequest(c, next);
  }) satisfies MiddlewareHandler<AppEnv>,
  { [uniqueSymbol]: Reflect.get(takesLintRequest, uniqueSymbol) },
) as typeof takesLintRequest;

export const lintRoutes = new Hono<AppEnv>().post(
  "/lint",
  operation(
    "What Wallet would refuse or show otherwise than meant: of a template's JSON, or of any .pkpass",
    "Templates",
    { 200: { description: "All that was found", schema: shapes.report } },
    ["unreadable_pkpass"],
  ),
  takesPkpass,
  takesQuery(z.strictObject({})),
  takesJsonOrPkpass,
  async (c) => {
    if (!isPkpass(c.req.header("content-type"))) return c.json({ findings: lintJson(c.req.valid("json")) });
    return c.json({ findings: [...cut(await inspectBundle(await pkpassIn(c.req.raw), c.var.context.now))] });
  },
);

/** With a serial number it is the pass.json of a file, else that of a template. */
function lintJson({ images, ...parts }: z.output<typeof shapes.lintRequest>): Finding[] {
  const whole = new Map([...images].filter(([, bytes]) => imageFault(bytes) === undefined));
  const isFile = typeof parts.pass === "object" && parts.pass !== null && "serialNumber" in parts.pass;
  const said = isFile
    ? lint({ kind: "file", ...parts, images: imageFacts(whole) })
    : lintTemplate({ ...parts, images: toFullLintImages(whole) }).findings.map(ofMissingIcon);
  return [...cut(sorted([...imageFindings(images), ...said]))];
}

/** The facts are of derived images, too: an icon that is missing there could not be made, and a template is refused. */
function ofMissingIcon(finding: Finding): Finding {
  if (finding.code !== "missing_icon" || finding.severity === "error") return finding;
  const message =
    "There is no icon.png, and none can be made of the sharper icon: it is too large, or no PNG that decodes.";
  return { ...finding, severity: "error", message };
}
