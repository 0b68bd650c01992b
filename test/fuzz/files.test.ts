/**
 * A damaged pass, or any archive, is either read, checked and imported as a template, or refused with a reason, and
 * nothing throws. Hundreds of files are generated from a seed, without HTTP.
 */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ApiError } from "../../src/errors.ts";
import { inspectPkpass } from "../../src/pkpass/read/inspect.ts";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { templateFromPkpass } from "../../src/templates/import.ts";
import { toFullLintImages } from "../../src/templates/lint.ts";
import { admin, icon, send } from "../harness.ts";
import { rewards } from "../passes/rewards.ts";
import { damage, damaged } from "../tools/fuzz/damage.ts";
import { packed } from "../tools/fuzz/file-routes.ts";

const PASS_TYPE = "pass.test.fuzz.files";
const SEED = Number(import.meta.env.VITE_FUZZ_SEED ?? 20_261_122);
const FILES = 300; // the long run is `npm run fuzz`
const NOW = Date.now();

let pkpass: Uint8Array;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const strings = { fr: { POINTS: "PTS" } };
  const { id } = await admin.makeTemplate(PASS_TYPE, {
    ...rewards,
    images: { ...rewards.images, ...icon },
    strings,
  });
  const { downloadUrl } = await admin.issue(id);
  pkpass = new Uint8Array(await (await send(new Request(downloadUrl))).arrayBuffer());
});

/**
 * The last step that the file reached.
 * @throws for a fault of the reader
 */
async function fateOf(file: Uint8Array): Promise<string> {
  const bundle = readPkpass(file);
  if (bundle.outcome === "refused") {
    expect(bundle.why).toMatch(/^[A-Z].*\.$/s);
    return "refused";
  }
  const findings = await inspectPkpass(bundle, NOW);
  const names = findings.map(({ code, pointer }) => `${code} ${pointer}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { message, cure } of findings) expect(message.length * cure.length).toBeGreaterThan(0);
  try {
    toFullLintImages(templateFromPkpass(bundle, findings, NOW).images);
    return "imported";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return "read";
  }
}

/** All outcomes of files. For a fault, the input from which its file was made is printed. */
async function fates<Made>(
  made: fc.Arbitrary<Made>,
  fileOf: (made: Made) => Uint8Array,
): Promise<Set<string>> {
  const seen = new Set<string>();
  const property = fc.asyncProperty(made, async (from) => void seen.add(await fateOf(fileOf(from))));
  await fc.assert(property, { seed: SEED, numRuns: FILES, interruptAfterTimeLimit: 15_000 });
  return seen;
}
const ALL = new Set(["refused", "read", "imported"]);

test("a damaged pass of this service is read or refused, and never throws", async () => {
  expect(await fateOf(pkpass)).toBe("imported");
  const damages = fc.array(damage, { minLength: 1, maxLength: 3 });
  expect(await fates(damages, (all) => damaged(pkpass, all))).toEqual(ALL);
}, 30_000);

test("an archive that no honest tool makes is read or refused, and never throws", async () => {
  expect(await fates(packed, (file) => file)).toEqual(ALL);
}, 30_000);
