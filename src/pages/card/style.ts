/**
 * The CSS of a pass's page. The card sets its colours as custom properties, and each row of fields the width of its text
 * as `--em`.
 *
 * The dimensions follow the templates of Apple's Human Interface Guidelines for Wallet, whose pass is 375 points wide:
 * strips of 375 by 98 (event tickets) or 144 points, logos of 160 by 50, thumbnails of 90 by 90, footers of 286 by 15,
 * artwork of 358 by 448.
 */
export const PASS_STYLE = `
body { place-items: start center; background: #f2f2f7; }
.pass :is(.hint, .offer :is(p, h2), .obstacle, .veil span, .contact) { text-wrap: balance; }
.pass { width: min(22.5rem, calc(100vw - 2rem)); padding: 1.5rem 0 3rem; overflow-wrap: anywhere; }
:where(.pass) :is(dl, dd, figure, p) { margin: 0; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }

.card { text-align: left; color: var(--foreground); filter: drop-shadow(0 .5rem 1.1rem rgb(0 0 0 / .18)); }
.card[dir=rtl] { text-align: right; }
.card :is(dt, dd, p, span, b) { text-align: inherit; }
.pale { filter: grayscale(.85) opacity(.75); }
.part { position: relative; isolation: isolate; overflow: hidden; box-sizing: border-box; display: flex;
  flex-direction: column; gap: .9rem; padding: .8rem .95rem .95rem; border-radius: .75rem; background: var(--background);
  container-type: inline-size; }
.card dt { color: var(--label); font-size: .65rem; font-weight: 600; line-height: 1.35; letter-spacing: .02em; }
.card dd { line-height: 1.2; min-height: 1.2em; }
.line :is(dt, dd), .short :is(dt, dd) { white-space: nowrap; }

header { display: flex; align-items: center; justify-content: space-between; gap: .9rem; min-height: 2.6rem; }
.brand { flex: 1 1 0; min-width: 3rem; display: flex; align-items: center; gap: .55rem; font-weight: 600; line-height: 1.15; }
.brand span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: normal; }
header:has(.heading > :nth-child(2)) .brand span { display: block; white-space: nowrap; text-overflow: ellipsis; }
.logo { flex: none; width: auto; max-width: min(160px, 44cqi); max-height: 44px; object-fit: contain; }
.logo:not(:only-child) { max-width: 24cqi; }
.heading { flex: none; --size: 1.1rem; max-width: 64cqi; gap: .7rem; }
.card .heading > div { text-align: right; }
.card[dir=rtl] .heading > div { text-align: left; }

.row { display: flex; justify-content: space-between; gap: .9rem; }
.row:not(.tight) { overflow-wrap: break-word; }
.tight { flex-wrap: wrap; gap: .6rem .9rem; }
.row > div { max-width: 100%; }
.row > .short { flex-shrink: 0; }
.row dd { font-size: clamp(.66rem, calc(100cqi / var(--em)), var(--size)); }
.row dt { min-height: 1.35em; font-size: clamp(.52rem, calc(62cqi / var(--em)), .65rem); }
.heading dd { font-size: clamp(.75rem, calc(60cqi / var(--em)), var(--size)); }
.card .left { text-align: left; } .card .center { text-align: center; flex-grow: 1; } .card .right { text-align: right; }
.row > .right:only-child { flex-grow: 1; }
.secondary { --size: 1.05rem; } .auxiliary { --size: .95rem; }

.front { display: flex; align-items: start; gap: .9rem; }
.front > div { flex: 1; display: grid; gap: .8rem; min-width: 0; container-type: inline-size; }
.primary { display: grid; gap: .5rem; }
.primary dd { font-size: clamp(.75rem, calc(100cqi / var(--em)), var(--largest, 1.75rem)); line-height: 1.14; }
.card .primary:not(.line) dd { --largest: 1.35rem; }
.striped { position: relative; margin: 0 -.95rem; padding: .6rem .95rem; aspect-ratio: 375 / 144; box-sizing: border-box;
  align-items: center; overflow: hidden; --largest: 3rem; }
.striped .primary > div { display: flex; flex-direction: column-reverse; }
.striped .primary :is(dt, dd) { color: #fff; text-shadow: 0 1px 2px rgb(0 0 0 / .45), 0 0 .6em rgb(0 0 0 / .5); }
.striped .primary dt { font-size: .8rem; font-weight: 500; }
.striped .primary dd { font-weight: 300; line-height: 1.08; }
.eventTicket .striped { aspect-ratio: 375 / 98; --largest: 2.1rem; }
.strip { position: absolute; inset: 0; z-index: -1; width: 100%; height: 100%; object-fit: cover; }
.thumbnail { flex: none; width: auto; height: auto; max-width: 90px; max-height: 90px; border-radius: .25rem; }
.background { position: absolute; inset: -8%; z-index: -1; width: 116%; height: 116%; object-fit: cover;
  filter: blur(12px) brightness(.55); }

.journey { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); align-items: end; gap: .7rem; --largest: 2.7rem; }
.journey > dl { container-type: inline-size; align-self: start; }
.journey dd { font-weight: 300; line-height: 1.05; }
.journey > dl:last-child:not(:first-child) > div { text-align: right; }
[dir=rtl] .journey > dl:last-child:not(:first-child) > div { text-align: left; }
.transit { width: 1.7rem; margin-bottom: .5rem; color: var(--label); }
[dir=rtl] .transit { transform: scaleX(-1); }
.times { display: flex; justify-content: space-between; gap: .7rem; margin-top: -.6rem; font-size: .9rem; font-variant-numeric: tabular-nums; }
.times b { color: var(--label); font-weight: 600; }

footer { margin-top: auto; padding-top: .7rem; display: grid; justify-items: center; gap: .5rem; }
.footer { width: auto; height: auto; max-width: 100%; max-height: 15px; object-fit: contain; }
.barcode { position: relative; overflow: hidden; border-radius: .4rem; background: #fff; color: #000; text-align: center; }
.barcode svg { display: block; width: 100%; }
.barcode figcaption { padding: 0 .6rem .45rem; font-size: .75rem; line-height: 1.3; text-align: center; }
.square { width: 9.6rem; max-width: 100%; }
.wide { width: 100%; max-width: 18.5rem; }
.message { padding: .6rem; font: 600 1rem/1.3 ui-monospace, monospace; }
.card .message { text-align: center; }
.pale .barcode svg { opacity: .3; }
.veil { position: absolute; inset: 0; cursor: pointer; }
.veil input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.veil span { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: .6rem; padding: .5rem .8rem; background: #fff; color: #0068d6;
  font-size: .9rem; font-weight: 500; line-height: 1.25; }
.card .veil span { text-align: center; }
.square .veil span::before { content: ""; width: 2.2rem; height: 2.2rem; border-radius: .5rem; border: 2px solid;
  mask: conic-gradient(#000 0 0) 0 0 / 34% 34%, conic-gradient(#000 0 0) 100% 0 / 34% 34%, conic-gradient(#000 0 0) 0 100% / 34% 34%,
    conic-gradient(#000 0 0) 100% 100% / 34% 34%; mask-repeat: no-repeat; }
.veil :checked + span { background: none; color: transparent; }
.veil :focus-visible + span { outline: 3px solid #0068d6; outline-offset: -4px; border-radius: .4rem; }
@media print { .veil { display: none; } }

.storeCard .part, .coupon .part, .eventTicket .part, .generic .part { min-height: 26rem; }
.eventTicket .part { padding-top: 1.15rem; mask: radial-gradient(circle 2.2rem at 50% -1.6rem, #0000 98%, #000); }
.coupon .part { border-radius: 0; padding-block: 1.1rem;
  mask: radial-gradient(.28rem at 50% 0, #0000 94%, #000) 50% 0 / .85rem 51% repeat-x,
    radial-gradient(.28rem at 50% 100%, #0000 94%, #000) 50% 100% / .85rem 51% repeat-x; }
:is(.boardingPass, .semanticBoardingPass) .part { mask: radial-gradient(.4rem at 0 var(--cut), #0000 94%, #000) 0 0 / 51% 100% no-repeat,
  radial-gradient(.4rem at 100% var(--cut), #0000 94%, #000) 100% 0 / 51% 100% no-repeat; }
:is(.boardingPass, .semanticBoardingPass) .part:first-child { padding-bottom: 1.05rem; --cut: 100%; border-end-start-radius: 0; border-end-end-radius: 0; }
:is(.boardingPass, .semanticBoardingPass) .part:last-child { padding-top: 1.05rem; min-height: 18rem; --cut: 0; margin-top: -1px; border-start-start-radius: 0; border-start-end-radius: 0; }

.poster { padding: 0; gap: 0; border-radius: 1.1rem; background: #1c1c1e;
  min-height: min(28.15rem, calc((100vw - 2rem) * 1.25)); }
.poster > * { padding: .85rem 1rem; }
.poster > .artwork { position: absolute; inset: 0; z-index: -1; width: 100%; height: 100%; object-fit: cover; padding: 0; }
.poster header { align-items: start; padding-bottom: 2.2rem; }
.poster .dark { background: linear-gradient(rgb(0 0 0 / .5), #0000); }
.when { flex: none; font-size: .85rem; line-height: 1.3; }
.card .when { text-align: right; } .card[dir=rtl] .when { text-align: left; }
.when b { display: block; font-weight: 600; }
.title { margin-top: auto; display: grid; gap: .45rem; padding-top: 4rem; line-height: 1.3; text-shadow: 0 0 .4em rgb(0 0 0 / .45);
  background: linear-gradient(#0000, rgb(0 0 0 / .5) 4.5rem, rgb(0 0 0 / .6)); }
.name { font-size: 1.7rem; font-weight: 700; line-height: 1.12; letter-spacing: -.01em; }
.poster footer { margin: 0; padding: .2rem 1rem .95rem; background: rgb(0 0 0 / .6); }
.poster :is(.bar, .seats) { padding-block: .75rem .85rem; background: var(--bar, rgb(0 0 0 / .72)); }
.second { width: auto; height: auto; max-width: 100%; max-height: 12px; justify-self: start; margin-bottom: .5rem; }

.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: 1rem; }
.actions a { flex: 1 1 40%; box-sizing: border-box; min-height: 44px; display: grid; place-items: center; padding: .5rem .8rem; border-radius: .75rem;
  background: #fff; color: #0068d6; font-size: .95rem; font-weight: 500; line-height: 1.2; text-decoration: none; }
.guide .actions { margin-top: 0; }
.map { width: 100%; height: auto; border-radius: .75rem; margin-bottom: .6rem; }

.obstacle { margin: 0 0 1rem; padding: .7rem 1rem; border-radius: .75rem; font-size: .9rem; }
.obstacle strong { display: block; font-size: 1.05rem; }
.invalid { background: #c9252d; color: #fff; }
.unavailable { background: #fff; }
.offer { margin-bottom: 1.1rem; font-size: .95rem; text-align: center; }
.offer :is(p, h2, ol) { margin: 0; }
.offer h2 { text-align: center; font-size: 1.15rem; }
.offer .button { margin: 0; }
.sheet { display: grid; gap: .7rem; padding: 1.1rem 1.1rem 1.2rem; border-radius: .75rem; background: #fff; }
.sheet ol { padding-inline-start: 1.4rem; text-align: start; display: grid; gap: .35rem; }
.scan { justify-self: center; width: min(13rem, 100%); border-radius: .5rem; background: #fff; color: #000; }
.scan svg { display: block; width: 100%; }
@media (prefers-color-scheme: light) { .sheet .scan { margin-block: -.9rem -.8rem; } }
.or { padding-top: .4rem; opacity: .7; font-size: .85rem; }
.badge { height: 48px; display: grid; place-items: center; }
.badge img { width: 100%; height: 48px; object-fit: contain; }
.quiet { min-height: 44px; display: grid; place-items: center; font-size: .9rem; text-decoration: none; }
.sheet .quiet { margin-bottom: -.6rem; }
.contact { margin: 1.5rem .95rem 0; font-size: .9rem; }
.contact a { display: grid; min-height: 44px; place-items: center; font-weight: 500; text-decoration: none; }
.pass .hint { margin: 1.5rem .95rem 0; }
a:focus-visible, summary:focus-visible { outline: 3px solid #0068d6; outline-offset: 2px; }
h2 { margin: 2rem .95rem .5rem; font-size: 1.05rem; text-align: start; }
.details { border-radius: .75rem; background: #fff; }
.details > div { padding: .65rem .95rem; text-align: start; }
.details > div + div { border-top: 1px solid #c6c6c855; }
.details dt { font-size: .8rem; opacity: .6; }
.details dd { white-space: pre-line; font-size: .95rem; }
.details a { color: #0068d6; }
/* A larger target for taps, which takes no space. Not with several links: they may be on neighbouring lines. */
.details a:only-of-type { padding-block: .75rem; }
.details a:only-of-type:focus-visible { outline-offset: -.5rem; }
.details :is(dt, dd) { text-align: left; }
[dir=rtl] .details :is(dt, dd) { text-align: right; }
.older { margin-top: 2rem; }
summary { margin-bottom: .6rem; min-height: 44px; display: flex; align-items: center; justify-content: center; gap: .5rem; color: #0068d6; font-size: .95rem; cursor: pointer; }
summary::after { content: ""; width: .4rem; height: .4rem; border: solid; border-width: 0 2px 2px 0; transform: translateY(-25%) rotate(45deg); }
[open] > summary::after { transform: translateY(25%) rotate(225deg); }
@media (min-width: 50rem) {
  .pass { padding-top: 3rem; }
  .two { width: 47rem; display: grid; grid-template: auto 1fr / 22.5rem 22.5rem; column-gap: 2rem; }
  .two > :is(.offer, .obstacle) { grid-column: 1; }
  .two > .front-and-back { grid-area: 2 / 1; }
  .two > .older { grid-area: 2 / 2; }
  .asks > .offer { grid-area: 1 / 2; margin-bottom: 2rem; }
  .asks > .front-and-back { grid-area: 1 / 1 / 3 / 2; }
  .older { position: relative; align-self: start; margin: 0; }
  @supports selector(::details-content) {
    .older::details-content { content-visibility: visible; }
    .older { margin-bottom: calc(.6rem + 44px); }
    .older > summary { position: absolute; inset: 100% 0 auto; margin-top: .6rem; color: inherit; opacity: .7; pointer-events: none; }
    summary::after { display: none; }
  }
}
@media (prefers-color-scheme: dark) {
  body { background: #000; }
  .details, .actions a, .sheet, .unavailable { background: #1c1c1e; }
  .details a, .actions a, .contact a, .quiet, summary { color: #4da3ff; }
}`;
