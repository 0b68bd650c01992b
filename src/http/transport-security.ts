/**
 * Strict-Transport-Security (RFC 6797), on every response to a request that came by https: browsers then never use http
 * for this host, where somebody on the way could read the secrets in links. The header has no includeSubDomains, because
 * other subdomains are not ours to decide about.
 */
import type { MiddlewareHandler } from "hono";
import { isLoopback } from "../config.ts";

const ONE_YEAR = "max-age=31536000";

/**
 * Over http the header must not be sent (RFC 6797 §7.2). On localhost it would also prevent http to other programs on this
 * machine.
 */
export const strictTransportSecurity: MiddlewareHandler = async (c, next) => {
  await next();
  const { protocol, origin } = new URL(c.req.url);
  if (protocol === "https:" && !isLoopback(origin)) c.res.headers.set("Strict-Transport-Security", ONE_YEAR);
};
