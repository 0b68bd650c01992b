/**
 * The route of the import: a template from a .pkpass that another tool made.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { validate } from "../../http/validate.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import { inspectPkpass } from "../../pkpass/read/inspect.ts";
import { templateFromPkpass } from "../../templates/import.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { createTemplate } from "../../templates/templates.ts";
import { readPkpassBody, takesPkpass } from "../lint/pkpass-body.ts";
import { operation, takesQuery } from "../openapi/operation.ts";
import { lintedTemplate } from "../templates/schemas.ts";
import { importedParts, importQuery } from "./schemas.ts";

export const importRoutes = new Hono<AppEnv>().post(
  "/templates/import",
  operation({
    id: "importTemplate",
    summary: "Create a template from a .pkpass",
    description:
      "The template has none of the values that identify the pass in the file: the serial number, the token, and a " +
      "barcode message that equals the serial number.",
    tag: "Templates",
    success: {
      201: { description: "The template, with the linter's findings in the file", schema: lintedTemplate },
    },
    refusals: [
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "pass_type_not_found",
      "project_not_found",
      "external_id_taken",
    ],
  }),
  takesPkpass,
  takesQuery(importQuery),
  async (c) => {
    const pkpass = await readPkpassBody(c);
    const { context } = c.var;
    const { now } = context;
    const { findings, ...imported } = templateFromPkpass(pkpass, await inspectPkpass(pkpass, now), now);
    const parts = validate(importedParts, imported, "invalid_body");
    refuseReservedKeys(context.config.reservedFieldKeys, parts.pass);
    const query = c.req.valid("query");
    const template = await createTemplate(context, {
      ...query,
      passTypeIdentifier: query.passTypeIdentifier ?? String(imported.passTypeIdentifier ?? ""),
      name: query.name ?? [...parts.pass.description].slice(0, MAX_CHARACTERS.name).join(""),
      ...parts,
      images: imported.images,
    });
    return c.json({ ...template, lint: { findings } }, 201);
  },
);
