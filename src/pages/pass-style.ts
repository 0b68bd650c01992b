/**
 * The CSS of a pass's page. The card sets its colours as custom properties, and each field the length of its text as
 * `--length`.
 *
 * The dimensions follow the templates of Apple's Human Interface Guidelines for Wallet, whose pass is 375 points wide:
 * strips of 375 by 98 (event tickets) or 144 points, logos of 160 by 50, thumbnails of 90 by 90, footers of 286 by 15.
 */
export const PASS_STYLE = `
body { place-items: start center; background: #f2f2f7; }
.pass { width: min(23rem, calc(100vw - 2rem)); padding: 1.5rem 0 3rem; overflow-wrap: anywhere; }
:where(.pass) :is(dl, dd, figure, p) { margin: 0; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }

.card { text-align: start; color: var(--foreground);
  filter: drop-shadow(0 .4rem 1rem rgb(0 0 0 / .22)); }
.pale { filter: grayscale(.85) opacity(.75); }
.part { position: relative; isolation: isolate; overflow: hidden; box-sizing: border-box; display: flex;
  flex-direction: column; gap: .9rem; padding: .85rem 1rem 1rem; border-radius: .8rem; background: var(--background); }
.card dt { color: var(--label); font-size: .68rem; font-weight: 600; line-height: 1.3; letter-spacing: .02em; }
.card dd { line-height: 1.2; min-height: 1.2em; }
.card a { color: inherit; }

header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; }
.brand { flex: 1 1 4.5rem; display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .6rem; min-height: 2.6rem; max-width: 100%;
  font-size: 1.05rem; font-weight: 600; line-height: 1.2; }
.brand span { flex: 1 1 5.5rem; }
.logo:not(:only-child) { max-width: 7.5rem; }
.logo { max-width: min(160px, 45vw); max-height: 50px; object-fit: contain; object-position: left; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .7rem 1.2rem; }
.row > div { flex: 1 1 auto; max-width: 100%; }
.row dt { min-height: 1.3em; }
.row .left { text-align: left; } .row .center { text-align: center; } .row .right { text-align: right; }
.heading { margin-inline-start: auto; text-align: end; gap: .3rem .8rem; justify-content: end; }
.heading > div { flex-grow: 0; }
.heading dd { font-size: 1.15rem; }
.secondary dd { font-size: 1.1rem; }
.auxiliary dd { font-size: .95rem; }

.front { display: flex; align-items: start; justify-content: space-between; gap: 1rem; }
.front > div { flex: 1; display: grid; gap: .8rem; min-width: 0; }
.primary { display: grid; gap: .5rem; }
.primary > div { container-type: inline-size; }
.primary dd { font-size: 1.5rem; font-size: clamp(1.15rem, calc(170cqi / var(--length)), var(--largest, 1.9rem)); line-height: 1.12; }
.striped { position: relative; margin: 0 -1rem; padding: .7rem 1rem; aspect-ratio: 375 / 144; box-sizing: border-box;
  align-items: center; --largest: 3.2rem; }
.striped .primary > div { display: flex; flex-direction: column-reverse; }
.striped dd { font-weight: 300; }
.striped .primary { text-shadow: 0 0 .5rem var(--background); }
.eventTicket .striped { aspect-ratio: 375 / 98; --largest: 2.4rem; }
.strip { position: absolute; inset: 0; z-index: -1; width: 100%; height: 100%; object-fit: cover; }
.thumbnail { max-width: 90px; max-height: 90px; border-radius: .3rem; object-fit: contain; object-position: top right; }
.background { position: absolute; inset: -8%; z-index: -1; width: 116%; height: 116%; object-fit: cover;
  filter: blur(12px) brightness(.55); }

.journey { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); align-items: start; gap: .6rem;
  --largest: 2.9rem; }
.journey dd { font-weight: 300; line-height: 1; }
.journey > :last-child { text-align: end; }
.transit { width: 2rem; margin-top: 1.35rem; color: var(--label); }

footer { margin-top: auto; padding-top: .9rem; display: grid; justify-items: center; gap: .5rem; }
.footer { max-width: 100%; max-height: 15px; object-fit: contain; }
.barcode { overflow: hidden; border-radius: .45rem; background: #fff; color: #000; text-align: center; }
.barcode svg { display: block; width: 100%; }
.barcode figcaption { padding: 0 .6rem .5rem; font-size: .8rem; line-height: 1.3; }
.square { width: 10.5rem; max-width: 100%; }
.wide { width: 100%; max-width: 21rem; }
.message { padding: .6rem; font: 600 1rem/1.3 ui-monospace, monospace; }
.pale .barcode svg { opacity: .3; }

.storeCard .part, .coupon .part, .eventTicket .part, .generic .part { min-height: 26rem; }
.eventTicket .part { padding-top: 1.2rem; mask: radial-gradient(circle 2.4rem at 50% -1.7rem, #0000 98%, #000); }
.coupon .part { border-radius: 0; padding-block: 1.1rem;
  mask: radial-gradient(.28rem at 50% 0, #0000 94%, #000) 50% 0 / .85rem 51% repeat-x,
    radial-gradient(.28rem at 50% 100%, #0000 94%, #000) 50% 100% / .85rem 51% repeat-x; }
.boardingPass .part:first-child { padding-bottom: 1.1rem; --cut: 100%; border-end-start-radius: 0; border-end-end-radius: 0; }
.boardingPass .part:last-child { padding-top: 1.1rem; min-height: 18rem; --cut: 0; border-start-start-radius: 0; border-start-end-radius: 0; }
.boardingPass .part { mask: radial-gradient(.45rem at 0 var(--cut), #0000 94%, #000) 0 0 / 51% 100% no-repeat,
  radial-gradient(.45rem at 100% var(--cut), #0000 94%, #000) 100% 0 / 51% 100% no-repeat; }

.invalid { margin-bottom: 1rem; padding: .7rem 1rem; border-radius: .8rem; background: #c9252d; color: #fff; font-size: .9rem; }
.invalid strong { display: block; font-size: 1.05rem; }
h2 { margin: 2.2rem 0 .6rem 1rem; font-size: 1.05rem; text-align: start; }
.details { border-radius: .8rem; background: #fff; text-align: start; }
.details > div { padding: .7rem 1rem; }
.details > div + div { border-top: 1px solid #c6c6c855; }
.details dt { font-size: .8rem; opacity: .6; }
.details dd { white-space: pre-line; font-size: .95rem; }
.details a { color: #0068d6; }
@media (prefers-color-scheme: dark) {
  body { background: #000; }
  .details { background: #1c1c1e; }
  .details a { color: #4da3ff; }
}`;
