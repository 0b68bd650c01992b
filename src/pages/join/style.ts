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
:root { --page: #fff; --ink: #141416; --soft: #5c5c63; --line: #84848c; --field: #fff; --panel: #f2f2f7; --fault: #b3261e;
  --accent: ${light.accent}; --on-accent: ${light.onAccent}; background: var(--page); color: var(--ink); }
@media (prefers-color-scheme: dark) {
  :root { --page: #141416; --ink: #f4f4f6; --soft: #adadb5; --line: #7d7d86; --field: #1f1f23; --panel: #242429; --fault: #ff9a90;
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
.intro { margin: .6rem 0 0; color: var(--soft); white-space: pre-line; text-wrap: pretty; overflow-wrap: anywhere; }
.ended { margin: 1.5rem 0 0; padding: 1rem 1.1rem; border-radius: .85rem; background: var(--panel); text-wrap: pretty; overflow-wrap: anywhere; }
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
.privacy { margin: .9rem 0 0; font-size: .875rem; color: var(--soft); text-align: center; text-wrap: balance; }
.summary { margin-top: 1.5rem; padding: 1rem 1.1rem; border-radius: .85rem; border: 2px solid var(--fault); }
.summary:focus { outline: none; }
.summary p { margin: 0; font-weight: 600; }
.summary ul { margin: .35rem 0 -.4rem; padding: 0; list-style: none; }
.summary a { display: block; padding: .65rem 0; line-height: 1.35; color: var(--fault); overflow-wrap: anywhere; }`;
}

/**
 * Of the printed page, such as A4, A5 or Letter. Always light, because it is paper. `--u` is a hundredth of its width. On a screen
 * the paper lies on a grey ground.
 * @param sizes of the type, in `--u`
 */
export function posterStyle(pass: TemplatePass, sizes: { title: number; text: number }): string {
  const { background, foreground } = chooseColours(pass, false);
  return `
@page { margin: 0; }
:root { color-scheme: light; background: #e4e4ea; color: #141416; --u: min((100vw - 2rem) / 100, max(.24rem, (100vh - 5.5rem) / 141)); font-size: 17px; }
* { box-sizing: border-box; }
body { place-items: start center; }
main { width: auto; padding: 1.5rem 1rem; }
.paper { position: relative; isolation: isolate; display: flex; flex-direction: column; align-items: center; justify-content: space-between;
  width: calc(100 * var(--u)); height: calc(141 * var(--u)); padding: calc(9 * var(--u)) calc(8 * var(--u)) calc(7 * var(--u));
  background: #fff; text-align: center; box-shadow: 0 .6rem 2rem rgb(0 0 0 / .18);
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
/* The upper part has the colour of the pass and ends behind the code. */
.paper::before { content: ""; position: absolute; z-index: -1; inset: 0 0 calc(51 * var(--u)); background: ${background};
  border-radius: 0 0 calc(5 * var(--u)) calc(5 * var(--u)); }
.paper > header { display: grid; gap: calc(3 * var(--u)); justify-items: center; max-width: 100%; color: ${foreground}; }
.brand { display: flex; align-items: center; gap: calc(2.4 * var(--u)); max-width: 100%; font-weight: 600; font-size: calc(4 * var(--u)); overflow-wrap: anywhere; }
.brand img { height: calc(10 * var(--u)); width: auto; max-width: calc(60 * var(--u)); object-fit: contain; }
h1 { margin: calc(2 * var(--u)) 0 0; font-size: calc(${sizes.title} * var(--u)); line-height: 1.1; letter-spacing: -.02em; text-wrap: balance; overflow-wrap: anywhere; }
.intro { margin: 0; font-size: calc(${sizes.text} * var(--u)); line-height: 1.4; white-space: pre-line; text-wrap: balance; overflow-wrap: anywhere; }
/* It becomes smaller if the texts need more than their share. */
.code { flex: 0 1 calc(60 * var(--u)); display: block; width: calc(60 * var(--u)); min-height: calc(36 * var(--u)); margin: calc(4 * var(--u)) 0;
  border-radius: calc(5 * var(--u)); background: #fff; box-shadow: 0 calc(.8 * var(--u)) calc(3 * var(--u)) rgb(0 0 0 / .22); }
.how { margin: 0; font-weight: 700; font-size: calc(4.4 * var(--u)); line-height: 1.25; text-wrap: balance; }
.url { margin: calc(1.2 * var(--u)) 0 0; font-size: calc(3 * var(--u)); color: #44444a; overflow-wrap: anywhere; }
.screen { margin: 1rem auto 0; max-width: 30rem; font-size: .9rem; color: #44444a; text-align: center; text-wrap: balance; }
@media print {
  :root { background: #fff; --u: min(1vw, .709vh); }
  body { min-height: 0; }
  main { padding: 0; }
  .paper { width: 100vw; box-shadow: none; }
  .screen { display: none; }
}`;
}
