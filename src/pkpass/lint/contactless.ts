/**
 * What is read over NFC, and the sheet that asks whoever adds a rewards pass for a name.
 *
 * Follows Apple's "Pass.NFC" and "Personalize".
 */
import { type Finding, warning } from "../finding.ts";
import { unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

export function* contactlessFindings({ pass, images, isWhole, subject }: View): Iterable<Finding> {
  if (pass.nfc !== undefined && pass.nfc !== null) {
    yield warning(
      "nfc_needs_entitlement",
      "/pass/nfc",
      "Wallet refuses a pass with nfc unless Apple has allowed it for the certificate.",
      "Ask Apple for an NFC certificate, at developer.apple.com/contact/passkit, or remove nfc.",
    );
  }
  if (subject.personalization === undefined || !isWhole) return;
  const missing = [
    ...(pass.nfc === undefined ? ["nfc"] : []),
    ...(images.some(({ slot }) => slot === "personalizationLogo") ? [] : ["personalizationLogo"]),
  ];
  if (missing.length === 0) return;
  yield warning(
    "personalization_ignored",
    "/personalization",
    `Wallet asks for nothing: personalization needs nfc and a personalizationLogo, and there is no ${missing.join(" and no ")}.${unlessLater(subject)}`,
    `Add ${missing.join(" and ")}, or remove personalization.`,
  );
}
