/**
 * The certificate chain from a pass certificate up to Apple's root: finds the intermediate (WWDR) that issued it, and
 * checks that the chain ends at a pinned certificate. A missing certificate is fetched from the URL that the issued
 * certificate names (Authority Information Access, caIssuers).
 *
 * Revocation is not checked. Apple serves its intermediates over plain http: trust comes from the signatures up to the
 * pin, not from the transport. Follows RFC 5280 §4.2.2.1 and §6.1, as far as a chain of three certificates needs them.
 */
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  type X509Certificate,
} from "@peculiar/x509";
import { readAtMost } from "../bytes.ts";
import { ApiError } from "../errors.ts";
import { parseCertificate, sha256 } from "./pem.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ChainRules {
  /** SHA-256 (hex) of the pinned certificates. */
  readonly trustedRoots: ReadonlySet<string>;
  /** An origin from which certificates may be fetched, in addition to Apple's hosts. */
  readonly aiaOrigin: string | undefined;
}

/** Where Apple publishes its root. WWDR certificates do not contain a URL for it. */
const APPLE_ROOT_URL = "https://www.apple.com/appleca/AppleIncRootCertificate.cer";
const MAX_CERTIFICATE_BYTES = 16_384;
const FETCH_TIMEOUT_MS = 5_000;

/**
 * Finds the intermediate that issued `leaf` and verifies the chain up to a pinned certificate.
 * @param uploaded other certificates that were sent: candidates for the intermediate and the root
 * @param now milliseconds
 * @throws ApiError intermediate_missing, intermediate_mismatch, intermediate_expired or chain_untrusted
 */
export async function completeChain(
  leaf: X509Certificate,
  uploaded: readonly X509Certificate[],
  rules: ChainRules,
  now: number,
  fetch: Fetch,
): Promise<X509Certificate> {
  const intermediate = await findIntermediate(leaf, uploaded, rules, fetch);
  if (intermediate.notAfter.getTime() <= now) {
    throw new ApiError(
      "intermediate_expired",
      `"${intermediate.subject}" expired on ${intermediate.notAfter.toISOString()}. Download the current one from https://www.apple.com/certificateauthority/ (pass certificates are issued by WWDR G4).`,
      { pointer: "/intermediate" },
    );
  }
  if (!(await isTrusted(intermediate, uploaded, rules, now, fetch))) {
    throw new ApiError(
      "chain_untrusted",
      `"${intermediate.subject}" was issued by "${intermediate.issuer}", which is not a trusted root. Only certificates from Apple's portal can sign passes for iPhones.`,
      { pointer: "/certificate" },
    );
  }
  return intermediate;
}

async function findIntermediate(
  leaf: X509Certificate,
  uploaded: readonly X509Certificate[],
  rules: ChainRules,
  fetch: Fetch,
): Promise<X509Certificate> {
  // If two certificates match (a renewed WWDR keeps its name and key), use the one that is valid longer.
  const candidates = uploaded
    .filter((certificate) => !certificate.equal(leaf))
    .sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime());
  for (const candidate of candidates) if (await issued(candidate, leaf)) return candidate;
  const mismatch = candidates[0];
  if (mismatch !== undefined) {
    throw new ApiError(
      "intermediate_mismatch",
      `The certificate was issued by "${leaf.issuer}", but the intermediate in the request is "${mismatch.subject}", or a version of it with another key. Leave it out, and Edgepass fetches the right one from Apple.`,
      { pointer: "/intermediate" },
    );
  }
  const url = issuerUrl(leaf);
  if (url === undefined) {
    throw new ApiError(
      "intermediate_missing",
      `The certificate contains no URL for its issuer "${leaf.issuer}". Send the issuer's certificate as "intermediate".`,
      { pointer: "/intermediate" },
    );
  }
  const fetched = await fetchCertificate(url, rules, fetch);
  if (!(await issued(fetched, leaf))) {
    throw new ApiError("intermediate_mismatch", `The certificate at ${url} did not issue this certificate.`, {
      pointer: "/certificate",
    });
  }
  return fetched;
}

async function isTrusted(
  intermediate: X509Certificate,
  uploaded: readonly X509Certificate[],
  rules: ChainRules,
  now: number,
  fetch: Fetch,
): Promise<boolean> {
  if (await isPinned(intermediate, rules)) return true;
  const candidates = [...uploaded];
  try {
    candidates.push(await fetchCertificate(issuerUrl(intermediate) ?? APPLE_ROOT_URL, rules, fetch));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the root may still be among the uploaded certificates
  }
  for (const root of candidates) {
    const valid = root.notBefore.getTime() <= now && now < root.notAfter.getTime();
    if (valid && (await isPinned(root, rules)) && (await issued(root, intermediate))) return true;
  }
  return false;
}

/** Whether `issuer` is a certificate authority whose key signed `certificate`. */
async function issued(issuer: X509Certificate, certificate: X509Certificate): Promise<boolean> {
  if (issuer.subject !== certificate.issuer) return false;
  if (issuer.getExtension(BasicConstraintsExtension)?.ca !== true) return false;
  try {
    return await certificate.verify({ publicKey: issuer, signatureOnly: true });
  } catch {
    return false; // an unknown key or algorithm
  }
}

async function isPinned(certificate: X509Certificate, rules: ChainRules): Promise<boolean> {
  return rules.trustedRoots.has(await sha256(certificate.rawData));
}

function issuerUrl(certificate: X509Certificate): string | undefined {
  const locations = certificate.getExtension(AuthorityInfoAccessExtension)?.caIssuers ?? [];
  return locations.find((name) => name.type === "url")?.value;
}

/**
 * Fetches a certificate. The URL comes from an uploaded file, so only Apple's hosts and the configured origin are
 * allowed, redirects are not followed, and size and time are limited.
 */
async function fetchCertificate(url: string, rules: ChainRules, fetch: Fetch): Promise<X509Certificate> {
  const refusal = (why: string) =>
    new ApiError("intermediate_missing", `${url} ${why}. Send the issuer's certificate as "intermediate".`, {
      pointer: "/intermediate",
    });
  if (!mayFetch(url, rules)) throw refusal("is not a URL of Apple, so Edgepass does not fetch it");
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), FETCH_TIMEOUT_MS);
  try {
    const response = await fetch(url, { redirect: "manual", signal: abort.signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refusal(`returned status ${response.status}`);
    }
    const der = await readAtMost(response.body, MAX_CERTIFICATE_BYTES);
    if (der === undefined) throw refusal("returned more bytes than a certificate can have");
    return parseCertificate(der);
  } catch (error) {
    throw error instanceof ApiError ? error : refusal("did not return a certificate");
  } finally {
    clearTimeout(timer);
  }
}

function mayFetch(text: string, rules: ChainRules): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return false;
  if (url.origin === rules.aiaOrigin) return true;
  const apple = url.hostname === "apple.com" || url.hostname.endsWith(".apple.com");
  return apple && url.port === "" && /^https?:$/.test(url.protocol) && url.username === "";
}
