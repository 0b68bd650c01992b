/**
 * The panels of the editor in their order, and which of them a pointer belongs to. Pure.
 */
import { parsePointer } from "../../../json.ts";
import { STYLES } from "../../../pkpass/styles.ts";
import type { LintFinding } from "./panel.ts";

export const PANEL_TITLES = {
  general: "General",
  colours: "Colours",
  images: "Images",
  fields: "Fields",
  barcode: "Barcode",
  scan: "Scanning",
  strings: "Translations",
  join: "Join page",
  google: "Google",
  json: "JSON",
} as const;
export type PanelName = keyof typeof PANEL_TITLES;
export const PANEL_NAMES = Object.keys(PANEL_TITLES) as readonly PanelName[];

/** Members of the body. */
const MEMBERS: Readonly<Record<string, PanelName>> = {
  images: "images",
  values: "fields",
  barcodeText: "barcode",
  scan: "scan",
  strings: "strings",
  join: "join",
  google: "google",
  personalization: "json",
  webService: "json",
};
/** Members of pass.json that General has. */
const GENERAL: readonly string[] = [
  "description",
  "organizationName",
  "logoText",
  "expirationDate",
  "sharingProhibited",
  "groupingIdentifier",
];
/** And those that Colours has. */
const COLOURS: readonly string[] = [
  "backgroundColor",
  "foregroundColor",
  "labelColor",
  "footerBackgroundColor",
];

/**
 * The panel in which a fault can be mended.
 * @param code of a finding: those about Google Wallet are in its panel, wherever they point to
 */
export function panelOf(pointer: string, code = ""): PanelName {
  const [member = "", key = "", section = ""] = parsePointer(pointer);
  if (member === "wallets") return "general";
  if (code.startsWith("google_") || (member === "images" && key.startsWith("google/"))) return "google";
  if (member !== "pass") return MEMBERS[member] ?? "general";
  if (key === "" || GENERAL.includes(key)) return "general";
  if (STYLES.some((style) => style === key))
    return section === "" || section === "transitType" ? "general" : "fields";
  if (COLOURS.includes(key)) return "colours";
  return key === "barcodes" || key === "barcode" ? "barcode" : "json";
}

/** The findings that a panel shows at its inputs. Those about Google Wallet are shown only in the panel of Google. */
export function findingsFor(panel: PanelName, findings: readonly LintFinding[]): readonly LintFinding[] {
  if (panel === "google") return findings;
  return findings.filter(({ pointer, code }) => panelOf(pointer, code) !== "google");
}

/** How many findings each panel has. */
export function countByPanel(findings: readonly LintFinding[]): Readonly<Partial<Record<PanelName, number>>> {
  const counts: Partial<Record<PanelName, number>> = {};
  for (const { pointer, code } of findings) {
    const panel = panelOf(pointer, code);
    counts[panel] = (counts[panel] ?? 0) + 1;
  }
  return counts;
}
