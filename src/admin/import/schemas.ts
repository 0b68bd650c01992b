/**
 * Schemas of the import of a .pkpass as a template.
 */
import * as z from "zod";
import { idParameter } from "../openapi/parameters.ts";
import { externalId, name, passTypeIdentifier, strings, wallets, webService } from "../schemas.ts";
import { personalization, templatePass } from "../templates/schemas.ts";

export const importQuery = z.strictObject({
  passTypeIdentifier: passTypeIdentifier
    .optional()
    .meta({ description: "A pass type of this service. Default: the pass type in the file" }),
  name: name.optional().meta({ description: "Default: the description in the file" }),
  externalId: externalId.optional(),
  projectId: idParameter.optional(),
  webService: webService.default("/"),
  wallets: wallets.optional(),
});

/** The parts that were read from a file, with the same limits as in every template. */
export const importedParts = z.object({
  pass: templatePass,
  strings,
  personalization: personalization.optional(),
});
