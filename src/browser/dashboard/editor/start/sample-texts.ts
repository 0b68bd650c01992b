/**
 * The sample texts of the cards to start from: they follow what a person types, and what is left of them is named before it is saved.
 * Pure.
 */
import { isObject, type JsonObject, toText } from "../../../../json.ts";
import { countWords } from "../../words.ts";
import { textAt, withMember } from "../draft/pass-members.ts";
import type { LintFinding } from "../panel.ts";
import { SAMPLE_NAME, STARTS } from "./starts.ts";

const ORGANIZATIONS: readonly string[] = STARTS.map(({ pass }) => textAt(pass, "organizationName"));
const CODE = "sample_text";

/** The pass with another organization. A text next to the logo that was the same follows it. */
export function withOrganization(pass: JsonObject, organization: string): JsonObject {
  const isSame = pass.logoText === textAt(pass, "organizationName");
  const changed = withMember(pass, "organizationName", organization === "" ? undefined : organization);
  return isSame ? withMember(changed, "logoText", organization) : changed;
}

/** What still has a text of a card to start from. */
export function sampleTexts(pass: JsonObject): readonly LintFinding[] {
  const organization = textAt(pass, "organizationName");
  const members = ["organizationName", "logoText"].filter(
    (member) =>
      ORGANIZATIONS.includes(textAt(pass, member)) &&
      (member === "organizationName" || textAt(pass, member) !== organization),
  );
  return [
    ...members.map((member) =>
      sample(`/pass/${member}`, `"${member}" is “${textAt(pass, member)}”, a sample.`, "Write your own."),
    ),
    ...sampleFields(pass),
  ];
}

/** Each field once: a card may have the same field in a style for older phones. */
function sampleFields(pass: JsonObject): LintFinding[] {
  const found = new Map<string, LintFinding>();
  for (const [style, sections] of Object.entries(pass)) {
    if (!isObject(sections)) continue;
    for (const [section, fields] of Object.entries(sections)) {
      if (!Array.isArray(fields)) continue;
      fields.forEach((field: unknown, index) => {
        if (!isObject(field) || field.value !== SAMPLE_NAME) return;
        const key = textAt(field, "key");
        if (found.has(key)) return;
        const pointer = `/pass/${style}/${section}/${index}/value`;
        const name = textAt(field, "label") || toText(key);
        const cure = "Write what such passes show, or leave the value empty.";
        found.set(key, sample(pointer, `${name} is “${SAMPLE_NAME}” on passes without a name.`, cure));
      });
    }
  }
  return [...found.values()];
}

function sample(pointer: string, message: string, cure: string): LintFinding {
  return { severity: "sample", code: CODE, pointer, message, cure };
}

/** "1 error, 2 warnings, 2 sample texts". Empty: nothing was found. */
export function foundWords(findings: readonly LintFinding[]): string {
  const count = (is: (finding: LintFinding) => boolean) => findings.filter(is).length;
  const errors = count(({ severity }) => severity === "error");
  const samples = count(({ code }) => code === CODE);
  return [
    [errors, "error"] as const,
    [findings.length - errors - samples, "warning"] as const,
    [samples, "sample text"] as const,
  ]
    .filter(([number]) => number > 0)
    .map(([number, noun]) => countWords(number, noun))
    .join(", ");
}

/** The words above the findings of a check. */
export function checkWords(findings: readonly LintFinding[]): string {
  const words = foundWords(findings);
  if (words === "") return "Nothing found: Wallet accepts it.";
  return findings.every(({ code }) => code === CODE) ? `Wallet accepts it, with ${words}.` : words;
}
