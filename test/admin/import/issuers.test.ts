/**
 * Files in the shapes of real issuers. Each is imported, and its pass is issued again from the template: with the same
 * meaning as the file for a phone, except for what a finding of the import names. Then the next pass is issued: it
 * differs only in what was sent for it.
 *
 * How they are written, signed and packed is in issuers/.
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../../src/passes/show.ts";
import type { Finding } from "../../../src/pkpass/finding.ts";
import type { Template } from "../../../src/templates/show.ts";
import { checkPass } from "../../apple/pkpass.ts";
import { admin, call, rootPem, send } from "../../harness.ts";
import { path } from "./file.ts";
import { cards } from "./issuers/cards.ts";
import { documents } from "./issuers/documents.ts";
import { type Changes, contentsOf, type IssuerFile, makeFile } from "./issuers/issuer.ts";
import { leisure } from "./issuers/leisure.ts";
import { changesBetween, meaningOfFile, meaningOfPass } from "./issuers/meaning.ts";
import { makeSigner, type Sign } from "./issuers/signing.ts";
import { tickets } from "./issuers/tickets.ts";
import { transit } from "./issuers/transit.ts";
import { travel } from "./issuers/travel.ts";
import { compact, type JsonObject } from "./issuers/writing.ts";

const PASS_TYPE = "pass.test.issuers";
const ISSUERS: readonly IssuerFile[] = [
  ...travel,
  ...transit,
  ...tickets,
  ...leisure,
  ...cards,
  ...documents,
];

let sign: Sign;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  sign = await makeSigner();
});

type Imported = Template & { readonly lint: { readonly findings: readonly Finding[] } };

async function created<Body>(url: string, body: string | Uint8Array, type: string): Promise<Body> {
  const answer = await call<Body>("POST", url, body, { "Content-Type": type });
  if (answer.status !== 201)
    throw new Error(`${url} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Checked as Wallet does. The harness's download would also run openssl and unzip, which takes twice as long. */
async function issue(templateId: number, body: JsonObject) {
  const url = `/templates/${templateId}/passes`;
  const { downloadUrl } = await created<Pass>(url, compact(body), "application/json");
  const response = await send(new Request(downloadUrl));
  return meaningOfPass(await checkPass(new Uint8Array(await response.arrayBuffer()), { rootPem }));
}

/** The errors that are found in archive, manifest and signature. */
function faultsIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(
      ({ severity, pointer }) => severity === "error" && /^\/(files|manifest|signature)\b/.test(pointer),
    )
    .map(({ code, pointer }) => `${code} ${pointer}`);
}

/** A finding names a change if it is about the same place, or the same field. */
function placeOf(pointer: string): string {
  return /^\/pass\/\w+\/\w+Fields\/\d+/.exec(pointer)?.[0] ?? pointer;
}

/**
 * The changes that no finding names. Two need none: Pass Designer's `_id`, which no phone reads, and the serial number, which
 * the operator chose.
 */
function unnamed(changes: Changes, findings: readonly Finding[]): string[] {
  const relevant = findings.filter(({ code }) => code !== "pass_specific_value");
  const named = new Set(relevant.map(({ pointer }) => placeOf(pointer)));
  return Object.keys(changes).filter(
    (pointer) => !/\/(_id|serialNumber)$/.test(pointer) && !named.has(placeOf(pointer)),
  );
}

test("there are twenty files, each with a serial number of its own", () => {
  expect(new Set(ISSUERS.map(({ pass }) => pass.serialNumber ?? "none")).size).toBe(20);
});

test.each(ISSUERS.map((issuer) => [issuer.shape, issuer] as const))("%s", async (_shape, issuer) => {
  const { pass, strings = {}, again, changes = {}, faults = [], says = {}, next } = issuer;
  const contents = contentsOf(issuer);
  const file = await makeFile(issuer, contents, sign);
  const url = path(`?passTypeIdentifier=${PASS_TYPE}`);
  const { id, lint } = await created<Imported>(url, file, "application/vnd.apple.pkpass");
  expect(faultsIn(lint.findings)).toEqual(faults);
  for (const [pointer, text] of Object.entries(says)) {
    const messages = lint.findings
      .filter((finding) => finding.pointer === pointer)
      .map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(text)]));
  }

  const { serialNumber } = pass;
  const same = await issue(id, { ...(serialNumber === undefined ? {} : { serialNumber }), ...again });
  const actual = changesBetween(meaningOfFile(pass, contents, strings), same);
  expect(actual).toEqual(changes);
  expect(unnamed(actual, lint.findings)).toEqual([]);
  expect(changesBetween(same, await issue(id, next.body))).toEqual(next.changes);
});
