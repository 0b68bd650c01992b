/**
 * pass.strings: the translations of one language as Wallet reads them, `"key" = "value";` a line.
 *
 * UTF-8, and the file opens with a quotation mark: readers that are not Apple's guess the encoding from the first
 * byte, and take anything else for UTF-16. Follows Apple's "String Resources" (escapes of .strings files).
 */

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** @param translations text as it stands in pass.json → its translation. */
export function passStrings(translations: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(translations)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, translation]) => `${quoted(text)} = ${quoted(translation)};\n`);
  return new TextEncoder().encode(lines.join(""));
}

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return ESCAPES[character] ?? `\\U${code}`;
  });
  return `"${escaped}"`;
}
