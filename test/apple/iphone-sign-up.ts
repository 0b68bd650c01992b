/**
 * Rewards enrollment on the simulated iPhone: the fields of the sign-up form of a pass, the request to the web service,
 * and the check that the response is the signature that iOS demands. There is no user interface: the test supplies the
 * input.
 *
 * Follows Apple's "Personalize", "Return a Personalized Pass" and the guide "Rewards Enrollment".
 */
import { demand, InvalidPass, readJsonObject } from "./iphone-invalid-pass.ts";
import { verifySignature } from "./iphone-signature.ts";
import type { CheckedPass } from "./pkpass.ts";

/** The input of the owner, and the values that iOS makes from it, by Apple's keys. */
export type SignUpInfo = Readonly<Record<string, string>>;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  PKPassPersonalizationFieldName: ["fullName", "givenName", "familyName"],
  PKPassPersonalizationFieldPostalCode: ["postalCode", "ISOCountryCode"],
  PKPassPersonalizationFieldEmailAddress: ["emailAddress"],
  PKPassPersonalizationFieldPhoneNumber: ["phoneNumber"],
};
const LOGO = /^([^/]+\.lproj\/)?personalizationLogo(@[23]x)?\.png$/;

/** The fields of the form; undefined for a pass without a form, or if it lacks something that Wallet demands for one. */
export function fieldsAskedBy({ pass, files }: CheckedPass): string[] | undefined {
  const file = files["personalization.json"];
  if (!file || pass.nfc === undefined || !Object.keys(files).some((path) => LOGO.test(path)))
    return undefined;
  const { description, requiredPersonalizationFields } = readJsonObject(file, "personalization.json");
  demand(typeof description === "string", "personalization.json has no description");
  demand(Array.isArray(requiredPersonalizationFields), "personalization.json asks for nothing");
  return requiredPersonalizationFields.map(String);
}

/** The parts of the input for which the form has a field. */
export function entered(fields: readonly string[], info: SignUpInfo): SignUpInfo {
  const keys = fields.flatMap((field) => KEYS[field] ?? []);
  return Object.fromEntries(Object.entries(info).filter(([key]) => keys.includes(key)));
}

/**
 * Returns what is wrong with the response; undefined if nothing is. The token has to be signed with the certificate of
 * the pass's own type and team.
 */
export async function objectionToAnswer(
  { pass }: CheckedPass,
  token: string,
  signature: Uint8Array,
  rootPem: string | Uint8Array,
  at: Date,
): Promise<string | undefined> {
  try {
    const signed = await verifySignature(signature, new TextEncoder().encode(token), rootPem, at);
    demand(signed.passTypeIdentifier === pass.passTypeIdentifier, "signed by another pass type");
    demand(signed.teamIdentifier === pass.teamIdentifier, "signed by another team");
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidPass)) throw error;
    return error.message;
  }
}
