/**
 * The names of Wallet's images, and the size of a PNG from its header.
 *
 * It does not decode pixels. Follows Apple's "Creating the source for a pass" and the PNG specification, section 5.
 */

const SLOTS =
  "icon|logo|strip|thumbnail|background|footer|artwork|primaryLogo|secondaryLogo|venueMap|personalizationLogo";

/** A language, the part before `.lproj`: `fr`, `pt-BR`, `zh-Hans`. */
export const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/** `icon.png`, `logo@2x.png`, `fr.lproj/strip@3x.png`. */
export const IMAGE_PATH = new RegExp(
  `^(${LANGUAGE.source.slice(1, -1)}\\.lproj/)?(${SLOTS})(@[23]x)?\\.png$`,
);

/** The name of an image without density and language: `strip` of `fr.lproj/strip@3x.png`. */
export function slotOf(path: string): string | undefined {
  return IMAGE_PATH.exec(path)?.at(-2);
}

/** The path of an image without density and extension, which all densities of one slot in one folder share: `fr.lproj/strip`. */
export function stemOf(path: string): string {
  return path.replace(/(@[23]x)?\.png$/, "");
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The signature; length, type, 13 bytes of data and CRC of IHDR. */
const HEADER_BYTES = 33;
const IHDR = 0x49484452;

/** Width and height in pixels; undefined if the bytes are not a PNG. */
export function readPngHeader(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes.length < HEADER_BYTES || PNG_SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(12) !== IHDR) return undefined;
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Length, type and CRC of a chunk. */
const CHUNK_FRAME_BYTES = 12;
const IEND = 0x49454e44;

/** Whether the PNG has its IEND chunk (PNG specification §5.6): a PNG of an interrupted upload has none. */
export function isWholePng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG_SIGNATURE.length; at + CHUNK_FRAME_BYTES <= bytes.length; ) {
    if (view.getUint32(at + 4) === IEND) return true;
    at += CHUNK_FRAME_BYTES + view.getUint32(at);
  }
  return false;
}
