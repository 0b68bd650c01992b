/**
 * The style of the reference page: one column with a table of contents next to it, or above it on a phone; light and dark.
 */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1d21; --soft: #5c606b; --line: #e1e3e8; --paper: #fff; --panel: #f6f7f9;
  --link: #0b57c2; --mark: #fff5cc; --get: #0b57c2; --post: #0d6b3c; --put: #6d3bb3; --patch: #8a4b00; --delete: #b3261e;
  font: 16px/1.55 -apple-system, system-ui, "Segoe UI", sans-serif; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e7ea; --soft: #a0a5b1; --line: #33363f; --paper: #16171b; --panel: #1e2026; --link: #8ab4ff;
    --mark: #3a3415; --get: #8ab4ff; --post: #6fd39b; --put: #c9a6ff; --patch: #f0b866; --delete: #ff9a90; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible, main :is(p, td, li) a { text-decoration: underline; }
code, pre { font: max(.86em, .75rem)/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .75rem; }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -.01em; margin: 3.5rem 0 .5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .75rem; letter-spacing: .07em; text-transform: uppercase; color: var(--soft); margin: 1.25rem 0 .4rem; }
p { margin: .5rem 0; max-width: 44rem; overflow-wrap: break-word; }
p code, td code, li code { background: var(--panel); border-radius: .25rem; padding: .08em .3em; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem .9rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
nav { padding: .25rem 1rem; border-bottom: 1px solid var(--line); background: var(--panel); font-size: .9rem; }
nav summary { padding: .7rem 0; font-weight: 600; cursor: pointer; }
nav b { display: block; margin: 1.1rem 0 .2rem; font-size: .75rem; letter-spacing: .07em; text-transform: uppercase; color: var(--soft); }
nav a { display: block; padding: .78rem 0; color: var(--ink); line-height: 1.35; }
main { padding: 1.5rem 1rem 5rem; min-width: 0; }
article { margin: 1.25rem 0; padding: 1.1rem 1rem 1.2rem; border: 1px solid var(--line); border-radius: .75rem; scroll-margin-top: 1rem; }
article:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
.call { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: baseline; margin: .45rem 0 .6rem; max-width: none; }
.call code { background: none; padding: 0; color: var(--ink); overflow-wrap: anywhere; }
.method { font: 700 .76rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; border: 1px solid; border-radius: .3rem; padding: 0 .4em; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .patch { color: var(--patch); } .delete { color: var(--delete); }
.anchor { float: right; margin-left: .75rem; font: .78rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--soft); }
.soft, .required, .optional { color: var(--soft); font-size: .84rem; } .required { color: var(--delete); white-space: nowrap; }
.status { font-weight: 600; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
td { padding: .5rem .9rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:first-child > td { border-top: 0; } td:last-child { padding-right: 0; }
td:first-child { width: 34%; } td p { margin: .15rem 0 0; }
td table { margin: .35rem 0 0; padding-left: .75rem; border-left: 2px solid var(--line); display: block; }
ul { list-style: none; margin: 0; padding: 0; } li { padding: .35rem 0; border-top: 1px solid var(--line); font-size: .92rem; } li:first-child { border-top: 0; }
@media (max-width: 40rem) {
  td { display: block; width: auto; border: 0; padding: 0; } td:first-child { width: auto; }
  tr { display: block; padding: .55rem 0; border-top: 1px solid var(--line); } tr:first-child { border-top: 0; padding-top: .2rem; }
  .anchor { display: none; }
}
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 18rem minmax(0, 58rem); }
  nav { position: sticky; top: 0; height: 100dvh; overflow-y: auto; padding: 1.75rem 1.25rem 3rem; border: 0; border-right: 1px solid var(--line); }
  @supports selector(::details-content) {
    nav details::details-content { content-visibility: visible; } nav summary { list-style: none; pointer-events: none; }
    nav summary::-webkit-details-marker { display: none; }
  }
  nav summary { padding: 0; } nav a { padding: .16rem 0; }
  main { padding: 2.25rem 2.5rem 40vh; }
  article { padding: 1.25rem 1.4rem 1.4rem; }
}
@media print { nav { display: none; } article { break-inside: avoid; } }
`;
