/**
 * Reads the JSON key of a service account, as the Google Cloud Console downloads it. What people often send instead is named, with
 * the way to the right file.
 *
 * Follows https://developers.google.com/wallet/generic/getting-started/auth/rest.
 */
import { ApiError, type ErrorCode } from "../errors.ts";
import { readPrivateKey } from "../identities/pem.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import { isFromBinaryFile } from "../pkpass/text/control-characters.ts";

export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyId: string;
  readonly pkcs8: Uint8Array;
}

const POINTER = "/serviceAccount";
const WHERE =
  "In the Google Cloud Console, open IAM & Admin → Service accounts → the account → Keys, add a key of the type JSON, and send the whole file.";
/** Where Google's service accounts get their tokens; older keys name the others. */
const TOKEN_HOSTS = ["oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"];
const MAX_MEMBER = 320;
/** Both are shown to people, and are parts of signed texts: no spaces, line breaks or marks that turn the direction of a text. */
const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+$/;
const KEY_ID = /^[\x21-\x7e]+$/;

/**
 * @param given the JSON, or its text
 * @param tokenOrigin of the configuration: a stand-in may have keys of its own
 * @throws ApiError service_account_malformed or key_encrypted, which name the mistake
 */
export async function readServiceAccount(
  given: string | JsonObject,
  tokenOrigin: string,
): Promise<ServiceAccount> {
  const json = typeof given === "string" ? readText(given) : given;
  refuseOtherKinds(json);
  const clientEmail = demandMember(json, "client_email");
  const privateKeyId = demandMember(json, "private_key_id");
  const privateKey = demandMember(json, "private_key", Number.POSITIVE_INFINITY);
  if (!EMAIL.test(clientEmail))
    throw malformed(`client_email is no e-mail address. ${WHERE}`, "client_email");
  if (!KEY_ID.test(privateKeyId))
    throw malformed(`private_key_id is no id of a key. ${WHERE}`, "private_key_id");
  refuseOtherTokenUri(json.token_uri, tokenOrigin);
  return { clientEmail, privateKeyId, pkcs8: await readRsaKey(privateKey) };
}

function readText(text: string): JsonObject {
  const trimmed = text.trim();
  if (isFromBinaryFile(text))
    throw malformed(
      `This is a binary file, such as a .p12 or a picture, and the key of the type JSON is a text. ${WHERE}`,
    );
  const [, label = ""] = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(trimmed) ?? [];
  if (label.endsWith("CERTIFICATE REQUEST"))
    throw malformed(`This is a certificate signing request. ${WHERE}`);
  if (label.endsWith("CERTIFICATE")) throw malformed(`This is a certificate. ${WHERE}`);
  if (label.endsWith("PUBLIC KEY")) throw malformed(`This is a public key. ${WHERE}`);
  if (/^-----BEGIN /.test(trimmed))
    throw malformed(`This is only a private key, without the account that it belongs to. ${WHERE}`);
  if (/^AIza[\w-]+$/.test(trimmed)) throw malformed(`This is an API key. ${WHERE}`);
  let json: unknown;
  try {
    json = parseJson(trimmed);
  } catch {
    throw malformed(`This is not JSON. ${WHERE}`);
  }
  if (isObject(json)) return json;
  throw malformed(`This is JSON, but no object. ${WHERE}`);
}

/** The other files of credentials that Google has. */
function refuseOtherKinds(json: JsonObject): void {
  if (isObject(json.installed) || isObject(json.web))
    throw malformed(`This is an OAuth client ID, with which people sign in. ${WHERE}`);
  const { type } = json;
  if (type === "authorized_user")
    throw malformed(`These are the credentials of a person, made by gcloud. ${WHERE}`, "type");
  if (type === "external_account")
    throw malformed(`This is a workload identity, which has no key. ${WHERE}`, "type");
  if (type === undefined || type === "service_account") return;
  const what = typeof type === "string" ? `"${type.slice(0, 40)}"` : "not a text";
  throw malformed(`The type is ${what}, and must be service_account. ${WHERE}`, "type");
}

function demandMember(json: JsonObject, name: string, most = MAX_MEMBER): string {
  const value = json[name];
  if (typeof value === "string" && value !== "" && value.length <= most) return value;
  const isLong = typeof value === "string" && value !== "";
  const what = value === undefined ? "missing" : isLong ? `longer than ${most} characters` : "not a text";
  throw malformed(`${name} is ${what}. ${WHERE}`, name);
}

function refuseOtherTokenUri(tokenUri: unknown, tokenOrigin: string): void {
  if (tokenUri === undefined) return;
  const url = typeof tokenUri === "string" && URL.canParse(tokenUri) ? new URL(tokenUri) : undefined;
  if (url?.origin === tokenOrigin) return;
  if (url?.protocol === "https:" && TOKEN_HOSTS.includes(url.host)) return;
  const host = url === undefined ? "no address" : `at ${url.host}`;
  throw malformed(`token_uri is ${host}, and must be at ${TOKEN_HOSTS[0]}. ${WHERE}`, "token_uri");
}

async function readRsaKey(privateKey: string): Promise<Uint8Array> {
  const pointer = `${POINTER}/private_key`;
  const key = await readPrivateKey(privateKey, pointer).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(...explainKey(error.code), { pointer });
  });
  if (key.algorithm === "RSA") return key.pkcs8;
  throw malformed(`private_key is an elliptic-curve key, and Google's are RSA. ${WHERE}`, "private_key");
}

/** The cures of pem.ts are about certificates. */
function explainKey(code: ErrorCode): [ErrorCode, string] {
  switch (code) {
    case "key_encrypted":
      return [
        "key_encrypted",
        `private_key is encrypted with a password. Google's own file has it without one. ${WHERE}`,
      ];
    case "unsupported_key":
      return [
        "service_account_malformed",
        `private_key is no RSA key with at least 2048 bits, as Google's are. ${WHERE}`,
      ];
    default:
      return [
        "service_account_malformed",
        `private_key is no readable private key: a part of it may be missing. ${WHERE}`,
      ];
  }
}

function malformed(detail: string, member?: string): ApiError {
  const pointer = member === undefined ? POINTER : `${POINTER}/${member}`;
  return new ApiError("service_account_malformed", detail, { pointer });
}
