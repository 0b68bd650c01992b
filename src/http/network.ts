/**
 * The network of a client, as a key for rate limits: an IPv4 address itself, the first 48 bits of an IPv6 address. A site
 * gets a /48 and chooses the other 80 bits freely (RFC 6177 §2, RFC 4291 §2.5.4).
 */
import { expandIPv6 } from "hono/utils/ipaddr";

const GROUPS_OF_48_BITS = 3;

/**
 * The network of the sender, from the header that Cloudflare's edge sets.
 * @returns undefined without that header, as for a request of another Worker
 */
export function networkOf(request: Request): string | undefined {
  const address = request.headers.get("cf-connecting-ip");
  return address === null ? undefined : toNetwork(address);
}

function toNetwork(address: string): string {
  if (!address.includes(":")) return address;
  // An IPv4 address that is written as an IPv6 address (RFC 4291 §2.5.5.2).
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  // Only a malformed address has more groups, and expandIPv6 would throw.
  const groups = address.toLowerCase().split(":").slice(0, 9).join(":");
  return `${expandIPv6(groups).split(":").slice(0, GROUPS_OF_48_BITS).join(":")}::/48`;
}
