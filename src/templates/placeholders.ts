/**
 * Replaces the parts that Pass Designer leaves empty for its users to fill in: the description, the name of the
 * organisation, and the NFC payload. A template needs the first two. An empty NFC payload is removed.
 *
 * Follows Apple's Pass Builder 0.1.0: its Pass.swift has these defaults, and its Pass.proto says what a template may lack.
 */
import { isObject, type JsonObject, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import type { ReadPkpass } from "../pkpass/read/read.ts";

/** For a template without any name. */
const UNNAMED = "Imported template";

/**
 * Changes only templates of Pass Designer: in a finished pass an empty text is a fault.
 * @param name the name of the template, if the request gives one
 */
export function replacePlaceholders(
  pass: JsonObject,
  { kind, documentName }: Pick<ReadPkpass, "kind" | "documentName">,
  name: string | undefined,
): { pass: JsonObject; name: string; findings: Finding[] } {
  const own = isFilled(pass.description) ? pass.description : undefined;
  const chosen = name ?? own ?? documentName ?? UNNAMED;
  const findings: Finding[] = [];
  if (kind !== "template") return { pass, name: chosen, findings };
  const replaced: Record<string, unknown> = { ...pass };
  for (const key of ["description", "organizationName"]) {
    if (pass[key] !== undefined && pass[key] !== "") continue;
    replaced[key] = chosen;
    findings.push(
      placeholderReplaced(
        key,
        `${key} is empty. The template has "${chosen}" instead.`,
        `Write the ${key} into the template, or set pass.${key} in each pass.`,
      ),
    );
  }
  const { nfc } = pass;
  if (isObject(nfc) && nfc.encryptionPublicKey === "") {
    delete replaced.nfc;
    findings.push(
      placeholderReplaced(
        "nfc",
        "nfc has no encryptionPublicKey, so the template has no nfc.",
        "Add nfc with the public key of your readers to the template, or set pass.nfc in each pass.",
      ),
    );
  }
  return { pass: replaced, name: chosen, findings };
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function placeholderReplaced(key: string, message: string, cure: string): Finding {
  return warning("placeholder_replaced", pointerTo(["pass", key]), message, cure);
}
