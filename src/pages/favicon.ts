/**
 * The icon of pages that have no pass: a card with a notch. Follows SVG 2.
 */

/** The path of the icon. Browsers also ask for /favicon.ico, whatever a page says. */
export const FAVICON_PATH = "/favicon.svg";

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M8 3h4a4 4 0 0 0 8 0h4a4 4 0 0 1 4 4v18a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z" fill="#0a6cd6"/><path d="M9 14h14M9 19h9" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>';
