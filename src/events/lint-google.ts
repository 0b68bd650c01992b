/**
 * The findings that an event causes in Google Wallet: those that the template of its newest pass has only with the event,
 * and data that Google requires and that the event does not add either.
 */
import { findGoogleFaults, type GoogleSubject } from "../google/faults.ts";
import { parseJson, parsePointer } from "../json.ts";
import { type Finding, limitText } from "../pkpass/finding.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import type { ExamplePass } from "./example.ts";

export interface EventContent {
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  readonly without: readonly string[];
}

/** None if the event has no pass, or Google Wallet is not used. Pointers are those into the event, or empty. */
export function findForGoogleOfEvent(
  { values, pass, without }: EventContent,
  example: ExamplePass | undefined,
): Finding[] {
  if (example === undefined || example.templateStrings === null) return [];
  const { templateGoogle: google } = example;
  const subject: GoogleSubject = {
    template: parseJson(example.templatePass),
    strings: parseJson(example.templateStrings),
    google: google === null ? null : parseJson(google),
    images: parseJson(example.templateImages),
  };
  const own = new Set(findGoogleFaults(subject).map(nameOf));
  const found = findGoogleFaults({ ...subject, event: { values, overrides: pass, without } });
  return found
    .filter((finding) => !own.has(nameOf(finding)) || mayBeAdded(finding))
    .map((finding) => ({
      ...finding,
      pointer: mayBeAdded(finding) || isIn(pass, finding) ? finding.pointer : "",
      message: limitText(`With the template "${example.templateName}": ${finding.message}`),
    }));
}

function nameOf({ code, pointer }: Finding): string {
  return `${code} ${pointer}`;
}

/** Whether an event may add what is missing. */
function mayBeAdded({ code, pointer }: Finding): boolean {
  return code === "google_data_missing" && pointer.startsWith("/pass/");
}

function isIn(overrides: PassOverrides, { pointer }: Finding): boolean {
  const [part, key = ""] = parsePointer(pointer);
  return part === "pass" && Object.hasOwn(overrides, key);
}
