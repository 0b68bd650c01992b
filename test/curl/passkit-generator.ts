/**
 * Passes of another service, for the tests of the import: made with passkit-generator, for another pass type and team, and
 * signed by another certificate authority. They use nearly all features of the library.
 */
import { exportPKCS8, generateKeyPair } from "jose";
import { PKPass } from "passkit-generator";
import { createCa } from "../apple/ca.ts";
import { drawPng } from "../apple/png.ts";

export const ELSEWHERE = { passTypeIdentifier: "pass.com.example.elsewhere", teamIdentifier: "ELSEWHERE1" };
export const SERIAL_NUMBER = "elsewhere-0001";

export type Style = "boardingPass" | "coupon" | "eventTicket" | "generic" | "storeCard";

const png = (width: number, height: number, shade: number) =>
  Buffer.from(drawPng(width, height, (x, y) => [(x * 7 + shade) % 256, (y * 5) % 256, shade, 255]));
/** All densities of a slot, each with a different picture. */
const slot = (name: string, width: number, height: number, shade: number) => ({
  [`${name}.png`]: png(width, height, shade),
  [`${name}@2x.png`]: png(width * 2, height * 2, shade + 1),
  [`${name}@3x.png`]: png(width * 3, height * 3, shade + 2),
});

/** The images of each style. */
export const STYLES: Record<Style, { images: Record<string, Buffer>; transitType?: "PKTransitTypeAir" }> = {
  boardingPass: { images: slot("footer", 286, 15, 10), transitType: "PKTransitTypeAir" },
  coupon: { images: slot("strip", 375, 144, 20) },
  eventTicket: { images: { ...slot("background", 180, 220, 30), ...slot("thumbnail", 90, 90, 40) } },
  generic: { images: slot("thumbnail", 90, 90, 50) },
  storeCard: { images: slot("strip", 375, 144, 60) },
};
export const STRINGS = {
  de: { Seat: "Platz", 'Say "hi" \\ to\n😀': 'Grüß "Gott" \\ und\n😀', "Ticket of Example": "Karte" },
  "pt-BR": { Seat: "Assento", 'Say "hi" \\ to\n😀': "Olá", "Ticket of Example": "Bilhete" },
};

export interface Certificates {
  /** All in PEM. */
  readonly wwdr: string;
  readonly signerCert: string;
  readonly signerKey: string;
}

export async function makeCertificates(): Promise<Certificates> {
  const ca = await createCa({ aiaOrigin: "https://ca.example.com" });
  const { publicKey, privateKey } = await generateKeyPair("RS256", {
    modulusLength: 2048,
    extractable: true,
  });
  const { pem } = await ca.issueFor(publicKey, ELSEWHERE);
  return { wwdr: ca.wwdrPem, signerCert: pem, signerKey: await exportPKCS8(privateKey) };
}

/** The library writes texts into pass.strings without escaping them. */
const escaped = (text: string) => text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n");

/** A pass with nearly all features of the library. */
export function passOf(style: Style, certificates: Certificates): Buffer {
  const pass = new PKPass(
    { ...slot("icon", 29, 29, 1), ...slot("logo", 160, 50, 5), ...STYLES[style].images },
    certificates,
    {
      ...ELSEWHERE,
      serialNumber: SERIAL_NUMBER,
      description: "Ticket of Example",
      organizationName: "Example",
      logoText: "Example & Söhne",
      backgroundColor: "rgb(10, 20, 30)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "#c8c8c8",
      webServiceURL: "https://elsewhere.example.com/wallet",
      authenticationToken: "a-token-of-elsewhere",
      sharingProhibited: true,
      maxDistance: 500,
      userInfo: { internal: { at: "2026-01-02T03:04:05.678Z", list: [1, null, "x"] } },
      associatedStoreIdentifiers: [361_309_726],
      ...(style === "boardingPass" || style === "eventTicket" ? { groupingIdentifier: "tour" } : {}),
      semantics: { totalPrice: { amount: "12.50", currencyCode: "EUR" } },
    },
  );
  pass.type = style;
  const { transitType } = STYLES[style];
  if (transitType !== undefined) pass.transitType = transitType;
  pass.headerFields.push({ key: "seat", label: "Seat", value: "12A", changeMessage: "Your seat is %@" });
  pass.primaryFields.push({ key: "name", label: "Name", value: 'Say "hi" \\ to\n😀' });
  pass.secondaryFields.push({
    key: "when",
    label: "WHEN",
    value: "2026-12-24T18:30:00+01:00",
    dateStyle: "PKDateStyleMedium",
    timeStyle: "PKDateStyleShort",
  });
  pass.auxiliaryFields.push({
    key: "price",
    label: "PRICE",
    value: 12.5,
    currencyCode: "EUR",
    textAlignment: "PKTextAlignmentRight",
  });
  pass.backFields.push(
    {
      key: "terms",
      label: "Terms",
      value: "See our site",
      attributedValue: "<a href='https://example.com'>site</a>",
    },
    { key: "stamp", label: "Printed", value: "2026-01-02T03:04:05.678Z" },
  );
  pass.setBarcodes(
    {
      format: "PKBarcodeFormatQR",
      message: SERIAL_NUMBER,
      messageEncoding: "iso-8859-1",
      altText: "Scan me",
    },
    { format: "PKBarcodeFormatPDF417", message: "of all passes", messageEncoding: "utf-8" },
  );
  pass.setLocations({ latitude: 48.1, longitude: 11.5, relevantText: "Near by" });
  pass.setBeacons({ proximityUUID: "E2C56DB5-DFFB-48D2-B060-D0F5A71096E0", major: 1 });
  pass.setExpirationDate(new Date("2027-01-02T03:04:05Z"));
  for (const [language, texts] of Object.entries(STRINGS)) {
    pass.localize(
      language,
      Object.fromEntries(Object.entries(texts).map((pair) => pair.map(escaped) as [string, string])),
    );
  }
  pass.addBuffer("de.lproj/logo.png", png(160, 50, 77));
  pass.addBuffer("de.lproj/logo@2x.png", png(320, 100, 78));
  pass.addBuffer("de.lproj/logo@3x.png", png(480, 150, 79));
  return pass.getAsBuffer();
}
