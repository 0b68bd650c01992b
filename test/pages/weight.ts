/** How much a page weighs: for the test that limits it, and for `npm run weights`. */

/** The most that the page of a pass may have, as HTML that is not compressed. */
export const MAX_PAGE_BYTES = 40_000;

/** What a page weighs, in bytes. */
export interface Weight {
  readonly plain: number;
  /** With gzip, the least that every browser takes: Cloudflare's edge compresses pages. */
  readonly compressed: number;
}

export async function weigh(html: string): Promise<Weight> {
  const bytes = new TextEncoder().encode(html);
  const gzip = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { plain: bytes.length, compressed: (await new Response(gzip).bytes()).length };
}

/** The paths of the images of a pass that the page loads, the icon of the tab and those of Google's card included. */
export function imagesIn(html: string): string[] {
  return [
    ...new Set([...html.matchAll(/(?:src|href)="(\/[pg]\/[^"]+\.png)"/g)].map(([, path = ""]) => path)),
  ];
}
