/**
 * The way from a pass certificate up to Apple's root: which intermediate (WWDR) issued it, and whether the chain ends
 * at a certificate that is pinned. A missing link is fetched from the address that the certificate itself names
 * (Authority Information Access, caIssuers).
 *
 * It asks no revocation service. Apple serves its intermediates by plain http: the trust comes from the signatures up
 * to the pin, not from the transport. Follows RFC 5280 §4.2.2.1 and §6.1 as far as a chain of three needs them.
 */
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  type X509Certificate,
} from "@peculiar/x509";
import { readAtMost } from "../bytes.ts";
import { ApiError } from "../errors.ts";
import { openCertificate, sha256 } from "./pem.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ChainRules {
  readonly trustedRoots: ReadonlySet<string>;
  /** A further origin that links may be fetched from, beside Apple's hosts. */
  readonly aiaOrigin: string | undefined;
}

/** Where Apple publishes its root: WWDR certificates do not name an address for it. */
const APPLE_ROOT_URL = "https://www.apple.com/appleca/AppleIncRootCertificate.cer";
const MAX_CERTIFICATE_BYTES = 16_384;
const FETCH_TIMEOUT_MS = 5_000;

/**
 * The intermediate that issued `leaf`, proven up to a pinned certificate.
 * @param uploaded certificates that came along: candidates for the intermediate and the root
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
      `"${intermediate.subject}" ended on ${intermediate.notAfter.toISOString()}. Take the current one from https://www.apple.com/certificateauthority/ (pass certificates are issued by WWDR G4).`,
      { pointer: "/intermediate" },
    );
  }
  if (!(await endsAtPin(intermediate, uploaded, rules, now, fetch))) {
    throw new ApiError(
      "chain_untrusted",
      `"${intermediate.subject}" was issued by "${intermediate.issuer}", and no pinned root vouches for that. Only certificates from Apple's portal can sign passes for iPhones.`,
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
  // Of two that fit (a renewed WWDR keeps its name and key) the one that lasts longer.
  const candidates = uploaded
    .filter((certificate) => !certificate.equal(leaf))
    .sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime());
  for (const candidate of candidates) if (await issued(candidate, leaf)) return candidate;
  const given = candidates[0];
  if (given !== undefined) {
    throw new ApiError(
      "intermediate_mismatch",
      `The certificate was issued by "${leaf.issuer}", but the intermediate given is "${given.subject}" (or another generation of it, with another key). Leave it out, and it is fetched from Apple.`,
      { pointer: "/intermediate" },
    );
  }
  const url = issuerUrl(leaf);
  if (url === undefined) {
    throw new ApiError(
      "intermediate_missing",
      `The certificate names no address of its issuer "${leaf.issuer}". Give that certificate as "intermediate".`,
      { pointer: "/intermediate" },
    );
  }
  const fetched = await fetchCertificate(url, rules, fetch);
  if (!(await issued(fetched, leaf))) {
    throw new ApiError("intermediate_mismatch", `What ${url} serves did not issue this certificate.`, {
      pointer: "/certificate",
    });
  }
  return fetched;
}

async function endsAtPin(
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
    if (!(error instanceof ApiError)) throw error; // what was uploaded may still hold the root
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
    return false; // a key or an algorithm that cannot even be read
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
 * The address comes out of an uploaded file: so only Apple's hosts (and the configured one), no redirect, no more
 * than a certificate's bytes, and no longer than a few seconds.
 */
async function fetchCertificate(address: string, rules: ChainRules, fetch: Fetch): Promise<X509Certificate> {
  const refusal = (why: string) =>
    new ApiError(
      "intermediate_missing",
      `${address} ${why}. Give the issuer's certificate as "intermediate".`,
      {
        pointer: "/intermediate",
      },
    );
  if (!mayFetch(address, rules)) throw refusal("is not an address of Apple, and is not fetched");
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), FETCH_TIMEOUT_MS);
  try {
    const response = await fetch(address, { redirect: "manual", signal: abort.signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refusal(`answered ${response.status}`);
    }
    const der = await readAtMost(response.body, MAX_CERTIFICATE_BYTES);
    if (der === undefined) throw refusal("answered with more than a certificate");
    return openCertificate(der);
  } catch (error) {
    throw error instanceof ApiError ? error : refusal("did not answer with a certificate");
  } finally {
    clearTimeout(timer);
  }
}

function mayFetch(address: string, rules: ChainRules): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return false;
  if (url.origin === rules.aiaOrigin) return true;
  const apple = url.hostname === "apple.com" || url.hostname.endsWith(".apple.com");
  return apple && url.port === "" && /^https?:$/.test(url.protocol) && url.username === "";
}
