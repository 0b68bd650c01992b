/**
 * The pictures of the demo's coffee bar, "Edgepass Roasters", as functions from a point to its colour: an icon, a mark
 * for the logo, and a strip with a cappuccino seen from above. png.ts turns them into files.
 */

import {
  Canvas,
  type Colour,
  clamp,
  cover,
  ease,
  ellipse,
  heart,
  mix,
  type Scene,
  segment,
  soften,
} from "./paint.ts";

const espresso: Colour = [43, 26, 18];
const mocha: Colour = [98, 56, 33];
const caramel: Colour = [201, 126, 60];
const amber: Colour = [255, 196, 120];
const crema: Colour = [188, 118, 62];
const roast: Colour = [112, 60, 28];
const milk: Colour = [255, 244, 224];
const porcelain: Colour = [252, 246, 238];
const shade: Colour = [214, 196, 178];
const black: Colour = [12, 6, 3];

/** The app icon, 29 by 29 points: the cup on a warm ground. Wallet rounds its corners. */
export const badge: Scene = (scale) => (x, y) => {
  const canvas = new Canvas(mix(caramel, roast, ease(-4, 34, x * 0.35 + y)));
  canvas.paint(amber, 0.35 * (1 - ease(0, 22, Math.hypot(x - 7, y - 4))));
  paintCup(canvas, (x - 14.2) / 11.4, (y - 15.2) / 11.4, 11.4 * scale);
  return canvas.pixel();
};

/** The logo, 50 by 50 points: the cup on a disc, transparent around it. */
export const mark: Scene = (scale) => (x, y) => {
  const disc = cover(Math.hypot(x - 25, y - 25) - 24, scale);
  const canvas = new Canvas(mix(caramel, roast, ease(0, 58, x * 0.35 + y)), disc);
  canvas.paint(amber, 0.35 * disc * (1 - ease(0, 34, Math.hypot(x - 14, y - 8))));
  paintCup(canvas, (x - 24.4) / 16, (y - 26) / 16, 16 * scale);
  return canvas.pixel();
};

/** The strip, 375 by 123 points. Its left third has little detail, because Wallet writes the primary field there. */
export const strip: Scene = (scale) => (x, y) => {
  const canvas = new Canvas(mix(espresso, mocha, ease(40, 400, x + y * 0.4)));
  canvas.paint(caramel, 0.75 * (1 - ease(10, 190, Math.hypot(x - 345, (y + 10) * 1.2))));
  for (const [left, top, radius, light] of lights) {
    const distance = Math.hypot(x - left, y - top);
    const rim = 1 - ease(0, radius * 0.22, Math.abs(distance - radius * 0.9));
    canvas.paint(amber, light * (0.75 + 0.45 * rim) * (1 - ease(radius * 0.9, radius * 1.06, distance)));
  }
  for (const [left, top, angle] of beans) paintBean(canvas, x - left, y - top, angle, scale);
  paintCappuccino(canvas, x - 292, y - 68, scale);
  return canvas.pixel();
};

/** Blurred lights in the background of the strip: x, y, radius, strength. */
const lights: readonly (readonly [number, number, number, number])[] = [
  [22, 104, 26, 0.05],
  [74, 18, 34, 0.06],
  [128, 92, 20, 0.08],
  [150, 30, 13, 0.15],
  [176, 62, 25, 0.1],
  [196, 16, 18, 0.18],
  [206, 70, 8, 0.14],
  [238, 8, 14, 0.2],
  [352, 10, 22, 0.26],
  [366, 52, 13, 0.22],
];

/** Coffee beans next to the saucer: x, y, angle. */
const beans: readonly (readonly [number, number, number])[] = [
  [188, 104, 0.5],
  [206, 92, -0.9],
  [166, 113, 1.4],
];

/** A cup from the side with steam, in a space from -1 to 1 of `scale` pixels a unit. */
function paintCup(canvas: Canvas, x: number, y: number, scale: number): void {
  const bowl = Math.max(ellipse(x + 0.08, y + 0.12, 0.56, 0.66), -(y + 0.12));
  const handle = Math.max(
    Math.abs(Math.hypot(x - 0.5, y - 0.12) - 0.2) - 0.07,
    -ellipse(x + 0.08, y + 0.12, 0.5, 0.6),
  );
  const saucer = segment(x, y, -0.66, 0.72, 0.5, 0.72) - 0.07;
  canvas.paint(milk, cover(Math.min(bowl, handle, saucer), scale));
  for (const left of [-0.3, 0.1]) {
    const rise = clamp((y + 0.85) / 0.55);
    const sway = left + 0.09 * Math.sin(rise * Math.PI * 2);
    const width = 0.085 * Math.sin(Math.PI * clamp(rise * 0.9 + 0.08)) ** 0.5;
    const steam = Math.max(Math.abs(x - sway) * 0.88 - width, Math.abs(y + 0.575) - 0.3);
    canvas.paint(milk, 0.9 * cover(steam, scale));
  }
}

/** A saucer, a cup and its latte art from above, around the origin. */
function paintCappuccino(canvas: Canvas, x: number, y: number, scale: number): void {
  const distance = Math.hypot(x, y);
  canvas.paint(black, 0.6 * (1 - ease(58, 92, Math.hypot(x + 5, y - 8))));

  // The light comes from the upper right, so surfaces that face that direction are bright.
  const facing = (x - y) / (distance * Math.SQRT2 + 0.001);
  canvas.paint(mix(shade, porcelain, ease(-1.2, 0.7, facing)), cover(distance - 78, scale));
  canvas.paint(shade, 0.55 * cover(Math.abs(distance - 73.5) - 0.5, scale));
  canvas.paint(mix(porcelain, shade, ease(-0.8, 1, facing)), cover(distance - 60, scale) * 0.5);

  canvas.paint(black, 0.34 * (1 - ease(46, 62, Math.hypot(x + 5, y - 6))));
  const handle = segment(x, y, -36, 34, -56, 53);
  canvas.paint(shade, cover(handle - 7, scale));
  canvas.paint(porcelain, cover(segment(x, y, -35, 32, -55.5, 51.5) - 4.6, scale));

  canvas.paint(mix(shade, porcelain, ease(-1, 0.5, facing)), cover(distance - 50, scale));
  canvas.paint(mix(porcelain, shade, ease(-0.6, 1, facing)), cover(distance - 46.5, scale));
  const coffee = cover(distance - 44.5, scale);
  canvas.paint(mix(crema, roast, ease(18, 45, distance)), coffee);
  canvas.paint(black, 0.3 * coffee * (1 - ease(0, 9, 44.5 - distance + facing * -4)));
  paintLatteArt(canvas, x, y, coffee, scale);
}

/** A heart of milk with the ripples of poured milk. */
function paintLatteArt(canvas: Canvas, x: number, y: number, coffee: number, scale: number): void {
  const angle = 0.42;
  const across = x * Math.cos(angle) + y * Math.sin(angle);
  const down = y * Math.cos(angle) - x * Math.sin(angle);
  const size = 44;
  const edge = heart(across / size, (26 - down) / size) * size;
  canvas.paint(milk, coffee * soften(edge, 0.8, scale));
  for (const depth of [4.4, 10]) {
    const ripple = Math.abs(edge + depth) - 1.1 + 0.03 * depth;
    canvas.paint(crema, 0.85 * coffee * soften(ripple, 0.7, scale) * ease(-20, 16, 14 - down));
  }
  canvas.paint(milk, 0.55 * coffee * soften(Math.abs(edge - 4.6) - 0.8, 0.8, scale));
}

function paintBean(canvas: Canvas, x: number, y: number, angle: number, scale: number): void {
  const along = x * Math.cos(angle) + y * Math.sin(angle);
  const across = y * Math.cos(angle) - x * Math.sin(angle);
  canvas.paint(black, 0.5 * (1 - ease(4, 13, Math.hypot(x + 1.5, y - 2.5))));
  const bean = cover(ellipse(along, across, 10, 6.4), scale);
  canvas.paint(mix([126, 72, 38], [58, 30, 16], ease(-7, 7, y - x * 0.6)), bean);
  const crease = Math.abs(across - 1.3 * Math.sin(along * 0.38)) - 0.75;
  canvas.paint([34, 17, 9], bean * soften(crease, 0.4, scale));
}
