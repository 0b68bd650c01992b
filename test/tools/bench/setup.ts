/**
 * The input of the benchmark: a store card with six images, and an RSA-2048 and a P-256 identity of a stand-in Apple,
 * all newly generated for each run.
 */
import { exportPKCS8, generateKeyPair } from "jose";
import { createCa } from "../../apple/ca.ts";
import { demoImages } from "../../apple/png.ts";
import type { Setup } from "./worker.ts";

const IDENTITY = { passTypeIdentifier: "pass.com.example.bench", teamIdentifier: "ABCDE12345" };

/** @returns the Worker's input, and the root to verify its passes with */
export async function createSetup(): Promise<{ setup: Setup; rootPem: string }> {
  const ca = await createCa({ aiaOrigin: "http://127.0.0.1" });
  async function createIdentity(algorithm: "RS256" | "ES256") {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const { der } = await ca.issueFor(publicKey, IDENTITY);
    return { pkcs8: await exportPKCS8(privateKey), certificate: base64(der) };
  }
  const { "icon@3x.png": _seventh, ...images } = demoImages();
  const setup: Setup = {
    ...IDENTITY,
    keys: { RSA: await createIdentity("RS256"), "P-256": await createIdentity("ES256") },
    intermediate: base64(ca.wwdrDer),
    images: Object.fromEntries(Object.entries(images).map(([path, bytes]) => [path, base64(bytes)])),
    signingTime: Date.now(),
    template: {
      description: "Edgepass Roasters card",
      organizationName: "Edgepass Roasters",
      logoText: "Roasters",
      backgroundColor: "rgb(43, 26, 18)",
      foregroundColor: "rgb(255, 244, 224)",
      labelColor: "rgb(255, 196, 120)",
      barcodes: [{ format: "PKBarcodeFormatQR" }],
      locations: [{ latitude: 48.2082, longitude: 16.3738, relevantText: "Coffee is near" }],
      storeCard: {
        headerFields: [{ key: "points", label: "POINTS", value: 0, changeMessage: "You have %@ points" }],
        primaryFields: [{ key: "balance", label: "BALANCE", value: 0, currencyCode: "EUR" }],
        secondaryFields: [
          { key: "member", label: "MEMBER" },
          { key: "tier", label: "TIER", value: "Bronze", changeMessage: "You are %@ now" },
        ],
        auxiliaryFields: [
          { key: "since", label: "SINCE", value: "2026-01-01T00:00Z", dateStyle: "PKDateStyleMedium" },
        ],
        backFields: [
          { key: "terms", label: "Terms", value: "Ten points make an espresso, twenty a cake. ".repeat(8) },
          { key: "web", label: "Web", value: "https://roasters.example.com" },
        ],
      },
    },
    values: {
      points: { value: 1250 },
      balance: { value: 23.5 },
      member: { value: "Ada Lovelace" },
      tier: { value: "Gold" },
    },
  };
  return { setup, rootPem: ca.rootPem };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
