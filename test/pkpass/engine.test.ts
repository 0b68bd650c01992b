/**
 * The pass engine by itself: render, strings, manifest, signature, archive. Every pass made here goes through Wallet's
 * rules, fflate, unzip and openssl.
 *
 * Sources: Apple's "Building a pass", RFC 5652, RFC 3279, PKWARE's APPNOTE.
 */
import { ContentInfo, SignedData } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { joinPieces } from "../../src/bytes.ts";
import { buildPass } from "../../src/pkpass/build/build.ts";
import { compileSigner, type KeyAlgorithm, type ManifestSigner } from "../../src/pkpass/build/cms.ts";
import { compilePack, type Pack, readPack, serialisePack } from "../../src/pkpass/build/pack.ts";
import { type PassContent, renderPass } from "../../src/pkpass/build/render.ts";
import { crc32 } from "../../src/pkpass/crc32.ts";
import { STYLES, type TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { writeStrings } from "../../src/pkpass/strings.ts";
import { accept, apple, icon, TEAM } from "../harness.ts";

const PASS_TYPE = "pass.test.engine";
/** Within the validity of the certificates, which the stand-in Apple issues when the tests start. */
const AT = Math.floor(Date.now() / 1000) * 1000;
const FIELDS = {
  headerFields: [{ key: "seat", label: "SEAT", value: "12A" }],
  primaryFields: [{ key: "name", label: "Name", value: 'Ann "the \\ Great"\nÅström' }],
  auxiliaryFields: [
    { key: "when", label: "WHEN", value: "2026-12-24T18:30+01:00", dateStyle: "PKDateStyleShort" },
  ],
} as const;
const IDENTITY = {
  passTypeIdentifier: PASS_TYPE,
  teamIdentifier: TEAM,
  serialNumber: "engine-1",
  authenticationToken: "ep1_0123456789abcdef",
  webServiceURL: "https://passes.example.com",
};
const PLAIN: PassContent = {
  values: {},
  overrides: {},
  without: [],
  barcodeMessage: null,
  event: undefined,
  barcodeAltText: null,
  barcodeText: null,
  voided: false,
};

const signers = new Map<KeyAlgorithm, ManifestSigner>();
let pack: Pack;

function template(style: (typeof STYLES)[number]): TemplatePass {
  const fields = style === "boardingPass" ? { ...FIELDS, transitType: "PKTransitTypeTrain" } : FIELDS;
  return { description: "A pass", organizationName: "Edgepass", [style]: fields } as unknown as TemplatePass;
}

async function build(algorithm: KeyAlgorithm, style: (typeof STYLES)[number] = "generic", content = PLAIN) {
  const sign = signers.get(algorithm);
  if (sign === undefined) throw new Error(`no ${algorithm} signer`);
  return joinPieces(await buildPass(pack, renderPass(template(style), content, IDENTITY), sign, AT));
}

function render(pass: Record<string, unknown>, content: Partial<PassContent> = {}) {
  const whole = { description: "A pass", organizationName: "Edgepass", ...pass } as unknown as TemplatePass;
  return JSON.parse(new TextDecoder().decode(renderPass(whole, { ...PLAIN, ...content }, IDENTITY)));
}

beforeAll(async () => {
  for (const algorithm of ["RSA", "P-256"] as const) {
    const parameters =
      algorithm === "RSA"
        ? {
            name: "RSASSA-PKCS1-v1_5",
            hash: "SHA-256",
            modulusLength: 2048,
            publicExponent: new Uint8Array([1, 0, 1]),
          }
        : { name: "ECDSA", namedCurve: "P-256" };
    const keys = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
    const { certificate, intermediate } = await certify(keys);
    signers.set(
      algorithm,
      compileSigner({ algorithm, privateKey: keys.privateKey, certificate, intermediate }),
    );
  }
  const files = new Map<string, Uint8Array>(
    Object.entries(icon).map(([path, base64]) => [path, Uint8Array.fromBase64(base64)]),
  );
  files.set("fr.lproj/pass.strings", writeStrings({ SEAT: 'SIÈGE "1"', Name: "Nom\\\n" }));
  files.set("fr.lproj/logo.png", files.get("icon.png") ?? new Uint8Array());
  pack = readPack(joinPieces(serialisePack(await compilePack(files))));
});

async function certify(keys: CryptoKeyPair) {
  const { Pkcs10CertificateRequestGenerator, X509Certificate } = await import("@peculiar/x509");
  const signingAlgorithm = { ...keys.privateKey.algorithm, hash: "SHA-256" };
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: "CN=engine",
    keys,
    signingAlgorithm,
  });
  const csr = request.toString("pem");
  const { pem } = await apple.issue({ csr, passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM });
  const wwdr = await (
    await fetch(`${(await import("cloudflare:workers")).env.APPLE_ORIGIN}/wwdr.cer`)
  ).arrayBuffer();
  return {
    certificate: new Uint8Array(new X509Certificate(pem).rawData),
    intermediate: new Uint8Array(wwdr),
  };
}

describe.each(["RSA", "P-256"] as const)("with a key of %s", (algorithm) => {
  test.each(STYLES)("a %s is accepted by Wallet's rules, fflate, unzip and openssl", async (style) => {
    const checked = await accept(await build(algorithm, style));
    expect(checked.pass).toMatchObject({ ...IDENTITY, formatVersion: 1 });
    expect(checked.signingTime.getTime()).toBe(AT);
    expect(checked.strings.fr).toEqual({ SEAT: 'SIÈGE "1"', Name: "Nom\\\n" });
  });

  test("the signature has exactly contentType, signingTime and messageDigest as signed attributes, and two certificates", async () => {
    const { signature } = unzipSync(await build(algorithm));
    const { content } = AsnConvert.parse(signature ?? new Uint8Array(), ContentInfo);
    const signed = AsnConvert.parse(content, SignedData);
    expect(signed.encapContentInfo.eContent).toBeUndefined();
    expect(signed.certificates).toHaveLength(2);
    expect(signed.signerInfos[0]?.signedAttrs?.map((attribute) => attribute.attrType)).toEqual([
      "1.2.840.113549.1.9.3",
      "1.2.840.113549.1.9.5",
      "1.2.840.113549.1.9.4",
    ]);
    expect(signed.signerInfos[0]?.digestAlgorithm.algorithm).toBe("2.16.840.1.101.3.4.2.1");
  });

  test("the same version gives the same bytes, except for the signature with P-256", async () => {
    const [first, second] = [unzipSync(await build(algorithm)), unzipSync(await build(algorithm))];
    const names = Object.keys(first).filter((name) => algorithm === "RSA" || name !== "signature");
    expect(Object.keys(second)).toEqual(Object.keys(first));
    for (const name of names) expect(second[name]).toEqual(first[name]);
    if (algorithm === "RSA") expect(await build(algorithm)).toEqual(await build(algorithm));
  });
});

test("all signatures of a key have the announced length, also with ECDSA, whose numbers have several", async () => {
  for (const [algorithm, sign] of signers) {
    const lengths = new Set<number>();
    for (let i = 0; i < 25; i++) {
      const { signature } = unzipSync(await build(algorithm));
      lengths.add(signature?.length ?? 0);
    }
    expect([...lengths]).toEqual([sign.signatureBytes]);
  }
});

test("the manifest lists the SHA-1 of every file, in subfolders too, and nothing else", async () => {
  const files = unzipSync(await build("RSA"));
  const manifest = JSON.parse(new TextDecoder().decode(files["manifest.json"]));
  const { "manifest.json": _manifest, signature: _signature, ...rest } = files;
  expect(Object.keys(manifest).sort()).toEqual(Object.keys(rest).sort());
  expect(Object.keys(manifest)).toContain("fr.lproj/pass.strings");
});

test("images are stored as they are, not deflated again", async () => {
  const pkpass = await build("RSA");
  const image = Uint8Array.fromBase64(icon["icon.png"]);
  const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
  expect(text(pkpass)).toContain(text(image));
});

test("bytes that are not a pack, and truncated packs, are rejected", () => {
  const bytes = joinPieces(serialisePack(pack));
  expect(() => readPack(bytes.subarray(0, bytes.length - 1))).toThrow("truncated");
  expect(() => readPack(new Uint8Array(40))).toThrow("not a pack");
});

test("crc32 gives the check value of the CRC catalogue at every offset", () => {
  const check = new TextEncoder().encode("123456789");
  expect(crc32(check)).toBe(0xcbf43926);
  for (let pad = 0; pad < 9; pad++) {
    const shifted = new Uint8Array(pad + check.length);
    shifted.set(check, pad);
    expect(crc32(shifted.subarray(pad))).toBe(0xcbf43926);
  }
  expect(crc32(new Uint8Array())).toBe(0);
});

describe("pass.strings", () => {
  test("escapes quotes, backslashes, newlines and control characters", () => {
    const text = new TextDecoder().decode(writeStrings({ 'a"b\\c': "line\nline\r\t\u0007" }));
    expect(text).toBe('"a\\"b\\\\c" = "line\\nline\\r\\t\\U0007";\n');
  });

  test("is UTF-8 and starts with a quotation mark, which other parsers use to detect the encoding", () => {
    expect(writeStrings({ é: "ü" })[0]).toBe(0x22);
    expect(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(writeStrings({ é: "ü" }))).toBe(
      '"é" = "ü";\n',
    );
  });
});

describe("pass.json", () => {
  const points = {
    storeCard: { primaryFields: [{ key: "points", label: "POINTS", value: 1, attributedValue: "<b>1</b>" }] },
  };

  test("has the pass's value, label and changeMessage in place of the template's", () => {
    const values = { points: { value: 7, changeMessage: "Now %@" } };
    const { storeCard } = render(points, { values });
    expect(storeCard.primaryFields[0]).toEqual({
      key: "points",
      label: "POINTS",
      value: 7,
      changeMessage: "Now %@",
    });
  });

  test("sets an empty value if a field has none, because Wallet refuses it otherwise", () => {
    expect(render({ generic: { backFields: [{ key: "k" }] } }).generic.backFields[0]).toEqual({
      key: "k",
      value: "",
    });
  });

  test("removes a date or number style that does not fit the value", () => {
    const { generic } = render({
      generic: {
        backFields: [
          {
            key: "d",
            value: "",
            dateStyle: "PKDateStyleShort",
            timeStyle: "PKDateStyleShort",
            isRelative: true,
          },
          { key: "n", value: "12", currencyCode: "EUR" },
        ],
      },
    });
    expect(generic.backFields).toEqual([
      { key: "d", value: "" },
      { key: "n", value: "12" },
    ]);
  });

  test("removes empty colours and change messages", () => {
    const pass = render({
      labelColor: "",
      generic: { backFields: [{ key: "k", value: "v", changeMessage: "" }] },
    });
    expect(pass).not.toHaveProperty("labelColor");
    expect(pass.generic.backFields[0]).not.toHaveProperty("changeMessage");
  });

  test("has both barcodes and barcode, with the pass's message", () => {
    const pass = render(
      { generic: {}, barcodes: [{ format: "PKBarcodeFormatQR" }] },
      { barcodeMessage: "abc" },
    );
    const barcode = { format: "PKBarcodeFormatQR", message: "abc", messageEncoding: "iso-8859-1" };
    expect(pass).toMatchObject({ barcodes: [barcode], barcode });
  });

  test("replaces all barcodes of the template by those of the pass, with either key", () => {
    const template = { generic: {}, barcodes: [{ format: "PKBarcodeFormatQR", message: "template" }] };
    const hello = { format: "PKBarcodeFormatAztec" as const, message: "HELLO" };
    for (const overrides of [{ barcode: hello }, { barcodes: [hello] }]) {
      expect(render(template, { overrides }).barcodes).toMatchObject([hello]);
    }
    expect(render(template, { overrides: { barcodes: [] } })).not.toHaveProperty("barcodes");
  });

  test("encodes the serial number if neither template nor pass has a barcode message", () => {
    const pass = render({ generic: {}, barcodes: [{ format: "PKBarcodeFormatPDF417" }] });
    expect(pass.barcodes[0].message).toBe("engine-1");
  });

  test("is voided, with a boolean, once it was redeemed or voided", () => {
    expect(render({ generic: {} }, { voided: true }).voided).toBe(true);
  });

  test("passes unknown keys on unchanged", () => {
    expect(render({ generic: {}, newAppleKey: { a: [1] } })).toMatchObject({ newAppleKey: { a: [1] } });
  });

  test("never lets an override replace the identity", () => {
    const overrides = { serialNumber: "stolen", webServiceURL: "https://evil.example" };
    expect(render({ generic: {} }, { overrides })).toMatchObject(IDENTITY);
  });
});
