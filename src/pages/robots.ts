/**
 * robots.txt. Search engines may read everything, because the pages themselves forbid them to list it (headers.ts), which they see
 * only if they read the page. Google sends callbacks only to an address that Googlebot may read, so it is named. Follows RFC 9309.
 */
export const ROBOTS_PATH = "/robots.txt";

export const ROBOTS = `User-agent: *
Disallow:

User-agent: Googlebot
Allow: /google/callback
`;
