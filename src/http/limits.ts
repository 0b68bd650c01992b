/**
 * The limits for the sizes of bodies. A body is refused with 413 before anything in it is parsed.
 *
 * The limits for what is stored are in ../limits.ts, and those for the content of a .pkpass in pkpass/read/archive.ts. What all
 * of them may hold in memory is added up in ../memory.ts.
 */
import { HEAVY, PASS_BODY } from "../memory.ts";

/** The size of a body in bytes, by what is in it. */
export const MAX_BODY_BYTES = {
  /** A push token of 512 characters at most. */
  registration: 4 * 1024,
  /** Anyone may send logs. An iPhone combines up to about 50 lines in one request. */
  deviceLog: 128 * 1024,
  /** A lifecycle state: one word. Anyone may send it. */
  lifecycle: 4 * 1024,
  /** Seven texts of 200 characters each, and the phone's token. */
  signUp: 16 * 1024,
  /** A callback of Google has about 1 KB. Anyone may send one. */
  googleCallback: 16 * 1024,
  /** The form of a join page: 20 answers of 500 characters, percent-encoded. */
  join: 128 * 1024,
  /** JSON of a few short values: a project, a pass type, a redemption, the control of pushes, the ids of a bundle. */
  smallJson: 4 * 1024,
  /** The ids of a thousand passes, with 15 digits each. */
  passIds: 32 * 1024,
  /** 50 scans with codes that fill a QR code. */
  scans: 256 * 1024,
  /** Values and overrides that all passes of an event share, without images. */
  event: 256 * 1024,
  /** The arguments of a tool: a pass or a template, without images. */
  mcp: 256 * 1024,
  pass: PASS_BODY.bodyBytes,
  template: HEAVY.bodyBytes,
  /** A certificate, its intermediate and a private key in PEM are about 8 KB. */
  pem: 64 * 1024,
  /** The .pkpass file itself. */
  pkpass: HEAVY.archiveBytes,
} as const;
