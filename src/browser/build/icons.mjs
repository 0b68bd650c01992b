/**
 * The icons of the installed scanner: a pass with a notch, as in pages/favicon.ts, inside the four corners of a scan frame.
 * They are drawn with distance functions, so that every size has smooth edges. Sizes and purposes follow the W3C's "Web
 * Application Manifest" (maskable: what matters is in the middle, within 40% of the width) and Apple's touch icon (180
 * pixels, opaque).
 */
import { encode } from "fast-png";

const BLUE = [10, 108, 214];
const WHITE = [255, 255, 255];

/** How far a point is outside of a rectangle around the middle; negative inside. All lengths are parts of the width. */
function toRectangle(x, y, halfWidth, halfHeight, radius) {
  const dx = Math.abs(x) - halfWidth + radius;
  const dy = Math.abs(y) - halfHeight + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function toCircle(x, y, radius) {
  return Math.hypot(x, y) - radius;
}

/** A card whose upper edge has a notch. */
function toPass(x, y) {
  return Math.max(toRectangle(x, y, 0.14, 0.18, 0.035), -toCircle(x, y + 0.18, 0.045));
}

/** Two lines of text on the card. */
function toText(x, y) {
  const upper = toRectangle(x, y - 0.02, 0.085, 0.0155, 0.0155);
  const lower = toRectangle(x + 0.03, y - 0.085, 0.055, 0.0155, 0.0155);
  return Math.min(upper, lower);
}

/** Four corners: the line of a square, without the middles of its sides. */
function toFrame(x, y) {
  const line = Math.abs(toRectangle(x, y, 0.275, 0.275, 0.07)) - 0.0165;
  return Math.max(line, 0.15 - Math.min(Math.abs(x), Math.abs(y)));
}

/**
 * @param scale of the drawing within the square
 * @param corner the radius of the square's corners, as a part of its width; 0: opaque
 */
function draw(size, scale, corner) {
  const data = new Uint8Array(size * size * 4);
  const pixel = 1 / size;
  /** How much of a pixel a shape covers: it changes within one pixel at the edge. */
  const coverage = (distance) => Math.min(Math.max(0.5 - distance / pixel, 0), 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size - 0.5;
      const y = (row + 0.5) / size - 0.5;
      const [u, v] = [x / scale, y / scale];
      const sign = Math.max(coverage(toFrame(u, v) * scale), coverage(toPass(u, v) * scale));
      const white = Math.min(sign, 1 - coverage(toText(u, v) * scale));
      const alpha = corner === 0 ? 1 : coverage(toRectangle(x, y, 0.5, 0.5, corner));
      const at = (row * size + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = Math.round(BLUE[channel] + (WHITE[channel] - BLUE[channel]) * white);
      }
      data[at + 3] = Math.round(alpha * 255);
    }
  }
  return encode({ width: size, height: size, data, channels: 4 });
}

/** PNGs by purpose and width. */
export function drawIcons() {
  return {
    any192: draw(192, 1.2, 0.22),
    any512: draw(512, 1.2, 0.22),
    maskable512: draw(512, 1, 0),
    apple180: draw(180, 1.15, 0),
  };
}
