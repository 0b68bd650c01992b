/**
 * Checks NFC, and the sign-up form of rewards passes (personalization.json).
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
      "Wallet refuses a pass with nfc unless the certificate has Apple's NFC entitlement.",
      "Request an NFC certificate at https://developer.apple.com/contact/passkit, or remove nfc.",
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
    `Wallet does not show the sign-up form: it needs nfc and a personalizationLogo, but the pass has no ${missing.join(" and no ")}.${unlessLater(subject)}`,
    `Add ${missing.join(" and ")}, or remove personalization.`,
  );
}
