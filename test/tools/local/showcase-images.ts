/**
 * Draws the pictures of the showcase in a thread of its own, since it takes seconds and an instance starts meanwhile.
 */
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { render } from "../../apple/png.ts";
import { DRAWINGS } from "../../apple/showcase-art.ts";

/** The name of a sample → path in the .pkpass → PNG in base64. */
export type ShowcaseImages = Readonly<Record<string, Readonly<Record<string, string>>>>;

const DENSITY = 2;

/** The thread does not keep the process running. */
export function drawShowcase(): Promise<ShowcaseImages> {
  const { promise, resolve, reject } = Promise.withResolvers<ShowcaseImages>();
  const thread = new Worker(import.meta.filename);
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.unref();
  // The caller may end before it asks for the images.
  promise.catch(() => {});
  return promise;
}

if (!isMainThread) parentPort?.postMessage(drawAll());

function drawAll(): ShowcaseImages {
  const drawn = new Map<unknown, string>();
  const draw = (drawing: (typeof DRAWINGS)[string][string]) => {
    const [width, height, scene] = drawing;
    const known = drawn.get(drawing);
    if (known !== undefined) return known;
    const image = Buffer.from(render(scene, width, height, DENSITY)).toString("base64");
    drawn.set(drawing, image);
    return image;
  };
  return Object.fromEntries(
    Object.entries(DRAWINGS).map(([name, slots]) => [
      name,
      Object.fromEntries(
        Object.entries(slots).map(([slot, drawing]) => [`${slot}@${DENSITY}x.png`, draw(drawing)]),
      ),
    ]),
  );
}
