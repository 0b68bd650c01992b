/**
 * The part of Node's zlib that crc32.ts uses. src compiles without the types of Node, since Workers have only some of it.
 */
declare module "node:zlib" {
  export function crc32(data: Uint8Array, value?: number): number;
}
