/**
 * Debian's Chromium, driven by playwright-core, which brings no browser of its own. CHROMIUM is the path of another one.
 */
import { existsSync } from "node:fs";
import { type BrowserServer, chromium } from "playwright-core";

/** Debian's, and that of GitHub's runners, whose package chromium is an empty one. */
const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

/** No request of the browser itself; root has no sandbox. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts one browser, which several processes can use by its address.
 * @param more arguments besides the usual ones
 * @throws Error with the cure if there is no Chromium
 */
export async function startChromium(more: readonly string[] = []): Promise<BrowserServer> {
  const executablePath = process.env.CHROMIUM ?? EXECUTABLES.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      'There is no Chromium. Run "apt-get install chromium fonts-dejavu-core", or set CHROMIUM to the path of one.',
    );
  }
  const args = [...ARGUMENTS, ...more];
  return await chromium.launchServer({ executablePath, args, host: "127.0.0.1" });
}

/** The context of all visitors: the same on every machine, except for what a test is about. */
export const CONTEXT = { locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce" } as const;
