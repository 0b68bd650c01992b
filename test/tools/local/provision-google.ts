/**
 * Sets up Google Wallet in an instance: an issuer of the stand-in Google, with the key of its service account. Google Wallet is
 * optional, so only `npm start`, the demo and the tests that are about it do this.
 */
import type { GoogleIssuer } from "../../../src/google-wallet/issuers.ts";
import { googleControl } from "../../google/stand-in/control.ts";
import type { Admin } from "./admin.ts";

/**
 * Makes an issuer only if there is none.
 * @param googleOrigin of the stand-in
 * @returns the id of the issuer of new passes
 */
export async function provisionGoogle(admin: Admin, googleOrigin: string): Promise<string> {
  const { items } = await admin.get<{ items: GoogleIssuer[] }>("/google-issuers");
  const [known] = items;
  if (known !== undefined) return known.issuerId;
  return (await makeStandInIssuer(admin, googleOrigin)).issuerId;
}

/** Makes an issuer at the stand-in and in the instance. @returns also the key of its service account */
export async function makeStandInIssuer(admin: Admin, googleOrigin: string) {
  const { issuerId, key } = await googleControl(googleOrigin).makeIssuer();
  await admin.send("POST", "/google-issuers", { issuerId, serviceAccount: key });
  await admin.send("POST", `/google-issuers/${issuerId}/check`, {});
  return { issuerId, key };
}
