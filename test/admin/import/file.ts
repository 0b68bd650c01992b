/**
 * A .pkpass of another tool, as it is imported.
 */
import { zipSync } from "fflate";
import { drawPng } from "../../apple/png.ts";
import { storeCard } from "../../harness.ts";
import { bytesOf } from "../../pkpass/archives.ts";

export const PKPASS = { "Content-Type": "application/vnd.apple.pkpass" };
export const icon = drawPng(87, 87, () => [9, 9, 200, 255]);
/** pass.json with the identity of the one pass. */
export const wholePass = (passTypeIdentifier: string) => ({
  ...storeCard,
  formatVersion: 1,
  passTypeIdentifier,
  teamIdentifier: "ELSEWHERE1",
  serialNumber: "42",
  webServiceURL: "https://elsewhere.example.com",
  authenticationToken: "a-token-of-elsewhere",
});

export function file(pass: unknown, more: Record<string, Uint8Array> = {}): Uint8Array {
  return zipSync({ "pass.json": bytesOf(JSON.stringify(pass)), "icon@3x.png": icon, ...more });
}
export const path = (query = "") => `/templates/import${query}`;
