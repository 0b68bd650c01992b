/**
 * `npm run screenshots -- --readme`: the pictures in README.md. They are WebP files, which the DevTools protocol writes
 * (Page.captureScreenshot) and playwright does not.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { InstanceFacts } from "../curl/run-instance.ts";
import { repository } from "../tools/local/repository.ts";
import { CONTEXT } from "./chromium.ts";
import { openEditor, openPass } from "./readme-dashboard.ts";
import { openGallery } from "./scanner-screens.ts";
import { type Screen, USER_AGENTS } from "./screens.ts";

const FOLDER = join(repository, ".github/pictures");
const PHONE = { viewport: { width: 390, height: 720 }, userAgent: USER_AGENTS.iphone };
const DESKTOP = { viewport: { width: 960, height: 720 }, userAgent: USER_AGENTS.windows };
/** The passes in the picture of styles. */
const STYLES = [
  "concert-ticket",
  "coffee-card",
  "season-ticket-as-a-poster",
  "museum-membership-as-a-poster",
];
/** Inter is like San Francisco, which only Apple's devices have. The pictures in the repository were made with Debian's package. */
const FONT = ":root { font-family: Inter, system-ui, sans-serif !important; }";

/**
 * Writes the pictures into .github/pictures.
 * @throws Error with the cure if Inter is not installed
 */
export async function photographForReadme(
  browser: Browser,
  instance: InstanceFacts,
  screens: readonly Screen[],
): Promise<void> {
  requireInter();
  const { origin } = instance;
  mkdirSync(FOLDER, { recursive: true });
  const open = async (context: BrowserContext, name: string, style = "") => {
    const page = await context.newPage();
    const screen = screens.find((candidate) => candidate.name === name);
    await page.goto(origin + (screen?.path ?? ""));
    await page.addStyleTag({ content: FONT + style });
    return page;
  };
  const phone = await browser.newContext({ ...CONTEXT, ...PHONE, deviceScaleFactor: 1.5 });
  const desktop = await browser.newContext({ ...CONTEXT, ...DESKTOP, deviceScaleFactor: 1.5 });
  await save(await open(phone, "boarding-pass"), "phone");
  const cards: string[] = [];
  for (const name of STYLES) {
    const page = await open(
      phone,
      name,
      "body { background: none !important; } .card { filter: none !important; }",
    );
    cards.push((await page.locator(".card").first().screenshot({ omitBackground: true })).toString("base64"));
  }
  const styles = await desktop.newPage();
  await styles.setViewportSize({ width: 580, height: 720 });
  await styles.setContent(sideBySide(cards));
  await save(styles, "styles");
  await save(await scanner(phone, desktop, cards[0] ?? ""), "scanner");
  const poster = await open(desktop, "join-poster", ".url { visibility: hidden; }");
  await save(poster, "poster", (await poster.locator(".paper").boundingBox()) ?? undefined);
  await Promise.all([phone.close(), desktop.close()]);
  // Much text, so one pixel of the picture for each of the page. Its Content-Security-Policy would refuse the font.
  const large = await browser.newContext({ ...CONTEXT, ...DESKTOP, bypassCSP: true });
  const onDashboard = { editor: openEditor, pass: openPass };
  for (const [name, openPage] of Object.entries(onDashboard)) {
    const page = await openPage(large, instance);
    await page.addStyleTag({ content: FONT });
    await save(page, name);
  }
  await large.close();
}

/** Two phones: a ticket in front of the camera, and its answer. */
async function scanner(phone: BrowserContext, desktop: BrowserContext, ticket: string): Promise<Page> {
  const page = await phone.newPage();
  const openScreen = await openGallery(page);
  const pictures: string[] = [];
  for (const screen of ["scan", "answer-redeemed"]) {
    await openScreen(screen);
    await page.addStyleTag({ content: `${FONT} .camera { background: ${inFrontOfCamera(ticket)} }` });
    pictures.push((await page.screenshot()).toString("base64"));
  }
  const both = await desktop.newPage();
  await both.setViewportSize({ width: 820, height: 720 });
  await both.setContent(
    `<style>body { margin: 0; display: flex; justify-content: space-between; }
      div { box-sizing: border-box; width: 390px; height: 720px; overflow: hidden; border: 2px solid #c7c7cc; border-radius: 28px; }
      img { display: block; width: 390px; margin: -2px; }</style>${pictures.map((png) => `<div><img src="data:image/png;base64,${png}"></div>`).join("")}`,
  );
  return both;
}

/** The ticket in front of the camera in the evening, with its QR code in the frame. */
const inFrontOfCamera = (png: string) =>
  `url("data:image/png;base64,${png}") 50% -150px / 85% no-repeat, radial-gradient(circle at 50% 40%, #4a4038, #14110f)`;

/** Chromium would silently take another font. */
function requireInter(): void {
  const fonts = execFileSync("fc-list", [":family=Inter", "family"], { encoding: "utf8" });
  if (fonts.trim() === "") {
    throw new Error('The font Inter is not installed. Run "apt-get install fonts-inter fontconfig".');
  }
}

type Clip = Readonly<Record<"x" | "y" | "width" | "height", number>>;

async function save(page: Page, name: string, clip?: Clip): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setDefaultBackgroundColorOverride", { color: { r: 0, g: 0, b: 0, a: 0 } });
  const { data } = await session.send("Page.captureScreenshot", {
    format: "webp",
    quality: 75,
    ...(clip && { clip: { ...clip, scale: 1 } }),
  });
  writeFileSync(join(FOLDER, `${name}.webp`), Buffer.from(data, "base64"));
}

const sideBySide = (pngs: readonly string[]) =>
  `<style>body { margin: 0; height: 100vh; display: flex; flex-wrap: wrap; justify-content: space-between; align-content: space-between; }
    img { height: 348px; width: 280px; object-fit: contain; }</style>${pngs.map((png) => `<img src="data:image/png;base64,${png}">`).join("")}`;
