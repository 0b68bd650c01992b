/**
 * The form of a new key, as POST /admin/v1/keys takes it. Pure.
 */
import { DAY_MS } from "../../durations.ts";
import { toInstant } from "./words.ts";

/** As texts, so that a draft can keep them. The ids of the scope are separated by spaces. */
export interface NewKeyFields extends Readonly<Record<string, string>> {
  readonly name: string;
  readonly role: string;
  readonly place: string;
  /** One of ENDS. */
  readonly ends: string;
  /** With `at`: a datetime-local. */
  readonly endsAt: string;
  /** all, or some. */
  readonly reach: string;
  readonly projects: string;
  readonly templates: string;
  readonly events: string;
  /** The project whose events are shown. */
  readonly project: string;
}

export const EMPTY_KEY: NewKeyFields = {
  name: "",
  role: "scanner",
  place: "",
  ends: "7",
  endsAt: "",
  reach: "all",
  projects: "",
  templates: "",
  events: "",
  project: "",
};

/** The text of the option, and what the role may do. */
export const ROLE_WORDS: Readonly<Record<string, readonly [text: string, hint: string]>> = {
  scanner: ["Scanner", "Scans passes, and sees nothing else. It comes with a link and a QR code."],
  reader: ["Reader", "Sees everything but links, downloads and personal data."],
  issuer: ["Issuer", "Also issues and changes passes, and changes events."],
  admin: ["Admin", "May do everything: templates, certificates and keys too."],
};

export const ENDS = [
  ["1", "In 1 day"],
  ["7", "In 7 days"],
  ["30", "In 30 days"],
  ["365", "In a year"],
  ["never", "Never"],
  ["at", "At a time"],
] as const;

export function newKeyBody(fields: NewKeyFields, now: number) {
  const { name, role, place, reach, projects, events, templates } = fields;
  const scope = { projects: idsOf(projects), events: idsOf(events), templates: idsOf(templates) };
  return {
    name: name.trim(),
    role,
    expiresAt: endOf(fields, now),
    ...(role === "scanner" && place.trim() !== "" ? { place: place.trim() } : {}),
    ...(reach === "some" ? { scope } : {}),
  };
}

/** Pointers into the body for the fields that are shown now. The form shows a problem elsewhere below the fields. */
export function shownPointers({ role, ends }: NewKeyFields): readonly string[] {
  return ["/name", ...(role === "scanner" ? ["/place"] : []), ...(ends === "at" ? ["/expiresAt"] : [])];
}

function endOf({ ends, endsAt }: NewKeyFields, now: number): string | null {
  if (ends === "never") return null;
  if (ends === "at") return toInstant(endsAt);
  return new Date(now + Number(ends) * DAY_MS).toISOString();
}

export function idsOf(text: string): number[] {
  return text.split(" ").flatMap((id) => (id === "" ? [] : [Number(id)]));
}

/** Adds the id, or takes it away. */
export function toggledId(text: string, id: number): string {
  const ids = idsOf(text);
  return (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]).join(" ");
}
