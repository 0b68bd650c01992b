/**
 * The link that turns a phone into a scanner: the page `/scan` with the key in the fragment. A browser does not send the
 * fragment to a server (RFC 9110 §4.2.4), so the key is in no log. The page stores the key and removes it from the address.
 */

/** @param place where the scanner is, such as Gate 2 */
export function scannerLink(publicOrigin: string, key: string, place?: string): string {
  const parameters = place === undefined ? "" : `&place=${encodeURIComponent(place.toWellFormed())}`;
  return `${publicOrigin}/scan#key=${key}${parameters}`;
}
