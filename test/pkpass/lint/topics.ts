/** All cases of the linter, by topic. */
import { barcodeCases } from "./barcode-cases.ts";
import type { Case } from "./case.ts";
import { fieldCases } from "./field-cases.ts";
import { colourCases, imageCases, stringCases } from "./image-cases.ts";
import { layoutCases } from "./layout-cases.ts";
import { identityCases, relevanceCases, schemaCases } from "./pass-cases.ts";

export const topics: Readonly<Record<string, readonly Case[]>> = {
  schema: schemaCases,
  identity: identityCases,
  fields: fieldCases,
  barcodes: barcodeCases,
  images: imageCases,
  strings: stringCases,
  colours: colourCases,
  relevance: relevanceCases,
  layouts: layoutCases,
};
