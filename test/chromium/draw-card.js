/**
 * Draws a pass with the components of src/pages/card and src/pages/google-card, and preact, as a page of src/browser would. The test bundles it and runs it
 * inside of a page; root's TypeScript does not know the DOM, so this is JavaScript.
 */
import { Fragment, h, render } from "preact";
import { Actions, featuredLinks, linksOf } from "../../src/pages/card/actions.tsx";
import { Details } from "../../src/pages/card/back.tsx";
import { Card } from "../../src/pages/card/card.tsx";
import { looksOf } from "../../src/pages/card/looks.ts";
import { drawnFields } from "../../src/pages/card/sections.ts";
import { PASS_STYLE } from "../../src/pages/card/style.ts";
import { GoogleCard, GoogleDetails } from "../../src/pages/google-card/google-card.tsx";
import { googleCardOf } from "../../src/pages/google-card/map-pass.ts";
import { GOOGLE_STYLE } from "../../src/pages/google-card/style.ts";

/** Replaces the page by the parts of a pass, in the order in which the page of a pass has them. */
globalThis.drawCard = ({ pass, slots, marks, ...card }) => {
  const [look, older] = looksOf(pass, new Set(slots));
  const fields = ["backFields", "additionalInfoFields"].flatMap((name) =>
    drawnFields(pass, look.style, name),
  );
  const parts = [
    h(Card, { ...card, pass, look }),
    h(Actions, { links: featuredLinks(pass, card.locale), marks }),
    h(Actions, { links: linksOf(pass, look, card.locale), marks }),
    h(Details, { fields, locale: card.locale }),
    ...(older === undefined ? [] : [h(Card, { ...card, pass, look: older })]),
  ];
  replacePage(parts, PASS_STYLE);
};

/** The same as Google Wallet shows it. The pass is not translated; `translations` has the language of the reader. */
globalThis.drawGoogleCard = ({ pass, google, images, translations, locale, ...card }) => {
  const urlOf = (sha256) => `/g/${sha256}.png`;
  const facts = googleCardOf(pass, { google, images, urlOf }, translations, locale);
  replacePage([h(GoogleCard, { ...card, facts }), h(GoogleDetails, { facts })], PASS_STYLE + GOOGLE_STYLE);
};

function replacePage(parts, style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  const main = document.createElement("main");
  main.className = "pass";
  document.body.replaceChildren(main);
  render(h(Fragment, {}, ...parts), main);
}
