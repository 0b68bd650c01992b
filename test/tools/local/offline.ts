/**
 * Silences wrangler, and prevents it from using the network. It has to be imported before the first import of wrangler,
 * which reads the environment when it is loaded. Follows Cloudflare's "System environment variables" of wrangler, and
 * the names in wrangler's and miniflare's sources.
 */
Object.assign(process.env, {
  WRANGLER_SEND_METRICS: "false",
  // Otherwise each batch of a queue prints a line.
  WRANGLER_LOG: "warn",
  // Otherwise every start writes a log to the home folder that contains whole addresses.
  WRANGLER_WRITE_LOGS: "false",
  // The banner checks the npm registry for a newer wrangler.
  WRANGLER_HIDE_BANNER: "true",
  // Miniflare asks a Cloudflare server for the `request.cf` of this machine.
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  // Both store or show whole addresses, and some of our addresses contain a secret.
  X_LOCAL_OBSERVABILITY: "false",
  X_LOCAL_EXPLORER: "false",
  // All variables of the Worker are set here, so a .env file must not be read.
  CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false",
});
