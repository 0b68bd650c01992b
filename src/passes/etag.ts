/**
 * The ETag of a pass, and what a built pass depends on besides its template, its event and its own row.
 *
 * ETag = effective tag and a digest of everything else that decides the bytes: certificates, address, renderer, and whether
 * the pass asks for sign-up. So it is known without building. Every input of the build in serve.ts that no change row
 * records must be in the digest.
 */
import type { Config } from "../config.ts";
import { type CertificateRow, requireCertificate } from "../identities/signer.ts";
import { RENDERER_VERSION } from "../pkpass/build/build.ts";
import type { LoadedPass } from "./load.ts";

/** With its quotation marks. @throws ApiError no_certificate */
export async function computeEtag(config: Config, loaded: LoadedPass): Promise<string> {
  return `"${loaded.tag}-${await digestOfInputs(config, loaded)}"`;
}

async function digestOfInputs(config: Config, loaded: LoadedPass): Promise<string> {
  const { fingerprint, intermediate } = certificateOf(loaded);
  // Releases before sign-up wrote no personalization.json; passes that they built must not match.
  const signUp = personalizationOf(loaded) === undefined ? [] : ["personalization.json"];
  const address = webServiceURL(loaded, config);
  const inputs = JSON.stringify([fingerprint, intermediate, address, RENDERER_VERSION, ...signUp]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(inputs));
  return new Uint8Array(digest, 0, 8).toHex();
}

/** @throws ApiError no_certificate */
export function certificateOf({ certificate, pass }: LoadedPass): CertificateRow {
  return requireCertificate(certificate, pass.passTypeIdentifier);
}

/** Where phones ask for updates. If the template's path is not served any more, Apple's path is used. */
export function webServiceURL({ template }: LoadedPass, { publicOrigin, webServicePaths }: Config): string {
  const path = webServicePaths.has(template.webService) ? template.webService : "/";
  return path === "/" ? publicOrigin : publicOrigin + path;
}

/** personalization.json, until the holder has signed up: then Wallet must not ask again. */
export function personalizationOf({ pass, template }: LoadedPass): Uint8Array | undefined {
  if (template.personalization === null || pass.personalizedAt !== null) return undefined;
  return new TextEncoder().encode(template.personalization);
}
