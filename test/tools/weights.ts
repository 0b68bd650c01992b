/**
 * `npm run weights`: what the pages weigh that a running instance sends, in KB (1000 bytes). For the page of each style there is
 * the HTML on each kind of device, plain and with gzip, and apart from it the images, which browsers keep for a year. Android has the
 * card of Google Wallet, and so have all devices in the second table, whose passes are offered in Google Wallet only. It ends with
 * status 1 if a page of a pass is too heavy.
 */
import type { Template } from "../../src/templates/show.ts";
import { passScreens } from "../chromium/screens.ts";
import { forkInstance } from "../curl/global-setup.ts";
import { USER_AGENTS } from "../pages/user-agents.ts";
import { imagesIn, MAX_PAGE_BYTES, type Weight, weigh } from "../pages/weight.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import { adminOf } from "./local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "./local/provision.ts";
import { drawShowcase } from "./local/showcase-images.ts";

/** The first User-Agent of each kind of device. */
const DEVICES = new Map(USER_AGENTS.toReversed().map(([, userAgent = "", device]) => [device, userAgent]));
const JOIN = {
  slug: "weights",
  text: "Get our stamp card. It takes ten seconds.",
  fields: [
    { key: "name", label: "First name", type: "text", required: true },
    { key: "level", label: "How often do you come?", type: "select", options: ["Now and then", "Every day"] },
    { key: "since", label: "Your first coffee here", type: "date", hint: "A guess is fine." },
  ],
};
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
const shown = ({ plain, compressed }: Weight) => `${kilobytes(plain)} (${kilobytes(compressed)})`;

await using ending = new AsyncDisposableStack();
const images = drawShowcase();
const { instance, end } = await forkInstance(["--google"]);
ending.defer(end);
if ("failure" in instance) throw new Error(instance.failure);
const { origin, adminToken } = instance;
const admin = adminOf(origin, adminToken);

const get = async (path: string, userAgent = "") =>
  await (await fetch(origin + path, { headers: { "user-agent": userAgent, accept: "text/html" } })).text();

let heaviest = 0;
const screens = await passScreens(admin, images);
console.log(
  `HTML in KB, and with gzip. A page of a pass may have ${kilobytes(MAX_PAGE_BYTES)} KB without gzip.`,
);
console.table(await weighPasses());
await admin.send("PATCH", `/pass-types/${PASS_TYPE_IDENTIFIER}`, { wallets: "google" });
console.log("The same passes, if they are offered in Google Wallet only:");
console.table(await weighPasses());
await admin.send("PATCH", `/pass-types/${PASS_TYPE_IDENTIFIER}`, { wallets: "both" });

const body = { ...templateOf(coffeeCard, (await images)[coffeeCard.name]), join: JOIN };
const { id } = await admin.send<Template>("POST", "/templates", {
  ...body,
  passTypeIdentifier: PASS_TYPE_IDENTIFIER,
});
const form = await get("/join/weights");
const refused = await fetch(`${origin}/join/weights`, { method: "POST", body: new URLSearchParams() });
const others: Record<string, Weight> = {
  "join page, with its logo": await weigh(form),
  "join page with errors": await weigh(await refused.text()),
  "poster of a join page": await weigh(await get("/join/weights/poster")),
};
await admin.send("PATCH", `/templates/${id}`, { join: { closesAt: "2026-01-31T23:00:00Z" } });
others["join page that is closed"] = await weigh(await get("/join/weights"));
others["/"] = await weigh(await get("/"));
others["an address without a page"] = await weigh(await get("/nothing-here"));
console.table(Object.fromEntries(Object.entries(others).map(([name, weight]) => [name, shown(weight)])));
if (heaviest > MAX_PAGE_BYTES) process.exitCode = 1;

/** A row for each style. */
async function weighPasses() {
  const rows: Record<string, Record<string, string>> = {};
  for (const { name, path } of screens) {
    const row: Record<string, string> = {};
    const loaded = new Set<string>();
    for (const [device, userAgent] of DEVICES) {
      const html = await get(path, userAgent);
      const weight = await weigh(html);
      heaviest = Math.max(heaviest, weight.plain);
      row[device] = shown(weight);
      for (const image of imagesIn(html)) loaded.add(image);
    }
    const sizes = await Promise.all([...loaded].map(async (image) => (await fetch(origin + image)).bytes()));
    const total = sizes.reduce((sum, { length }) => sum + length, 0);
    rows[name] = { ...row, images: `${kilobytes(total)} in ${loaded.size}` };
  }
  return rows;
}
