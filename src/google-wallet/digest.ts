/**
 * The digest of a text, to be compared with another one.
 */
export async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
}
