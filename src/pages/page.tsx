/**
 * The layout of every page: one column, no scripts, no requests to other servers.
 */
import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { Direction } from "./language.ts";

const STYLE = `
:root { color-scheme: light dark; font: 17px/1.45 -apple-system, system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; }
main { width: min(22rem, calc(100vw - 3rem)); padding: 2rem 0; text-align: center; }
h1 { margin: 0; font-size: 1.5rem; }
.button { display: block; margin: 1.75rem 0 1rem; padding: .9rem; border-radius: .8rem; background: #000; color: #fff;
  border: 1px solid #666; font-weight: 600; text-decoration: none; }
.hint { opacity: .65; font-size: .85rem; }`;

export interface PageProps {
  readonly title: string;
  /** Our own CSS, which is not escaped. It comes after the shared style. */
  readonly style?: string;
  /** BCP 47. */
  readonly lang?: string;
  readonly dir?: Direction;
}

/** A whole document. `title` and `lang` are escaped. */
export function Page({
  title,
  style = "",
  lang = "en",
  dir = "ltr",
  children,
}: PropsWithChildren<PageProps>) {
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE + style)}</style>
</head>
<body>${children}</body>
</html>`;
}
