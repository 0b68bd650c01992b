/**
 * A rewards card that asks for all data that Wallet can ask for, and a holder who enters it.
 */
import { drawPng } from "../apple/png.ts";
import { icon, storeCard } from "../harness.ts";
import { READER_KEY } from "../pkpass/samples/events.ts";

export const ALL_FIELDS = ["Name", "PostalCode", "EmailAddress", "PhoneNumber"].map(
  (field) => `PKPassPersonalizationField${field}`,
);

export const personalization = {
  description: "Collect a point for each cup – free, <b>always</b>.",
  requiredPersonalizationFields: ALL_FIELDS,
  termsAndConditions: '<a href="https://teahouse.example.com/terms">Terms</a>',
};

/** A template as the admin API takes it, without its name and pass type. */
export const rewards = {
  pass: { ...storeCard, nfc: { message: "TH-88213", encryptionPublicKey: READER_KEY } },
  images: { ...icon, "personalizationLogo@3x.png": drawPng(450, 120, () => [9, 120, 60, 255]).toBase64() },
  personalization,
};

/** What she enters, and what iOS makes of that. */
export const ADA = {
  fullName: "Ada Augusta Lovelace",
  givenName: "Ada Augusta",
  familyName: "Lovelace",
  emailAddress: "ada.lovelace@example.com",
  postalCode: "W1J 8PS",
  ISOCountryCode: "GB",
  phoneNumber: "+44 20 7946 0815",
};

/** The body that a phone sends. */
export function signUp(info: unknown = ADA, personalizationToken: unknown = "a token of this phone") {
  return { personalizationToken, requiredPersonalizationInfo: info };
}
