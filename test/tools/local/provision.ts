/**
 * Sets up an instance: a pass type with a certificate of the stand-in Apple, the key for pushes, the demo template and
 * one pass. It uses only the admin API, as for a deployment, and creates only what is missing.
 */
import { exportJWK, importPKCS8 } from "jose";
import type { PassType } from "../../../src/identities/pass-types.ts";
import type { Pass } from "../../../src/passes/show.ts";
import type { ApnsKey } from "../../../src/push/apns-keys.ts";
import type { Template } from "../../../src/templates/show.ts";
import type { StandInApple } from "../../apple/server.ts";
import { type Admin, Refused } from "./admin.ts";
import { demoTemplate } from "./demo-template.ts";

export const PASS_TYPE_IDENTIFIER = "pass.dev.edgepass";
const TEAM_IDENTIFIER = "EDGEPASS01";
const APNS_KEY_ID = "EDGEPASSK1";
/** The externalId of the demo template. */
export const DEMO = "edgepass-demo";
const WELCOME = "welcome";

/** The demo pass. Undefined if its owner has deleted it. */
export interface Demo {
  readonly template: Template | undefined;
  readonly pass: Pass | undefined;
}

interface List<Item> {
  items: Item[];
}

/** @param apnsKey PKCS #8 in PEM */
export async function provision(admin: Admin, apple: StandInApple, apnsKey: string): Promise<Demo> {
  await provisionPassType(admin, apple);
  await provisionApnsKey(admin, apple, apnsKey);
  const template = await demoTemplateOf(admin);
  return { template, pass: template && (await welcomePassOf(admin, template.id)) };
}

async function provisionPassType(admin: Admin, apple: StandInApple): Promise<void> {
  const passTypeIdentifier = PASS_TYPE_IDENTIFIER;
  const { items } = await admin.get<List<PassType>>("/pass-types");
  const passType =
    items.find((item) => item.passTypeIdentifier === passTypeIdentifier) ??
    (await admin.send<PassType>("POST", "/pass-types", { passTypeIdentifier }));
  if (passType.certificates.some(({ state }) => state === "active")) return;
  const options = { passTypeIdentifier, teamIdentifier: TEAM_IDENTIFIER };
  const { pem } = await apple.ca.issue(passType.csr, options);
  // Without the intermediate, like files from Apple's portal: the Worker fetches it from the address in the
  // certificate.
  await admin.send("PUT", `/pass-types/${passTypeIdentifier}/certificate`, { certificate: pem });
}

async function provisionApnsKey(admin: Admin, apple: StandInApple, privateKey: string): Promise<void> {
  const key = { keyId: APNS_KEY_ID, teamIdentifier: TEAM_IDENTIFIER };
  const signingKey = await importPKCS8(privateKey, "ES256", { extractable: true });
  const { d, ...publicKeyJwk } = await exportJWK(signingKey);
  // The stand-in push service loses its keys when it ends. No topic is registered, so it accepts every topic.
  await apple.apns.registerKey({ ...key, publicKeyJwk });
  const { items } = await admin.get<List<ApnsKey>>("/apns-keys");
  if (!items.some(({ keyId }) => keyId === APNS_KEY_ID)) {
    await admin.send("POST", "/apns-keys", { ...key, privateKey });
  }
}

/** Create it only if there is no template at all: otherwise the owner has deleted the demo template. */
async function demoTemplateOf(admin: Admin): Promise<Template | undefined> {
  const { items } = await admin.get<List<Template>>("/templates?limit=200");
  const known = items.find(({ externalId }) => externalId === DEMO);
  if (known !== undefined || items.length > 0) return known;
  return admin.send("POST", "/templates", {
    ...demoTemplate(),
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
    externalId: DEMO,
  });
}

async function welcomePassOf(admin: Admin, templateId: number): Promise<Pass | undefined> {
  const { items } = await admin.get<List<Pass>>(`/passes?templateId=${templateId}&tag=${WELCOME}&limit=1`);
  if (items[0] !== undefined) return items[0];
  try {
    return await admin.send<Pass>("POST", `/templates/${templateId}/passes`, {
      serialNumber: WELCOME,
      tags: [WELCOME],
      values: { name: "Ada Lovelace", stamps: 3, balance: 12.5 },
    });
  } catch (error) {
    // A serial number can never be used again, so the pass existed and was deleted.
    if (error instanceof Refused && error.code === "serial_number_taken") return undefined;
    throw error;
  }
}
