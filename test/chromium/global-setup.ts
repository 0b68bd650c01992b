/**
 * Starts one instance and one Chromium for all files, and issues the passes that they look at.
 */
import type { TestProject } from "vitest/node";
import { forkCurlRunner, forkInstance } from "../curl/global-setup.ts";
import { adminOf } from "../tools/local/admin.ts";
import { showAllStyles } from "../tools/local/showcase.ts";
import { drawShowcase } from "../tools/local/showcase-images.ts";
import { arabicFlight } from "./arabic-flight.ts";
import { startChromium } from "./chromium.ts";
import { passScreens, type Screen } from "./screens.ts";

declare module "vitest" {
  interface ProvidedContext {
    pages: {
      /** http://127.0.0.1:port */
      readonly origin: string;
      readonly adminToken: string;
      /** The control server of the stand-in Apple. */
      readonly appleOrigin: string;
      /** The stand-in Google, with its control API. */
      readonly googleOrigin: string;
      /** What a stand-in iPhone trusts. */
      readonly rootPem: string;
      /** The address of Chromium. */
      readonly browser: string;
      /** A pass of each style. */
      readonly passes: readonly Screen[];
      /** The path of a flight with Arabic texts. */
      readonly arabic: string;
    };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const images = drawShowcase();
  const [browser, { instance, end }, curl] = await Promise.all([
    startChromium(),
    forkInstance(),
    forkCurlRunner(),
  ]);
  const endAll = async () => {
    await Promise.all([browser.close(), end(), curl.end()]);
  };
  try {
    if ("failure" in instance) throw new Error(instance.failure);
    const { origin, adminToken, appleOrigin, googleOrigin, rootPem } = instance;
    const admin = adminOf(origin, adminToken);
    const passes = await passScreens(admin, images);
    const [arabic] = await showAllStyles(admin, [arabicFlight], () => images);
    if (arabic === undefined) throw new Error("the Arabic flight was not issued");
    const path = new URL(arabic.page).pathname;
    project.provide("curlRunner", curl.address);
    project.provide("pages", {
      origin,
      adminToken,
      appleOrigin,
      googleOrigin,
      rootPem,
      browser: browser.wsEndpoint(),
      passes,
      arabic: path,
    });
    return endAll;
  } catch (error) {
    await endAll();
    throw error;
  }
}
