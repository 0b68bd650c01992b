/**
 * Import of the canonical API: a .pkpass that another tool made becomes a template.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { inspectBundle } from "../../pkpass/read/inspect.ts";
import { templateFromPkpass } from "../../templates/import.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { createTemplate } from "../../templates/templates.ts";
import { pkpassIn, takesPkpass } from "../lint/pkpass-body.ts";
import * as shapes from "../lint/schemas.ts";
import { checked, operation, takesQuery } from "../openapi/operation.ts";

/** As long as a template's name may be. */
const MOST_NAME_CHARACTERS = 200;

export const importRoutes = new Hono<AppEnv>().post(
  "/templates/import",
  operation(
    "Make a template of a .pkpass. Its identity is left out, and so is a barcode's message that is its serial number: " +
      "each pass shows its own",
    "Templates",
    { 201: { description: "The template, and what was found in the file", schema: shapes.lintedTemplate } },
    [
      "unreadable_pkpass",
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "pass_type_not_found",
      "project_not_found",
      "external_id_taken",
    ],
  ),
  takesPkpass,
  takesQuery(shapes.importQuery),
  async (c) => {
    const bundle = await pkpassIn(c.req.raw);
    const { now } = c.var.context;
    const { findings, ...imported } = templateFromPkpass(bundle, await inspectBundle(bundle, now), now);
    const { pass, ...parts } = checked(shapes.importedParts, imported, "invalid_body");
    refuseReservedKeys(c.var.context.config.dialects, pass);
    const asked = c.req.valid("query");
    const template = {
      passTypeIdentifier: String(imported.passTypeIdentifier ?? ""),
      name: [...pass.description].slice(0, MOST_NAME_CHARACTERS).join(""),
      ...asked,
      ...{ ...parts, pass, images: imported.images },
    };
    const made = await createTemplate(c.var.context, template);
    return c.json({ ...made, lint: { findings } }, 201);
  },
);
