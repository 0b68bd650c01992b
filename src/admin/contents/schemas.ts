/**
 * Schemas of what phones get of a pass, and the paths of images.
 */
import * as z from "zod";
import { idParameter } from "../openapi/parameters.ts";
import { imageFacts, wallets } from "../schemas.ts";

export const imagePath = z.object({
  id: idParameter,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the sha256 of one of the images")
    .meta({ description: "The `sha256` of one of the images" }),
});

export const passContent = z
  .object({
    passId: z.int(),
    templateId: z.int(),
    pass: z.record(z.string(), z.unknown()).meta({
      description:
        "pass.json of this pass: its template, overridden by its event, overridden by itself. Without the keys that identify it: " +
        "formatVersion, passTypeIdentifier, teamIdentifier, serialNumber, authenticationToken and webServiceURL",
    }),
    images: imageFacts.meta({
      description: "Path in the .pkpass → the image: its template's, and its own in place of them",
    }),
    strings: z.record(z.string(), z.record(z.string(), z.string())),
    wallets,
  })
  .meta({ id: "PassContent" });
