/**
 * The frame of every page: one column, no script, no request to anybody else.
 */
import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";

const STYLE = `
:root { color-scheme: light dark; font: 17px/1.45 -apple-system, system-ui, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; }
main { width: min(22rem, calc(100vw - 3rem)); padding: 2rem 0; text-align: center; }
article { border-radius: 1rem; padding: 2.5rem 1.5rem 6rem; text-align: left; box-shadow: 0 .5rem 2rem rgb(0 0 0 / .25); }
h1 { margin: 0; font-size: 1.5rem; }
.organization { margin: 0 0 .5rem; opacity: .8; }
.button { display: block; margin: 1.75rem 0 1rem; padding: .9rem; border-radius: .8rem; background: #000; color: #fff;
  border: 1px solid #666; font-weight: 600; text-decoration: none; }
.hint { opacity: .65; font-size: .85rem; }`;

/** A whole document. `title` is escaped. */
export function Page({ title, children }: PropsWithChildren<{ title: string }>) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>${children}</body>
</html>`;
}
