/**
 * CRC-32 as ZIP (APPNOTE 4.4.7) and PNG (ISO 3309) use it. `crc32(bytes)` is unsigned.
 *
 * This is the only import of a Node module in src. Workers provide it with `nodejs_compat`, and it runs natively: it
 * takes an eighth of the time of a table-driven loop in JavaScript, which would noticeably slow down building a pass.
 */
export { crc32 } from "node:zlib";
