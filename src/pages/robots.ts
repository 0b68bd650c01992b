/**
 * robots.txt. Search engines may read everything: the headers of each page forbid them to list it (headers.ts), and they see those
 * headers only if they read the page. Google sends callbacks only to an address that Googlebot may read, so Googlebot is named.
 * Follows RFC 9309.
 */
export const ROBOTS_PATH = "/robots.txt";

export const ROBOTS = `User-agent: *
Disallow:

User-agent: Googlebot
Allow: /google/callback
`;
