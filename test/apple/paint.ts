/**
 * What the drawn pictures are painted with. Shapes are signed distances, negative inside
 * (https://iquilezles.org/articles/distfunctions2d/), so one drawing can be rendered with smooth edges at every scale.
 */

/** Takes the number of pixels per point and returns the painter: red, green, blue, alpha, from 0 to 255. */
export type Scene = (scale: number) => (x: number, y: number) => readonly [number, number, number, number];

export type Colour = readonly [red: number, green: number, blue: number];

/** One point of a picture, painted in layers. */
export class Canvas {
  #colour: Colour;
  #alpha: number;

  constructor(ground: Colour, alpha = 1) {
    this.#colour = ground;
    this.#alpha = alpha;
  }

  /** Lays a colour over the point; `coverage` is 0 to 1. */
  paint(colour: Colour, coverage: number): void {
    if (coverage <= 0) return;
    const alpha = coverage + this.#alpha * (1 - coverage);
    this.#colour = mix(this.#colour, colour, coverage / alpha);
    this.#alpha = alpha;
  }

  /** In steps of two, which nobody can see in these pictures and which makes their files a fifth smaller. */
  pixel(): readonly [number, number, number, number] {
    const [red, green, blue] = this.#colour;
    return [
      Math.round(red) & 0xfe,
      Math.round(green) & 0xfe,
      Math.round(blue) & 0xfe,
      Math.round(this.#alpha * 255),
    ];
  }
}

export const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** 0 up to `from`, 1 from `to`, smooth between. */
export function ease(from: number, to: number, value: number): number {
  const part = clamp((value - from) / (to - from));
  return part * part * (3 - 2 * part);
}

export function mix(from: Colour, to: Colour, part: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

/** How much of a pixel a shape covers, from the distance of the pixel's centre. */
export const cover = (distance: number, scale: number) => clamp(0.5 - distance * scale);

/** The same, but the edge is blurred over `blur` points. */
export const soften = (distance: number, blur: number, scale: number) =>
  1 - ease(-blur - 0.5 / scale, blur + 0.5 / scale, distance);

export function ellipse(x: number, y: number, radiusX: number, radiusY: number): number {
  const near = Math.hypot(x / radiusX, y / radiusY);
  const slope = Math.hypot(x / radiusX ** 2, y / radiusY ** 2);
  return slope === 0 ? -Math.min(radiusX, radiusY) : (near * (near - 1)) / slope;
}

export function segment(
  x: number,
  y: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const part = clamp(((x - fromX) * alongX + (y - fromY) * alongY) / (alongX ** 2 + alongY ** 2));
  return Math.hypot(x - fromX - alongX * part, y - fromY - alongY * part);
}

/** A heart whose tip is the origin and whose height is about 1.1, upwards. */
export function heart(x: number, y: number): number {
  const side = Math.abs(x);
  if (side + y > 1) return Math.hypot(side - 0.25, y - 0.75) - Math.SQRT2 / 4;
  const half = 0.5 * Math.max(side + y, 0);
  return Math.min(Math.hypot(side, y - 1), Math.hypot(side - half, y - half)) * Math.sign(side - y);
}
