/**
 * The CSS of the card in Google Wallet. It is added to that of the page of a pass, whose barcode, list of details and links it
 * uses. Sizes are a guess from Google's pictures.
 */
export const GOOGLE_STYLE = `
.google-card { overflow: hidden; box-sizing: border-box; border-radius: 1.5rem; background: var(--ground); color: var(--ink);
  text-align: left; font-family: Roboto, system-ui, sans-serif; line-height: 1.3; box-shadow: 0 .3rem .9rem rgb(0 0 0 / .18); }
.google-card[dir=rtl] { text-align: right; }
.google-card :is(p, dl, dt, dd, span) { margin: 0; text-align: inherit; }
.google-card > :not(.g-hero, .g-wide) { padding-inline: 1.1rem; }
.g-brand { display: flex; align-items: center; gap: .75rem; padding-block: .9rem; border-bottom: 1px solid color-mix(in srgb, var(--ink) 22%, #0000);
  font-size: .95rem; font-weight: 500; }
.g-brand img { flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; object-fit: cover; background: #fff; }
.g-brand span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.g-wide { display: block; max-width: 75%; height: 2.75rem; margin: .9rem 1.1rem; object-fit: contain; object-position: left; }
.g-title { padding-block: 1rem .2rem; overflow-wrap: break-word; }
.g-subheader { font-size: .85rem; }
.g-header { font-size: 1.5rem; line-height: 1.2; }
.g-journey { display: flex; align-items: end; justify-content: space-between; gap: .8rem; padding-top: .2rem; }
.g-journey > div { flex: 0 1 auto; min-width: 0; }
.google-card :is(.g-journey, .g-row) > :last-child:not(:first-child) { text-align: right; }
.google-card[dir=rtl] :is(.g-journey, .g-row) > :last-child:not(:first-child) { text-align: left; }
.g-journey dt { font-size: .8rem; }
.g-journey dd { font-size: 1.3rem; line-height: 1.2; }
.codes dd { font-size: 1.8rem; }
.g-journey dt:empty { display: none; }
.g-row { display: flex; justify-content: space-between; gap: .9rem; padding-block: .9rem 0; }
.g-row > div { flex: 0 1 auto; min-width: 0; overflow-wrap: anywhere; }
.g-row.whole > div { min-width: auto; overflow-wrap: break-word; }
.google-card .g-row > :nth-child(2):not(:last-child) { text-align: center; }
.g-row dt { font-size: .75rem; min-height: 1.3em; }
.g-row dd { font-size: 1rem; font-weight: 500; white-space: pre-line; }
.g-code { display: grid; justify-items: center; padding-block: 1.4rem 1.3rem; }
.google-card .barcode { border-radius: 1rem; padding: .5rem; }
.google-card .barcode :is(figcaption, .message) { text-align: center; padding-block: .3rem; }
.google-card > :nth-last-child(1):not(.g-code, .g-hero) { padding-bottom: 1.2rem; }
.g-hero { display: block; width: 100%; aspect-ratio: 1032 / 336; object-fit: cover; }
.g-code + .g-hero, .g-row + .g-hero { margin-top: 0; }
.g-row + .g-hero, .g-title + .g-hero { margin-top: 1.1rem; }
`;
