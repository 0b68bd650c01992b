/**
 * The text of a barcode, as the pass has it. Wallet encodes a message in its messageEncoding, and the barcode does not say which
 * encoding that is. See Apple's "Pass.Barcodes".
 */

export interface CodeContent {
  readonly bytes: Uint8Array;
  readonly hasECI: boolean;
  /** Decoded with the encoding that the barcode names, or else with one that the decoder guesses. */
  readonly text: string;
}

/** The text in the encoding that the barcode names, or else in UTF-8 if the bytes are valid, or else in ISO 8859-1. */
export function textOf({ bytes, hasECI, text }: CodeContent): string {
  if (hasECI) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not TextDecoder: its "iso-8859-1" is Windows-1252, in which 0x80 to 0x9F are other characters.
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }
}
