/**
 * The text of a barcode, as the pass has it. Wallet draws a message in its messageEncoding and does not say in the barcode which
 * one that was. See Apple's "Pass.Barcodes".
 */

export interface CodeContent {
  readonly bytes: Uint8Array;
  readonly hasECI: boolean;
  /** With the encoding that the barcode names, or else that the decoder guesses. */
  readonly text: string;
}

/** The text by the encoding that the barcode names; or else by UTF-8, if the bytes are valid in it; or else by ISO 8859-1. */
export function textOf({ bytes, hasECI, text }: CodeContent): string {
  if (hasECI) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not TextDecoder: its "iso-8859-1" is Windows-1252, in which 0x80 to 0x9F are other characters.
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }
}
