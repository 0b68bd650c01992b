/**
 * Keeps secrets out of what wrangler writes to the console. Imported for its effect.
 *
 * Its proxy prints the whole address of a request that broke off, whatever the log level, and some of ours are opened by
 * a secret in them. What this program itself prints goes to standard output, and stays as it is.
 */
const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;

process.stderr.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
  const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
  return write(withoutSecrets(text), ...rest);
};

/** The text with each key and each secret of a link left out. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/([?&]api_token=)[^&\s"']*/g, "$1…")
    .replaceAll(/(\/(?:p|passes)\/\d+\/)[0-9a-f]{16,}/g, "$1…")
    .replaceAll(/(\/bundles\/[\d-]+\/)[\w-]{16,}/g, "$1…");
}
