/**
 * A wrong file is named before it is sent, with the file that is wanted. The files are those of openssl and of other tools.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { kindOfFile, wrongArchive, wrongKeyFile } from "../../../src/browser/dashboard/file-kind.ts";
import { drawPng } from "../../apple/png.ts";

const utf8 = new TextEncoder();
const APPLE = "Choose AuthKey_….p8, from Apple's portal → Keys.";
const GOOGLE = "Choose the JSON file of the service account, from the Google Cloud Console.";
const ACCOUNT = utf8.encode(JSON.stringify({ type: "service_account" }, null, 2));
const files = new Map<string, Uint8Array>();
const bytesOf = (name: string) => files.get(name) ?? new Uint8Array();

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "file-kind-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Card"];
  openssl("req", "-x509", ...ec, "-keyout", "key.p8", "-out", "pass.pem", "-days", "9");
  openssl("x509", "-in", "pass.pem", "-outform", "DER", "-out", "pass.cer");
  openssl("req", "-new", "-key", "key.p8", "-subj", "/CN=Card", "-out", "card.csr");
  openssl("req", "-in", "card.csr", "-outform", "DER", "-out", "csr.der");
  openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key.p8", "-outform", "DER", "-out", "key.der");
  openssl("ec", "-in", "key.p8", "-pubout", "-out", "public.pem");
  openssl(
    "pkcs12",
    "-export",
    "-in",
    "pass.pem",
    "-inkey",
    "key.p8",
    "-passout",
    "pass:a",
    "-out",
    "card.p12",
  );
  for (const name of [
    "key.p8",
    "pass.pem",
    "pass.cer",
    "card.csr",
    "csr.der",
    "key.der",
    "public.pem",
    "card.p12",
  ])
    files.set(name, new Uint8Array(readFileSync(join(folder, name))));
  rmSync(folder, { recursive: true });
});

test.each([
  ["pass.cer", "certificate"],
  ["pass.pem", "certificate"],
  ["card.csr", "request"],
  ["csr.der", "request"],
  ["card.p12", "p12"],
  ["key.p8", "key"],
  ["key.der", "binaryKey"],
  ["public.pem", "publicKey"],
])("%s of openssl is recognised as %s", (name, kind) => {
  expect(kindOfFile(bytesOf(name))).toBe(kind);
});

test("pictures, archives, JSON and other bytes are recognised, and any other text is not", () => {
  expect(kindOfFile(drawPng(3, 3, () => [0, 0, 0, 255]))).toBe("picture");
  expect(kindOfFile(utf8.encode("PK\u0003\u0004"))).toBe("zip");
  expect(kindOfFile(utf8.encode("%PDF-1.7"))).toBe("pdf");
  expect(kindOfFile(ACCOUNT)).toBe("json");
  expect(kindOfFile(new Uint8Array([1, 2, 3]))).toBe("binary");
  expect(kindOfFile(utf8.encode("MIGTAgEAMBMGByqGSM49\r\n"))).toBeUndefined();
  expect(kindOfFile(new Uint8Array())).toBeUndefined();
});

test("a wrong file in place of a key says what it is and which file is wanted; the right one is sent", () => {
  expect(wrongKeyFile("pass.cer", bytesOf("pass.cer"), "apns-key")).toBe(
    `pass.cer is a certificate. ${APPLE}`,
  );
  expect(wrongKeyFile("a.json", ACCOUNT, "apns-key")).toBe(`a.json is a JSON file. ${APPLE}`);
  expect(wrongKeyFile("a.bin", new Uint8Array([7]), "apns-key")).toBe(`a.bin is not a text file. ${APPLE}`);
  expect(wrongKeyFile("AuthKey.p8", bytesOf("key.p8"), "apns-key")).toBeNull();
  expect(wrongKeyFile("card.p12", bytesOf("card.p12"), "service-account")).toBe(
    `card.p12 is a certificate with its key (.p12). ${GOOGLE}`,
  );
  expect(wrongKeyFile("pass.pem", bytesOf("pass.pem"), "service-account")).toBe(
    `pass.pem is a certificate. ${GOOGLE}`,
  );
  expect(wrongKeyFile("key.json", ACCOUNT, "service-account")).toBeNull();
});

test("what is no archive is not imported, and the file that is wanted comes first", () => {
  const wanted = "Choose a .pkpass file, or a template of Pass Designer as a .zip file.";
  expect(wrongArchive("pass.cer", bytesOf("pass.cer"))).toBe(`${wanted} pass.cer is a certificate.`);
  expect(wrongArchive("notes.txt", utf8.encode("Hello"))).toBe(
    `${wanted} Both are ZIP archives, and notes.txt is not.`,
  );
  expect(wrongArchive("card.pkpass", utf8.encode("PK\u0003\u0004\u0000"))).toBeNull();
});
