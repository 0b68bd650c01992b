/**
 * Words for templates: their style, and the files that can be imported. Pure.
 */
import type { JsonObject } from "../../json.ts";
import { HEAVY } from "../../memory.ts";
import { STYLES, type Style } from "../../pkpass/styles.ts";

/** What people call the styles. */
export const STYLE_WORDS: Readonly<Record<Style, string>> = {
  storeCard: "Store card",
  coupon: "Coupon",
  eventTicket: "Event ticket",
  boardingPass: "Boarding pass",
  generic: "Generic card",
  posterGeneric: "Poster (iOS 27)",
};

/** "Store card", or "Generic card and poster": a pass may have a style for older phones. */
export function styleWords(pass: JsonObject): string {
  const names = STYLES.filter((style) => pass[style] !== undefined).map((style) => STYLE_WORDS[style]);
  if (names.length === 0) return "No style";
  const [first = "", ...others] = names;
  return [first, ...others.map((name) => name.toLowerCase())].join(" and ");
}

/** Why a file cannot be imported, before it is sent. @returns null: it may be */
export function importRefusal(file: { readonly name: string; readonly size: number }): string | null {
  if (file.size > HEAVY.archiveBytes)
    return `${file.name} is larger than ${HEAVY.archiveBytes / 1024 / 1024} MB, which iPhones refuse. Make its pictures smaller.`;
  return file.size === 0 ? `${file.name} is empty.` : null;
}

/** macOS shows a template of Pass Designer as one file, but it is a folder, and a browser cannot read it. */
export function unreadableWords(name: string): string {
  return `${name} cannot be read. If it is a template of Pass Designer, it is a folder: choose Compress in its menu in the Finder, and drop the .zip file here.`;
}

/** The name of a copy: "Card 2", "Card 3" … */
export function copyName(name: string): string {
  const [, stem = name, number] = /^(.*\S)\s+(\d{1,4})$/.exec(name) ?? [];
  return `${stem} ${number === undefined ? 2 : Number(number) + 1}`;
}
