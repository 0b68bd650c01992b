/**
 * What a sample is: a pass as an issuer would make it, complete and without a fault, so that the linter is silent on it
 * and the demo can issue it. Data only: images are only given by their sizes.
 */
import type { GooglePart } from "../../../src/google/google-part.ts";
import type { TemplatePass } from "../../../src/pkpass/schema/schema.ts";

/** The path of an image in the .pkpass, and its width and height in pixels. */
export type SampleImage = readonly [path: string, width: number, height: number];

export interface Sample {
  readonly name: string;
  /** A template's pass.json, with every value and message: all but the identity and the web service. */
  readonly pass: TemplatePass;
  readonly images: readonly SampleImage[];
  /** Language → text → translation. */
  readonly strings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly personalization?: unknown;
  /** What only Google Wallet shows. */
  readonly google?: { readonly part: GooglePart; readonly images: readonly SampleImage[] };
  /** Codes of findings that even a valid pass of this kind has. */
  readonly reminders?: readonly string[];
}

/** An image in the three densities. Width and height in points. */
export function drawn(slot: string, width: number, height: number, folder = ""): SampleImage[] {
  return [1, 2, 3].map((density) => [
    `${folder}${slot}${density === 1 ? "" : `@${density}x`}.png`,
    width * density,
    height * density,
  ]);
}
