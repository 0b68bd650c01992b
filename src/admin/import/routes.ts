/**
 * The route of the import: a template from a .pkpass that another tool made.
 */
import { Hono } from "hono";
import { ApiError } from "../../errors.ts";
import type { AppEnv, RequestContext } from "../../http/context.ts";
import { withEtag } from "../../http/revisions.ts";
import { refuseUnstorable, validate } from "../../http/validate.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import { demandProjectOfScope, demandReach } from "../../passes/reach.ts";
import { reportFindings } from "../../pkpass/finding.ts";
import { inspectPkpass } from "../../pkpass/read/inspect.ts";
import { createTemplate } from "../../templates/create.ts";
import { findForGoogle } from "../../templates/google-rule.ts";
import { type ImportedTemplate, templateFromPkpass } from "../../templates/import.ts";
import { findOffer } from "../../templates/offered-wallets.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { readPkpassBody, takesPkpass } from "../lint/pkpass-body.ts";
import { atTemplate } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesQuery, takesTurn } from "../openapi/operation.ts";
import { templateAgain } from "../templates/again.ts";
import { lintedTemplate } from "../templates/schemas.ts";
import { importedParts, importQuery } from "./schemas.ts";

export const importRoutes = new Hono<AppEnv>().post(
  "/templates/import",
  operation({
    id: "importTemplate",
    role: "admin",
    summary: "Create a template from a .pkpass or a zipped .pkpasstemplate",
    description:
      "The template has none of the values that identify the pass in the file: the serial number, the token, and a " +
      "barcode message that equals the serial number. Trailing commas and comments in its JSON are removed, and repeated " +
      "field keys are renamed. A finding names each such change, and each part that a template cannot have. A template of " +
      "Apple's Pass Designer (.pkpasstemplate) is sent as a ZIP, and needs no manifest and no signature.",
    tag: "Templates",
    success: {
      201: { description: "The template, with the linter's findings in the file", schema: lintedTemplate },
    },
    refusals: [
      "invalid_pass",
      "number_not_exact",
      "invalid_image",
      "missing_icon",
      "pass_type_not_found",
      "project_not_found",
      "forbidden_scope",
      "external_id_taken",
      "changed_meanwhile",
    ],
  }),
  takesIdempotencyKey(201, templateAgain, { locate: atTemplate }),
  takesPkpass,
  takesQuery(importQuery),
  takesTurn,
  async (c) => {
    const query = c.req.valid("query");
    demandProjectOfScope(c.var.context, query.projectId);
    await demandReach(c.var.context, { projectId: query.projectId });
    const { findings, ...imported } = await readTemplate(c, query.name);
    const { context } = c.var;
    refuseUnstorable(imported.pass, ["pass"]);
    const parts = validate(importedParts, imported, "invalid_body");
    refuseReservedKeys(context.config.reservedFieldKeys, parts.pass);
    const template = await createTemplate(context, {
      ...query,
      passTypeIdentifier: query.passTypeIdentifier ?? passTypeInFile(imported.passTypeIdentifier),
      name: [...imported.name].slice(0, MAX_CHARACTERS.name).join(""),
      ...parts,
      images: imported.images,
      barcodeText: imported.barcodeText,
    });
    const offer = await findOffer(context.db, template);
    const google = findForGoogle(offer, { ...template, template: template.pass });
    const lint = { findings: [...findings, ...reportFindings(google)] };
    return c.json({ ...withEtag(c, template), lint }, 201, atTemplate(template));
  },
);

/** Its own function, so that the files that are not imported are not held while the template is created. */
async function readTemplate(c: RequestContext, name: string | undefined): Promise<ImportedTemplate> {
  const pkpass = await readPkpassBody(c);
  const { now } = c.var.context;
  return templateFromPkpass(pkpass, await inspectPkpass(pkpass, now), now, name);
}

/** Pass Designer writes this into a template that has no pass type yet. */
const NO_PASS_TYPE = "pass.";

/** The pass type that the file names. @throws ApiError pass_type_not_found if it names none */
function passTypeInFile(given: unknown): string {
  if (typeof given === "string" && given !== "" && given !== NO_PASS_TYPE) return given;
  throw new ApiError(
    "pass_type_not_found",
    "The file names no pass type. Add ?passTypeIdentifier= with a pass type of this service.",
    { pointer: "/passTypeIdentifier" },
  );
}
