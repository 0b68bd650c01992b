/**
 * Keeps wrangler quiet, and to this machine. Imported for its effect, before the first import of wrangler, which reads the
 * environment when it is loaded.
 *
 * Follows Cloudflare's "System environment variables" of wrangler, and the names in wrangler's and miniflare's sources.
 */
Object.assign(process.env, {
  WRANGLER_SEND_METRICS: "false",
  // Else each batch of a queue is a line.
  WRANGLER_LOG: "warn",
  // Else every start leaves a log in the home folder, with whole addresses in it.
  WRANGLER_WRITE_LOGS: "false",
  // The banner looks for a newer wrangler at the npm registry.
  WRANGLER_HIDE_BANNER: "true",
  // Miniflare asks a Cloudflare server for the `request.cf` of this machine.
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  // Both keep or show whole addresses, and some of ours are opened by a secret in them.
  X_LOCAL_OBSERVABILITY: "false",
  X_LOCAL_EXPLORER: "false",
  // Everything that the Worker is given comes from here, not from a .env that happens to lie around.
  CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false",
});
