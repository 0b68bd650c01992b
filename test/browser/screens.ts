/**
 * The pages that are looked at: a pass of each style, the reference of the API, the start page and an address without a
 * page. The passes are issued on a running instance.
 */
import { samples } from "../pkpass/samples/samples.ts";
import type { Admin } from "../tools/local/admin.ts";
import { showAllStyles } from "../tools/local/showcase.ts";
import type { ShowcaseImages } from "../tools/local/showcase-images.ts";

export interface Screen {
  /** For a file name: lower case, without spaces. */
  readonly name: string;
  /** Relative to the origin. */
  readonly path: string;
}

export const OTHER_SCREENS: readonly Screen[] = [
  { name: "api-reference", path: "/admin/docs" },
  { name: "start-page", path: "/" },
  { name: "not-found", path: "/nothing-here" },
];

/** One for each sample, in the same order. */
export async function passScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const shown = await showAllStyles(admin, samples, () => images);
  return shown.map(({ name, page }) => ({
    name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    path: new URL(page).pathname,
  }));
}
