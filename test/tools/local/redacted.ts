/**
 * Removes secrets from the console output of wrangler. It has to be imported for its effect. wrangler's proxy prints
 * the whole address of a request that was aborted, whatever the log level, and some of our addresses contain a secret.
 * The output of this program itself goes to standard output, and is not changed.
 */
const write = process.stderr.write.bind(process.stderr) as (...args: unknown[]) => boolean;

process.stderr.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
  const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
  return write(withoutSecrets(text), ...rest);
};

/** The text without keys and without the secrets of links. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/([?&]api_token=)[^&\s"']*/g, "$1…")
    .replaceAll(/(\/(?:p|passes)\/\d+\/)[0-9a-f]{16,}/g, "$1…")
    .replaceAll(/(\/bundles\/[\d-]+\/)[\w-]{16,}/g, "$1…");
}
