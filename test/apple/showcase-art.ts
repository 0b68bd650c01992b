/**
 * The pictures of the showcase: an emblem for each issuer, and what the styles show large. They are simple shapes, since all
 * of them are drawn when an instance starts for the first time.
 */
import { strip as coffeeStrip } from "./demo-art.ts";
import { Canvas, type Colour, clamp, cover, ease, ellipse, mix, type Scene, segment } from "./paint.ts";

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

/** A shape in a space from -1 to 1: its distance, negative inside. */
type Glyph = (x: number, y: number) => number;

const GLYPHS = {
  /** Northern lights. */
  waves: (x, y) =>
    Math.min(...[-0.36, 0, 0.36].map((at) => Math.abs(y - at - 0.16 * Math.sin(x * 4 + at * 3)) - 0.085)),
  lantern: (x, y) =>
    Math.min(
      Math.max(ellipse(x, y - 0.08, 0.42, 0.5), Math.abs(y - 0.08) - 0.42),
      segment(x, y, -0.2, -0.42, 0.2, -0.42) - 0.07,
      Math.abs(Math.hypot(x, y + 0.5) - 0.16) - 0.05,
      segment(x, y, 0, 0.55, 0, 0.74) - 0.04,
    ),
  anchor: (x, y) =>
    Math.min(
      Math.abs(Math.hypot(x, y + 0.5) - 0.15) - 0.06,
      segment(x, y, 0, -0.34, 0, 0.6) - 0.07,
      segment(x, y, -0.28, -0.16, 0.28, -0.16) - 0.06,
      Math.max(Math.abs(Math.hypot(x, y - 0.1) - 0.52) - 0.07, 0.16 - y),
    ),
  /** A croissant. */
  crescent: (x, y) => Math.max(Math.hypot(x, y) - 0.62, 0.46 - Math.hypot(x, y - 0.36)),
  leaf: (x, y) => {
    const [along, across] = [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2];
    const blade = Math.max(Math.hypot(along, across - 0.5) - 0.86, Math.hypot(along, across + 0.5) - 0.86);
    return Math.max(blade, 0.045 - Math.abs(across) + 0.03 * along);
  },
  book: (x, y) => {
    const page = Math.max(
      Math.abs(Math.abs(x) - 0.33) - 0.28,
      Math.abs(y + 0.18 * Math.abs(x) - 0.06) - 0.42,
    );
    return Math.min(page, segment(x, y, 0, -0.34, 0, 0.5) - 0.025);
  },
  /** A track that leads away, with its sleepers. */
  rails: (x, y) =>
    Math.min(
      segment(x, y, -0.5, 0.62, -0.14, -0.62) - 0.07,
      segment(x, y, 0.5, 0.62, 0.14, -0.62) - 0.07,
      ...[0.42, 0.08, -0.22, -0.46].map((at) => {
        const half = 0.34 + 0.32 * at;
        return segment(x, y, -half, at, half, at) - 0.05;
      }),
    ),
  /** An ammonite: a spiral that grows by the same factor with each turn. */
  ammonite: (x, y) => {
    const radius = Math.hypot(x, y);
    const turn = Math.atan2(y, x) / (2 * Math.PI);
    const at = Math.log(radius / 0.7) / Math.log(2.1) - turn;
    const gap = Math.abs(at - Math.round(at));
    return Math.max((0.1 - gap) * -radius * 0.7 + 0.012, radius - 0.78);
  },
} satisfies Record<string, Glyph>;

/** A disc, or a whole square for an icon, with a white shape on it. */
function emblem(size: number, glyph: Glyph, light: Colour, dark: Colour, isSquare = false): Scene {
  return (scale) => (x, y) => {
    const half = size / 2;
    const disc = isSquare ? 1 : cover(Math.hypot(x - half, y - half) - half + 0.5, scale);
    const canvas = new Canvas(mix(light, dark, ease(0, size, x * 0.4 + y * 0.8)), disc);
    const unit = size * 0.42;
    canvas.paint(WHITE, disc * cover(glyph((x - half) / unit, (y - half) / unit), unit * scale));
    return canvas.pixel();
  };
}

/** Lights out of focus over a gradient. */
function lights(width: number, height: number, light: Colour, dark: Colour, glow: Colour): Scene {
  const spots = Array.from({ length: 14 }, (_, index) => ({
    left: ((index * 0.618) % 1) * width,
    top: ((index * 0.382 + 0.1) % 1) * height,
    radius: 8 + ((index * 7) % 5) * (width / 45),
    strength: 0.12 + ((index * 5) % 4) * 0.07,
  }));
  return () => (x, y) => {
    const canvas = new Canvas(mix(dark, light, ease(0, width + height, x + height - y)));
    for (const { left, top, radius, strength } of spots) {
      const distance = Math.hypot(x - left, y - top);
      if (distance < radius * 1.1)
        canvas.paint(glow, strength * (1 - ease(radius * 0.85, radius * 1.1, distance)));
    }
    return canvas.pixel();
  };
}

/** Hills behind each other, lighter with the distance: sand, tea terraces or the sea. */
function hills(width: number, height: number, light: Colour, dark: Colour, sun: Colour): Scene {
  return (scale) => (x, y) => {
    const canvas = new Canvas(mix(light, WHITE, 0.25 * (1 - y / height)));
    const far = Math.hypot(x - width * 0.78, y - height * 0.34);
    canvas.paint(sun, 0.5 * (1 - ease(0, height * 0.7, far)));
    canvas.paint(sun, cover(far - height * 0.13, scale));
    for (let hill = 0; hill < 4; hill++) {
      const ridge =
        height * (0.42 + hill * 0.15) +
        Math.sin(x / (width * (0.09 + hill * 0.03)) + hill * 2.2) * height * 0.07;
      canvas.paint(mix(light, dark, 0.35 + hill * 0.2), cover(ridge - y, scale));
    }
    return canvas.pixel();
  };
}

/** A football ground under floodlights, for 358 by 448 points. */
const ground: Scene = (scale) => (x, y) => {
  const canvas = new Canvas(mix([4, 20, 52], [36, 108, 168], ease(0, 300, y)));
  for (const left of [40, 318]) {
    const away = Math.hypot(x - left, y - 74);
    canvas.paint([226, 240, 255], 0.75 * (1 - ease(0, 150, away)) ** 2);
    canvas.paint([12, 30, 60], cover(segment(x, y, left, 80, left, 240) - 2, scale));
    canvas.paint(WHITE, cover(Math.max(Math.abs(x - left) - 18, Math.abs(y - 74) - 9), scale));
  }
  const stand = 222 - 26 * ((x - 179) / 179) ** 2;
  canvas.paint(mix([18, 44, 84], [8, 24, 52], ease(200, 270, y)), cover(stand - y, scale));
  if (y > stand + 10 && y < 262 && (Math.floor(x / 5) * 31 + Math.floor(y / 5) * 17) % 7 < 3) {
    canvas.paint([150, 190, 226], 0.3);
  }
  // The stripes of the grass meet at the horizon.
  const depth = (y - 262) / 186;
  if (depth > 0) {
    const lane = (x - 179) / (0.35 + depth);
    canvas.paint(Math.floor(lane / 36 + 100) % 2 === 0 ? [38, 128, 66] : [30, 112, 56], 1);
    canvas.paint(WHITE, 0.85 * cover(Math.abs(lane) * (0.35 + depth) - 1.4, scale));
    const circle = Math.abs(Math.hypot(lane, (depth - 0.42) * 250) - 62) - 1.6;
    canvas.paint(WHITE, 0.85 * cover(circle, scale));
  }
  return canvas.pixel();
};

/** The shell of an ammonite in stone, for 358 by 448 points. */
const fossil: Scene = (scale) => (x, y) => {
  const canvas = new Canvas(mix([44, 104, 80], [10, 34, 26], ease(0, 460, Math.hypot(x - 120, y - 60))));
  const [left, top] = [x - 190, y - 205];
  const radius = Math.hypot(left, top);
  const angle = Math.atan2(top, left);
  const shell = cover(radius - 150, scale);
  canvas.paint(BLACK, 0.45 * (1 - ease(140, 180, Math.hypot(left + 6, top - 12))));
  if (shell === 0) return canvas.pixel();
  const at = Math.log(Math.max(radius, 2) / 150) / Math.log(2.1) - angle / (2 * Math.PI);
  const across = at - Math.floor(at);
  const rib = Math.sin(angle * 22 + Math.floor(at) * 3);
  const round = Math.sin(Math.PI * across);
  const facing = clamp(0.5 + 0.35 * Math.cos(angle + 2.3) + 0.12 * rib * round);
  canvas.paint(mix([84, 58, 36], [236, 208, 164], clamp(round * 0.75 + facing * 0.35)), shell);
  canvas.paint([40, 26, 16], shell * 0.8 * (1 - ease(0, 0.09, Math.min(across, 1 - across))));
  return canvas.pixel();
};

/** The plan of the ground from above, for 300 by 200 points: stands around the pitch, and the east one marked. */
const plan: Scene = (scale) => (x, y) => {
  const canvas = new Canvas([232, 238, 244]);
  const oval = ellipse(x - 150, y - 100, 138, 90);
  canvas.paint([150, 178, 206], cover(oval, scale));
  if (x > 212) canvas.paint([0, 92, 164], cover(oval, scale));
  canvas.paint([232, 238, 244], cover(Math.abs(oval + 26) - 1, scale));
  canvas.paint([46, 140, 74], cover(Math.max(Math.abs(x - 150) - 74, Math.abs(y - 100) - 44), scale));
  canvas.paint(WHITE, cover(Math.abs(Math.hypot(x - 150, y - 100) - 16) - 0.7, scale));
  if (Math.abs(y - 100) < 44) canvas.paint(WHITE, cover(Math.abs(x - 150) - 0.7, scale));
  return canvas.pixel();
};

/** An image at its size in points. */
export type Drawing = readonly [width: number, height: number, scene: Scene];

function brand(glyph: Glyph, light: Colour, dark: Colour, logo: string): Record<string, Drawing> {
  return {
    icon: [29, 29, emblem(29, glyph, light, dark, true)],
    [logo]: [40, 40, emblem(40, glyph, light, dark)],
  };
}

/** The strip of the demo is 123 points high. */
const coffee: Drawing = [
  375,
  144,
  (scale) => {
    const paint = coffeeStrip(scale);
    return (x, y) => paint(x, y - 10);
  },
];

const nordlys: Record<string, Drawing> = {
  ...brand(GLYPHS.waves, [64, 196, 170], [20, 74, 140], "logo"),
  footer: [286, 15, hills(286, 15, [90, 170, 190], [24, 74, 130], [210, 240, 230])],
};

/** The name of a sample → slot → image. The strips of the coffee card are the same in each language. */
export const DRAWINGS: Readonly<Record<string, Readonly<Record<string, Drawing>>>> = {
  "Boarding pass": nordlys,
  "Semantic boarding pass": nordlys,
  "Concert ticket": {
    ...brand(GLYPHS.lantern, [240, 150, 80], [150, 40, 110], "logo"),
    background: [180, 220, lights(180, 220, [150, 60, 150], [30, 8, 50], [255, 190, 120])],
    thumbnail: [60, 90, emblemCard(60, [255, 176, 88], [96, 24, 90], GLYPHS.lantern)],
  },
  "Season ticket as a poster": {
    ...brand(GLYPHS.anchor, [0, 120, 200], [0, 48, 100], "logo"),
    primaryLogo: [30, 30, emblem(30, GLYPHS.anchor, [0, 120, 200], [0, 48, 100])],
    strip: [375, 98, hills(375, 98, [90, 160, 206], [0, 52, 104], [255, 226, 170])],
    artwork: [358, 448, ground],
    venueMap: [300, 200, plan],
  },
  "Coffee card": {
    ...brand(GLYPHS.crescent, [220, 150, 80], [110, 58, 26], "logo"),
    ...Object.fromEntries(["en", "fr", "pt-BR"].map((language) => [`${language}.lproj/strip`, coffee])),
  },
  "Bakery coupon": {
    ...brand(GLYPHS.crescent, [250, 176, 90], [186, 70, 30], "logo"),
    strip: [375, 144, hills(375, 144, [240, 150, 84], [140, 46, 20], [255, 222, 160])],
  },
  "Rewards card with sign-up": {
    ...brand(GLYPHS.leaf, [120, 180, 96], [34, 92, 60], "logo"),
    personalizationLogo: [40, 40, emblem(40, GLYPHS.leaf, [120, 180, 96], [34, 92, 60])],
    strip: [375, 123, hills(375, 123, [150, 190, 120], [22, 74, 50], [255, 240, 190])],
  },
  "Library card": {
    ...brand(GLYPHS.book, [170, 110, 60], [96, 56, 24], "logo"),
    thumbnail: [90, 90, emblemCard(90, [222, 168, 104], [120, 72, 34], GLYPHS.book)],
  },
  "Museum membership as a poster": {
    ...brand(GLYPHS.ammonite, [70, 150, 116], [18, 66, 50], "logo"),
    primaryLogo: [30, 30, emblem(30, GLYPHS.ammonite, [70, 150, 116], [18, 66, 50])],
    thumbnail: [90, 90, emblemCard(90, [110, 190, 150], [20, 70, 52], GLYPHS.ammonite)],
    artwork: [358, 448, fossil],
  },
  "Train ticket": {
    ...brand(GLYPHS.rails, [226, 96, 130], [110, 28, 62], "logo"),
    footer: [286, 15, hills(286, 15, [214, 120, 140], [92, 28, 52], [255, 220, 200])],
  },
  "Gift card": {
    ...brand(GLYPHS.book, [70, 170, 172], [18, 84, 96], "logo"),
    strip: [375, 144, hills(375, 144, [120, 190, 190], [14, 62, 74], [255, 236, 190])],
    "google/logo": [660, 660, emblem(660, GLYPHS.book, [70, 170, 172], [18, 84, 96], true)],
    "google/hero": [1032, 336, hills(1032, 336, [120, 190, 190], [14, 62, 74], [255, 236, 190])],
  },
};

/** A shape on a gradient that fills the whole image, which is 90 points high. */
function emblemCard(width: number, light: Colour, dark: Colour, glyph: Glyph): Scene {
  return (scale) => (x, y) => {
    const unit = width * 0.42;
    const canvas = new Canvas(mix(light, dark, ease(0, 110, x * 0.4 + y)));
    canvas.paint(WHITE, 0.3 * (1 - ease(0, 60, Math.hypot(x - 20, y - 10))));
    canvas.paint(WHITE, 0.92 * cover(glyph((x - width / 2) / unit, (y - 45) / unit), unit * scale));
    return canvas.pixel();
  };
}
