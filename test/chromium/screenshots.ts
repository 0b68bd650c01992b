/**
 * `npm run screenshots`: writes each screen on a phone and on a desktop, light and dark, and each answer of the scanner, into
 * .screenshots, which Git ignores. They are for people to look at; tests compare none of them. `npm run screenshots -- join`
 * writes those whose name begins so, and `npm run screenshots -- --readme` the pictures of README.md.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { forkInstance } from "../curl/global-setup.ts";
import { adminOf } from "../tools/local/admin.ts";
import { repository } from "../tools/local/repository.ts";
import { drawShowcase } from "../tools/local/showcase-images.ts";
import { changeScreens } from "./change-screens.ts";
import { CONTEXT, startChromium } from "./chromium.ts";
import { dashboardScreen, dashboardScreens } from "./dashboard-screens.ts";
import { editorScreens } from "./editor-screens.ts";
import { googleScreens } from "./google-screens.ts";
import { photographForReadme } from "./readme-pictures.ts";
import { photographScanner } from "./scanner-screens.ts";
import { allScreens, type Screen, USER_AGENTS } from "./screens.ts";
import { setUpScreens } from "./set-up-screens.ts";

const FOLDER = join(repository, ".screenshots");
const DEVICES = [
  { device: "phone", viewport: { width: 390, height: 844 }, userAgent: USER_AGENTS.iphone },
  { device: "desktop", viewport: { width: 1280, height: 800 }, userAgent: USER_AGENTS.windows },
] as const;
const SCHEMES = ["light", "dark"] as const;
/** The API reference is 100 screens long. */
const MAX_HEIGHT = 3200;

await using ending = new AsyncDisposableStack();
const images = drawShowcase();
const [server, { instance, end }] = await Promise.all([startChromium(), forkInstance(["--google"])]);
ending.defer(() => server.close());
ending.defer(end);
if ("failure" in instance) throw new Error(instance.failure);
const { origin, adminToken, appleOrigin, rootPem } = instance;
const [wanted = ""] = process.argv.slice(2);
const admin = adminOf(origin, adminToken);
const screen = dashboardScreen(adminToken);
const all = [
  ...(await allScreens(admin, images)),
  ...(await dashboardScreens(screen, admin)),
  ...(await changeScreens(screen, admin, images, rootPem)),
  ...(await setUpScreens(screen, admin, appleOrigin)),
  ...(await editorScreens(admin, adminToken, images)),
  ...(await googleScreens(screen, admin, images, instance)),
];
const browser = await chromium.connect(server.wsEndpoint());
if (wanted === "--readme") await photographForReadme(browser, instance, all);
else {
  await photographAll(all.filter(({ name }) => name.startsWith(wanted)));
  if (wanted === "" || wanted.startsWith("scanner")) {
    await photographScanner(browser, async (page, name) => {
      await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
    });
  }
  console.log(`${readdirSync(FOLDER).length} screenshots in ${FOLDER}`);
}

async function photographAll(screens: readonly Screen[]): Promise<void> {
  if (wanted === "") rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await Promise.all(
    DEVICES.map(async (device) => {
      for (const screen of screens) await photograph(device, screen);
    }),
  );
}

async function photograph(
  { device, viewport, userAgent }: (typeof DEVICES)[number],
  { name, path, prepare, ...own }: Screen,
): Promise<void> {
  const context = await browser.newContext({ ...CONTEXT, viewport, deviceScaleFactor: 2, userAgent, ...own });
  const page = await context.newPage();
  await page.goto(origin + path);
  await prepare?.(page);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    const height = await page.evaluate<number>("document.documentElement.scrollHeight");
    await page.screenshot({
      path: join(FOLDER, `${name}.${device}.${colorScheme}.png`),
      fullPage: true,
      clip: {
        x: 0,
        y: 0,
        width: viewport.width,
        height: Math.min(Math.max(height, viewport.height), MAX_HEIGHT),
      },
    });
  }
  await context.close();
}
