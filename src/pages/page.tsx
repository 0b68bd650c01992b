/**
 * The layout of every page: one column, no scripts, no requests to other servers.
 */
import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { FAVICON_PATH } from "./favicon.ts";
import type { Direction } from "./language.ts";

const STYLE = `
:root { color-scheme: light dark; font: 17px/1.45 -apple-system, system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; }
main { width: min(22rem, calc(100vw - 3rem)); padding: 2rem 0; text-align: center; }
h1 { margin: 0; font-size: 1.5rem; }
.button { box-sizing: border-box; min-height: 48px; display: grid; place-items: center; margin: 1.75rem 0 1rem; padding: .9rem; border-radius: .8rem; background: #000; color: #fff;
  border: 1px solid #666; font-weight: 600; text-decoration: none; }
.hint { opacity: .7; font-size: .85rem; }
a { color: #0068d6; }
@media (prefers-color-scheme: dark) { a { color: #4da3ff; } }`;

interface PageProps {
  readonly title: string;
  /** Our own CSS, which is not escaped. It comes after the shared style. */
  readonly style?: string;
  /** BCP 47. */
  readonly lang?: string;
  readonly dir?: Direction;
  /** The path of the icon in the browser's tab, a PNG. Default: Edgepass's own. */
  readonly icon?: string | undefined;
  /** What messengers show next to a link to the page. */
  readonly sharing?: Sharing;
}

/** The title is that of the page. Addresses are absolute. Follows the Open Graph protocol (https://ogp.me). */
interface Sharing {
  readonly site: string;
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: string | undefined;
}

/** A whole document. All texts are escaped, except `style`. */
export function Page({
  title,
  style = "",
  lang = "en",
  dir = "ltr",
  icon,
  sharing,
  children,
}: PropsWithChildren<PageProps>) {
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${icon === undefined ? html`<link rel="icon" href="${FAVICON_PATH}" type="image/svg+xml">` : html`<link rel="icon" href="${icon}" type="image/png"><link rel="apple-touch-icon" href="${icon}">`}
${sharing === undefined ? "" : openGraph(sharing)}
<style>${raw(STYLE + style)}</style>
</head>
<body>${children}</body>
</html>`;
}

function openGraph({ site, title, description, url, image }: Sharing) {
  const picture = image === undefined ? "" : html`<meta property="og:image" content="${image}">`;
  return html`<meta property="og:type" content="website"><meta property="og:site_name" content="${site}"><meta property="og:title" content="${title}"><meta property="og:description" content="${description}"><meta property="og:url" content="${url}">${picture}`;
}

/** The text of a page. workerd would write half of a surrogate pair as bytes that are not UTF-8, and not as U+FFFD. */
export async function writePage(page: JSX.Element): Promise<string> {
  return (await page.toString()).toWellFormed();
}
