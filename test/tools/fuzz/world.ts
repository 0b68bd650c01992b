/**
 * The things to attack: templates, an event, passes, phones and keys, made through the admin API, with names that a
 * request can use: `@{pass.3.webToken}`. Things that an attack deletes are created again, so that there is always
 * something to attack.
 *
 * It does not depend on the runtime: the caller supplies a function that sends, and a pass type that has a certificate.
 */
import { openArchive } from "../../apple/iphone-zip.ts";
import { openPkpasses } from "../../apple/pkpasses.ts";
import { drawPng } from "../../apple/png.ts";
import { damaged } from "./damage.ts";
import { fragmentsOf, makePrivateKey, randomHex, sha256Of } from "./keys.ts";
import { imageIn, JOIN, nonceIn } from "./opened-pages.ts";
import { type Answered, bytesOf, type Send, type Sent, toBase64 } from "./wire.ts";

export const PASSES = 8;
export const TEMPLATES = 5;
export const DEVICES = 3;
/** The template without passes, so that it can be deleted. */
export const SPARE = TEMPLATES - 1;
/** A team without pushes. */
export const TEAM = "FUZZTEAM00";
/** Of Google Wallet. */
const ISSUER = "3388000000000000042";

/** A text that must not be in a response, and the exceptions. */
export interface Secret {
  readonly text: string;
  /** `key`: no exceptions. `token`: in the pass's own bundle. `link`: for clients with the API's key or the link. */
  readonly kind: "key" | "token" | "link";
}

export interface WorldParts {
  readonly send: Send;
  readonly adminToken: string;
  /** With a certificate. */
  readonly passTypeIdentifier: string;
  /** Further texts that must never be returned. */
  readonly secrets: readonly string[];
}

interface KnownPass {
  readonly id: number;
  readonly templateId: number;
  readonly serialNumber: string;
  readonly webToken: string;
  /** Undefined if there is no certificate to sign it. */
  readonly token: string | undefined;
}

/** Each contains a number, because a serial number can never be used again. */
const SERIAL_NUMBERS = [
  "plain",
  "with space",
  "100%",
  "é🦊",
  "a%2Fb",
  "'quoted'",
  "a&b=c+d",
  "<b>",
  "AB-07/09/25",
];
export const FIELDS = ["points", "balance", "until"] as const;
const image = toBase64(drawPng(29, 29, (x, y) => [x * 8, y * 8, 120, 255]));
export const IMAGE = image;

export const PASS = {
  description: "Card",
  organizationName: "Edgepass",
  storeCard: {
    headerFields: [{ key: "balance", label: "BALANCE", value: 12.5, currencyCode: "EUR" }],
    primaryFields: [{ key: "points", label: "POINTS", value: "0", changeMessage: "Now %@" }],
    secondaryFields: [{ key: "until", value: "2027-01-01T00:00Z", dateStyle: "PKDateStyleShort" }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};

/** The sign-up form of each template. */
const SIGN_UP = {
  description: "Join",
  requiredPersonalizationFields: ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldEmailAddress"],
};

export type World = Awaited<ReturnType<typeof makeWorld>>;

export async function makeWorld({ send, adminToken, passTypeIdentifier, secrets }: WorldParts) {
  const unsigned = `${passTypeIdentifier}.unsigned`;
  const privateKey = await makePrivateKey({ name: "ECDSA", namedCurve: "P-256" });
  const googleKey = await makePrivateKey({
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  });
  const devices = Array.from({ length: DEVICES }, () => randomHex(16));
  const pushTokens = devices.map(() => randomHex(32));
  const ever: Secret[] = [
    ...[adminToken, ...secrets, ...fragmentsOf(privateKey), ...fragmentsOf(googleKey).slice(1)].map(
      (text) => ({ text, kind: "key" as const }),
    ),
    ...[...devices, ...pushTokens].map((text) => ({ text, kind: "key" as const })),
  ];
  const names = new Map<string, string>(
    Object.entries({
      ...{ adminToken, privateKey, googleKey, passType: passTypeIdentifier, unsigned },
      ...{ issuer: ISSUER, sha256: await sha256Of(image) },
    }),
  );
  for (const [n, device] of devices.entries()) names.set(`device.${n}`, device);
  for (const [n, token] of pushTokens.entries()) names.set(`pushToken.${n}`, token);
  names.set("basic", btoa(`any:${adminToken}`));
  let serials = 0;
  /** A bundle of this service. */
  let pkpass: Uint8Array = new Uint8Array();

  /** @throws Error if the response is not a success */
  async function admin<Made>(method: string, path: string, body?: unknown): Promise<Made> {
    const answered = await send({
      method,
      target: `/admin/v1${path}`,
      headers: [
        ["Authorization", `Bearer ${adminToken}`],
        ["Content-Type", "application/json"],
      ],
      body: body === undefined ? undefined : { text: JSON.stringify(body) },
    });
    const text = new TextDecoder().decode(answered?.body);
    if (answered === undefined || answered.status >= 300) throw new Refused(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  const exists = (path: string) =>
    admin("GET", path).then(
      () => true,
      () => false,
    );

  async function makeTemplates(): Promise<void> {
    for (let n = 0; n < TEMPLATES; n++) {
      const known = names.get(`template.${n}`);
      if (known !== undefined && (await exists(`/templates/${known}`))) continue;
      const body = {
        name: "Card",
        pass: PASS,
        images: { "icon.png": image },
        strings: { fr: { POINTS: "PTS" } },
        personalization: SIGN_UP,
      };
      const template = await admin<{ id: number }>("POST", "/templates", {
        ...body,
        passTypeIdentifier: n === SPARE - 1 ? unsigned : passTypeIdentifier,
        webService: n === 1 ? "/api" : "/",
      });
      names.set(`template.${n}`, String(template.id));
    }
  }

  /** The stand-in Google does not know it, so no pass gets there. */
  async function makeIssuer(): Promise<void> {
    if (await exists(`/google-issuers/${ISSUER}`)) return;
    const serviceAccount = {
      ...{ type: "service_account", project_id: "fuzz", private_key_id: "f1" },
      ...{
        private_key: googleKey.replaceAll("\\n", "\n"),
        client_email: "fuzz@fuzz.iam.gserviceaccount.com",
      },
    };
    await admin("POST", "/google-issuers", { issuerId: ISSUER, serviceAccount });
  }

  async function makeEvent(): Promise<void> {
    const [project, event] = [names.get("project"), names.get("event")];
    if (event !== undefined && (await exists(`/projects/${project}/events/${event}`))) return;
    const { id } = await admin<{ id: number }>("POST", "/projects", { name: "Tour" });
    const made = await admin<{ id: number }>("POST", `/projects/${id}/events`, {
      name: "Berlin",
      values: { points: "7" },
    });
    names.set("project", String(id)).set("event", String(made.id));
  }

  async function makePasses(): Promise<void> {
    for (let n = 0; n < PASSES; n++) {
      const known = names.get(`pass.${n}.id`);
      if (known !== undefined && (await exists(`/passes/${known}`))) continue;
      const serialNumber = `${SERIAL_NUMBERS[n % SERIAL_NUMBERS.length]} ${++serials}`;
      const templateId = names.get(`template.${n % SPARE}`);
      const body = { serialNumber, ...(n === 0 ? { eventId: Number(names.get("event")) } : {}) };
      know(n, await withToken(await admin("POST", `/templates/${templateId}/passes`, body)));
    }
    for (const n of devices.keys()) await register(n);
  }

  /** Its authenticationToken is read from its bundle, as a phone does. */
  async function withToken(pass: Omit<KnownPass, "token">): Promise<KnownPass> {
    const target = `/passes/${pass.id}/${pass.webToken}.pkpass`;
    const answered = await send({ method: "GET", target, headers: [] });
    if (answered?.status !== 200) return { ...pass, token: undefined };
    pkpass = answered.body;
    return { ...pass, token: tokenIn(answered) };
  }

  function know(n: number, pass: KnownPass): void {
    const serial = encodeURIComponent(pass.serialNumber);
    const token = pass.token ?? `ep1_${"A".repeat(43)}`;
    for (const [name, value] of Object.entries({
      id: pass.id,
      templateId: pass.templateId,
      passType: pass.token === undefined ? unsigned : passTypeIdentifier,
      serialNumber: JSON.stringify(pass.serialNumber).slice(1, -1),
      serial,
      // As iOS sends it: encoded twice, but with its slashes.
      serialTwice: encodeURIComponent(serial).replaceAll("%252F", "/"),
      webToken: pass.webToken,
      token,
      flippedToken: token.replace(/.(?=.{9}$)/, (char) => (char === "A" ? "B" : "A")),
    })) {
      names.set(`pass.${n}.${name}`, String(value));
    }
    ever.push({ text: pass.webToken, kind: "link" });
    if (pass.token !== undefined) ever.push({ text: pass.token, kind: "token" });
  }

  async function register(n: number): Promise<void> {
    const pass = `pass.${n}`;
    const target = `/v1/devices/@{device.${n}}/registrations/@{${pass}.passType}/@{${pass}.serial}`;
    const headers = [["Authorization", `ApplePass @{${pass}.token}`]] as const;
    await send(
      resolve({ method: "POST", target, headers, body: { text: `{"pushToken":"@{pushToken.${n}}"}` } }),
    );
  }

  /** Its parts are passes of one kind, without the kind that cannot be signed. */
  async function makeBundle(): Promise<void> {
    const passIds = [0, 1].map((n) => Number(names.get(`pass.${n}.id`)));
    const { url } = await admin<{ url: string }>("POST", "/bundles", { passIds });
    const path = new URL(url).pathname;
    if (names.get("bundle") === path) return;
    names.set("bundle", path);
    ever.push({ text: path.split("/").at(-1)?.split(".")[0] ?? path, kind: "link" });
  }

  /** A form of the first template, and an image of a page. */
  async function openPages(): Promise<void> {
    const slug = names.get("slug") ?? `fuzz-${randomHex(4)}`;
    names.set("slug", slug);
    const form = async () => nonceIn(await textOf(`/join/${slug}`));
    const opened = await form();
    if (opened === "")
      await admin("PATCH", `/templates/${names.get("template.0")}`, { join: { slug, ...JOIN } });
    names.set("nonce", opened === "" ? await form() : opened);
    names.set("image", imageIn(await textOf("/p/@{pass.1.id}/@{pass.1.webToken}")));
  }

  async function textOf(target: string): Promise<string> {
    return new TextDecoder().decode((await send(resolve({ method: "GET", target, headers: [] })))?.body);
  }

  /** The request with its names replaced. An unknown name stays. */
  function resolve(sent: Sent): Sent {
    const filled = (text: string) =>
      text.replace(/@\{([\w.]+)\}/g, (written, name: string) => names.get(name) ?? written);
    const bodyOf = (body: Sent["body"]) => {
      if (body === undefined || "base64" in body) return body;
      return "text" in body
        ? { text: filled(body.text) }
        : { base64: toBase64(damaged(pkpass, body.pkpass)) };
    };
    const body = bodyOf(sent.body);
    const headers = sent.headers.map(([name, value]): [string, string] => [name, filled(value)]);
    return { method: sent.method, target: filled(sent.target), headers, body };
  }

  /** Creates deleted things again. */
  async function renew(): Promise<void> {
    await makeTemplates();
    await makeIssuer();
    await makeEvent();
    await makePasses();
    await makeBundle();
    await openPages();
  }

  await admin("POST", "/pass-types", { passTypeIdentifier: unsigned, keyAlgorithm: "P-256" });
  await admin("POST", "/apns-keys", { keyId: "FUZZKEY001", teamIdentifier: TEAM, privateKey });
  await renew();
  return { resolve, renew, admin, secrets: () => ever, passTypeIdentifier, unsigned };
}

/** The admin API refused a request. */
export class Refused extends Error {}

/** The authenticationToken in a bundle. */
export function tokenIn({ body }: Answered): string {
  const json = openArchive(body)["pass.json"];
  return String(JSON.parse(new TextDecoder().decode(json)).authenticationToken);
}

/** The authenticationTokens in a file of several passes. */
export function tokensIn(answered: Answered): string[] {
  return openPkpasses(answered.body).map(({ bytes }) => tokenIn({ ...answered, body: bytes }));
}

/** Everything in a request except its headers: the texts that the client must already know. */
export function saidIn({ target, body }: Sent): string {
  return `${target}\n${new TextDecoder().decode(bytesOf(body))}`;
}
