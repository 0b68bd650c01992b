/**
 * Google's callbacks when a visitor saves or removes a pass: signed with the protocol ECv2SigningOnly. A root key, which Google
 * publishes, signs an intermediate key, and that one signs the message. Signatures are ECDSA over P-256 with SHA-256, in DER.
 *
 * Follows "Use callbacks for saves and deletions" of Google Wallet, and Google's Tink for the signed bytes.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from "node:crypto";

const SENDER = "GooglePayPasses";
const PROTOCOL = "ECv2SigningOnly";
const DAY_MS = 86_400_000;

export interface CallbackEvent {
  readonly eventType: "save" | "del";
  /** Both begin with the issuer's id. */
  readonly classId: string;
  readonly objectId: string;
  readonly count?: number | undefined;
  /** Default: a new one. */
  readonly nonce?: string | undefined;
  /** Milliseconds. Default: in an hour. */
  readonly expTimeMillis?: number | undefined;
  /** What is wrong with the callback. Default: nothing. */
  readonly flaw?: "stranger" | "intermediate-expired" | "signature" | "other-issuer" | undefined;
}

/** The body of a callback. `signedKey` and `signedMessage` are texts, because exactly their bytes are signed. */
export interface SignedCallback {
  readonly signature: string;
  readonly protocolVersion: typeof PROTOCOL;
  readonly intermediateSigningKey: { readonly signedKey: string; readonly signatures: readonly string[] };
  readonly signedMessage: string;
}

export interface RootKeys {
  readonly keys: readonly {
    readonly keyValue: string;
    readonly protocolVersion: string;
    readonly keyExpiration: string;
  }[];
}

export interface CallbackSigner {
  /** What Google answers to `GET /gp/m/issuer/keys`: also a key of another protocol, and one that has expired. */
  rootKeys(now: number): RootKeys;
  sign(event: CallbackEvent, now: number): SignedCallback;
  /** The root key, in PEM. */
  save(): string;
}

export function createCallbackSigner(savedRoot?: string): CallbackSigner {
  const root = savedRoot === undefined ? newKey() : createPrivateKey(savedRoot);
  const intermediate = newKey();
  const stranger = newKey();
  return {
    rootKeys: (now) => ({
      keys: [
        { keyValue: spki(root), protocolVersion: PROTOCOL, keyExpiration: String(now + 30 * DAY_MS) },
        { keyValue: spki(stranger), protocolVersion: "ECv1", keyExpiration: String(now + 30 * DAY_MS) },
        { keyValue: spki(stranger), protocolVersion: PROTOCOL, keyExpiration: String(now - DAY_MS) },
      ],
    }),
    sign({ flaw, classId, objectId, eventType, count = 1, ...event }, now) {
      const expiration = flaw === "intermediate-expired" ? now - DAY_MS : now + DAY_MS;
      const signedKey = JSON.stringify({ keyValue: spki(intermediate), keyExpiration: String(expiration) });
      const { nonce = randomUUID(), expTimeMillis = now + 3_600_000 } = event;
      const signedMessage = JSON.stringify({ classId, objectId, eventType, expTimeMillis, count, nonce });
      const issuerId = flaw === "other-issuer" ? "1" : (classId.split(".")[0] ?? "");
      const signer = flaw === "stranger" ? stranger : root;
      const messageSigner = flaw === "signature" ? stranger : intermediate;
      return {
        signature: signTexts(messageSigner, [SENDER, issuerId, PROTOCOL, signedMessage]),
        protocolVersion: PROTOCOL,
        intermediateSigningKey: { signedKey, signatures: [signTexts(signer, [SENDER, PROTOCOL, signedKey])] },
        signedMessage,
      };
    },
    save: () => root.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** The public half, as Google writes it. */
function spki(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
}

function signTexts(key: KeyObject, texts: readonly string[]): string {
  return sign("sha256", signedBytes(texts), key).toString("base64");
}

/** Each text after its length in bytes: four bytes, little-endian. */
export function signedBytes(texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );
}
