/**
 * Import of the canonical API: a .pkpass that another tool made becomes a template.
 */
import { Hono } from "hono";
import { inspectBundle } from "../pkpass/read/inspect.ts";
import { importedFrom } from "../templates/import.ts";
import { refuseReservedKeys } from "../templates/reserved-keys.ts";
import { createTemplate } from "../templates/templates.ts";
import { type AdminEnv, checked, operation, takesQuery } from "./declare.ts";
import { pkpassIn, takesPkpass } from "./pkpass-body.ts";
import * as shapes from "./shapes-lint.ts";

/** As long as a template's name may be. */
const MOST_NAME_CHARACTERS = 200;

export const importRoutes = new Hono<AdminEnv>().post(
  "/templates/import",
  operation(
    "Make a template of a .pkpass. Its identity is left out, and so is a barcode's message that is its serial number: " +
      "each pass shows its own",
    "Templates",
    { 201: { description: "The template, and what was found in the file", schema: shapes.lintedTemplate } },
    [
      "unreadable_bundle",
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
    const now = Date.now();
    const bundle = await pkpassIn(c.req.raw);
    const { findings, ...imported } = importedFrom(bundle, await inspectBundle(bundle, now), now);
    const { pass, ...parts } = checked(shapes.importedParts, imported, "invalid_body");
    refuseReservedKeys(c.var.config.doors, pass);
    const asked = c.req.valid("query");
    const template = {
      passTypeIdentifier: String(imported.passTypeIdentifier ?? ""),
      name: [...pass.description].slice(0, MOST_NAME_CHARACTERS).join(""),
      ...asked,
      ...{ ...parts, pass, images: imported.images },
    };
    const made = await createTemplate(c.var.db, c.env.BUCKET, template, c.var.principal.actor, now);
    return c.json({ ...made, lint: { findings } }, 201);
  },
);
