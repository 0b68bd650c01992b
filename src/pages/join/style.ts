/**
 * The style of a join page and of its poster. Each text has a contrast of at least 4.5:1 and each control one of 3:1, in the
 * light and in the dark form (WCAG 2.2). Inputs have 17 px, because iPhones zoom in on smaller ones. A text in another
 * direction than the page is aligned with it.
 */
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { chooseColours } from "../card/colours.ts";
import { chooseAccent, DARK_PAGE, LIGHT_PAGE } from "./accent.ts";

/** Our own CSS, with the colours of the pass. */
export function joinStyle(pass: TemplatePass): string {
  const light = chooseAccent(pass, LIGHT_PAGE);
  const dark = chooseAccent(pass, DARK_PAGE);
  const { background, foreground } = chooseColours(pass, false);
  return `
:root { --page: #fff; --ink: #141416; --soft: #5c5c63; --line: #84848c; --field: #fff; --fault: #b3261e;
  --accent: ${light.accent}; --on-accent: ${light.onAccent}; background: var(--page); color: var(--ink); }
@media (prefers-color-scheme: dark) {
  :root { --page: #141416; --ink: #f4f4f6; --soft: #adadb5; --line: #7d7d86; --field: #1f1f23; --fault: #ff9a90;
    --accent: ${dark.accent}; --on-accent: ${dark.onAccent}; }
}
*, ::before { box-sizing: border-box; }
body { place-items: start center; }
main { width: 100%; max-width: 29rem; padding: 1.25rem 1.25rem 3rem; text-align: left; }
[dir=rtl] main { text-align: right; }
.brand { display: flex; align-items: center; gap: .75rem; min-height: 4.75rem; padding: .9rem 1.1rem; border-radius: 1rem;
  margin-bottom: 1.75rem; background: ${background}; color: ${foreground}; border: 1px solid rgb(128 128 128 / .35);
  font-weight: 600; font-size: 1.1rem; overflow-wrap: anywhere; }
.brand img { max-width: 60%; height: auto; max-height: 3rem; width: auto; object-fit: contain; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
.intro { margin: .6rem 0 0; color: var(--soft); white-space: pre-line; overflow-wrap: anywhere; }
form { margin-top: 1.75rem; }
.field { margin-bottom: 1.35rem; }
label { display: block; font-weight: 600; margin-bottom: .4rem; overflow-wrap: anywhere; }
.optional { font-weight: 400; color: var(--soft); }
.note { margin: -.15rem 0 .45rem; font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
.fault { margin: -.15rem 0 .45rem; font-size: .9375rem; font-weight: 600; color: var(--fault); }
input, select { font: inherit; color: inherit; }
input:not([type=checkbox]), select { display: block; width: 100%; height: 3.1rem; padding: 0 .85rem; border-radius: .75rem;
  border: 1px solid var(--line); background: var(--field); -webkit-appearance: none; appearance: none; }
::-webkit-date-and-time-value { text-align: start; }
select { padding-inline-end: 2.5rem; background: var(--field) no-repeat right 1rem center / .75rem
  url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'%3E%3Cpath d='M1 1.5l5 5 5-5' fill='none' stroke='%2384848c' stroke-width='2'/%3E%3C/svg%3E"); }
[dir=rtl] select { background-position: left 1rem center; }
[aria-invalid] { border-color: var(--fault) !important; box-shadow: 0 0 0 1px var(--fault); }
.check label { display: flex; gap: .8rem; align-items: flex-start; min-height: 2.75rem; padding: .55rem 0; margin: 0;
  font-weight: 400; white-space: pre-line; }
.check input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { font: inherit; font-weight: 600; display: block; width: 100%; min-height: 3.25rem; padding: .8rem 1rem;
  margin-top: 1.75rem; border: 0; border-radius: .85rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:active { opacity: .85; }
.privacy { margin: .9rem 0 0; font-size: .875rem; color: var(--soft); text-align: center; text-wrap: pretty; }
.summary { margin-top: 1.5rem; padding: 1rem 1.1rem; border-radius: .85rem; border: 2px solid var(--fault); }
.summary:focus { outline: none; }
.summary p { margin: 0; font-weight: 600; }
.summary ul { margin: .35rem 0 -.4rem; padding: 0; list-style: none; }
.summary a { display: flex; align-items: center; min-height: 2.75rem; padding: .4rem 0; line-height: 1.35; color: var(--fault); overflow-wrap: anywhere; }`;
}

/** Of the printed page, such as A4, A5 or Letter. Always light, because it is paper. */
export const POSTER_STYLE = `
@page { margin: 0; }
:root { color-scheme: light; background: #fff; color: #141416; --u: min(1vw, .62vh); font-size: 17px; }
* { box-sizing: border-box; }
body { background: #fff; }
main { width: 100%; padding: calc(7 * var(--u)) calc(8 * var(--u)); text-align: center; }
.brand { display: inline-flex; align-items: center; gap: calc(2 * var(--u)); max-width: 100%;
  padding: calc(2.4 * var(--u)) calc(4 * var(--u)); border-radius: calc(2.6 * var(--u)); font-weight: 600;
  font-size: calc(3.4 * var(--u)); border: 1px solid rgb(128 128 128 / .35);
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.brand img { height: calc(8 * var(--u)); width: auto; max-width: 100%; object-fit: contain; }
h1 { margin: calc(5 * var(--u)) 0 0; font-size: calc(var(--title) * var(--u)); line-height: 1.12; letter-spacing: -.015em;
  text-wrap: balance; overflow-wrap: anywhere; }
.intro { margin: calc(2.4 * var(--u)) auto 0; font-size: calc(var(--text) * var(--u)); line-height: 1.4; white-space: pre-line;
  text-wrap: balance; overflow-wrap: anywhere; color: #44444a; }
.code { display: block; width: calc(66 * var(--u)); height: calc(66 * var(--u)); margin: calc(3 * var(--u)) auto
  0; }
.how { margin: 0; font-weight: 600; font-size: calc(3.8 * var(--u)); }
.url { margin: calc(1.2 * var(--u)) 0 0; font-size: calc(2.7 * var(--u)); color: #44444a; overflow-wrap: anywhere; }
.screen { margin: 2rem 0 0; font-size: .9rem; color: #5c5c63; }
@media print {
  .screen { display: none; }
  main { height: calc(100vh - 1px); overflow: hidden; display: flex; flex-direction: column; align-items: center; }
  main > * { flex: none; }
  .intro { flex: 0 .0001 auto; min-height: 0; overflow: hidden; }
  .code { flex: 0 1 calc(66 * var(--u)); min-height: calc(40 * var(--u)); }
}`;
