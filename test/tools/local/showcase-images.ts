/**
 * Draws the pictures of the showcase in a thread of its own, since it takes seconds and an instance starts meanwhile.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { render } from "../../apple/png.ts";
import { DRAWINGS } from "../../apple/showcase-art.ts";

/** The name of a sample → path in the .pkpass → PNG in base64. */
export type ShowcaseImages = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** 3 takes twice as long; it is all that a pass needs, since Edgepass makes the others of it. 2 is sharp enough for pages. */
type Density = 2 | 3;

/** The thread does not keep the process running. */
export function drawShowcase(density: Density = 2): Promise<ShowcaseImages> {
  const { promise, resolve, reject } = Promise.withResolvers<ShowcaseImages>();
  const thread = new Worker(import.meta.filename, { workerData: density });
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.unref();
  // The caller may end before it asks for the images.
  promise.catch(() => {});
  return promise;
}

if (!isMainThread) parentPort?.postMessage(drawAll(workerData));

function drawAll(density: Density): ShowcaseImages {
  const drawn = new Map<unknown, string>();
  const draw = (drawing: (typeof DRAWINGS)[string][string], scale: number) => {
    const [width, height, scene] = drawing;
    const known = drawn.get(drawing);
    if (known !== undefined) return known;
    const image = Buffer.from(render(scene, width, height, scale)).toString("base64");
    drawn.set(drawing, image);
    return image;
  };
  return Object.fromEntries(
    Object.entries(DRAWINGS).map(([name, slots]) => [
      name,
      Object.fromEntries(
        // An image of Google Wallet has one size.
        Object.entries(slots).map(([slot, drawing]) =>
          slot.startsWith("google/")
            ? [`${slot}.png`, draw(drawing, 1)]
            : [`${slot}@${density}x.png`, draw(drawing, density)],
        ),
      ),
    ]),
  );
}
