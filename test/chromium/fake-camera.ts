/**
 * What Chromium's fake camera sees: a picture that a hand holds in front of it, as an uncompressed video. It is tilted, moves,
 * has noise, and one side is darker.
 *
 * The file follows YUV4MPEG2 (mjpegtools, yuv4mpeg(5)).
 */
import { writeFile } from "node:fs/promises";
import { decode } from "fast-png";

/** What the scanner asks a camera for. */
const WIDTH = 1280;
const HEIGHT = 720;
/** Few: a busy machine decodes slowly. Each is seen several times. */
export const FRAMES_A_SECOND = 10;
/** The position of the picture in each frame: radians, and pixels from the middle. */
const MOVES = [
  { angle: -0.06, x: -14, y: 8 },
  { angle: 0.03, x: 10, y: -5 },
  { angle: 0.08, x: 22, y: 3 },
];
/** How much of the height or width of the frame the picture fills at most. */
const FILLED = 0.8;
const NOISE = 24;
const GREY = 128;

/** The arguments of a Chromium whose camera shows this file. It is read whenever the camera starts. */
export const cameraArguments = (path: string) => [
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-video-capture=${path}`,
];

/** @param png what the camera sees */
export async function filmTo(path: string, png: Uint8Array): Promise<void> {
  const picture = brightnessOf(png);
  const noise = createNoise();
  const frames = MOVES.flatMap((move) => [
    Buffer.from("FRAME\n"),
    frameOf(picture, move, noise),
    Buffer.alloc((WIDTH * HEIGHT) / 2, GREY),
  ]);
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n`;
  await writeFile(path, Buffer.concat([Buffer.from(header), ...frames]));
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** A byte for each pixel. */
  readonly bytes: Uint8Array;
}

function brightnessOf(png: Uint8Array): Picture {
  const { width, height, channels, data } = decode(png);
  const bytes = Uint8Array.from({ length: width * height }, (_, index) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(index * channels, index * channels + 3);
    return 0.3 * red + 0.59 * green + 0.11 * blue;
  });
  return { width, height, bytes };
}

function frameOf(picture: Picture, move: (typeof MOVES)[number], noise: () => number): Uint8Array {
  const { width, height, bytes } = picture;
  const frame = new Uint8Array(WIDTH * HEIGHT);
  const scale = Math.max(width / WIDTH, height / HEIGHT) / FILLED;
  const cos = Math.cos(move.angle) * scale;
  const sin = Math.sin(move.angle) * scale;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const right = x - WIDTH / 2 - move.x;
      const down = y - HEIGHT / 2 - move.y;
      const column = Math.floor(right * cos + down * sin + width / 2);
      const row = Math.floor(down * cos - right * sin + height / 2);
      const isInside = column >= 0 && column < width && row >= 0 && row < height;
      // Behind it: a wall that is not of one colour.
      const seen = isInside ? (bytes[row * width + column] ?? 0) : 90 + 40 * Math.sin(x / 40);
      const light = 0.65 + (0.3 * x) / WIDTH;
      frame[y * WIDTH + x] = Math.max(0, Math.min(255, 16 + seen * light + noise()));
    }
  }
  return frame;
}

/** The same in each run. A linear congruential generator, with the numbers of the C standard's example. */
function createNoise(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 31 - 0.5) * NOISE;
  };
}
