/**
 * The examples of src/admin/README.md, run in order by bash, as a reader would. A request that is refused is printed with its
 * code; only the refusals that the page announces are expected.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { adminToken, makePassType, origin } from "./instance.ts";

const README = resolve(import.meta.dirname, "../../src/admin/README.md");
/** curl prints the refusal where it does not get lost in a pipe. */
const CURL = `curl() { local answer; answer=$(command curl --fail-with-body "$@" && echo .) && printf %s "\${answer%.}" ||
  printf '%s\\n' "REFUSED $answer" >&2; }`;

test("every example runs, in the order of the page", async () => {
  const blocks = [...(await readFile(README, "utf8")).matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, code]) => code,
  );
  const script = blocks
    .join("\n")
    .replace(/ADMIN_TOKEN=….*/, `ADMIN_TOKEN=${adminToken}`)
    .replace(/H=http:\S+/, `H=${origin}`)
    .replaceAll("pass.dev.edgepass", await makePassType());
  const folder = await mkdtemp(join(tmpdir(), "edgepass-readme-"));
  try {
    const { stdout, stderr } = await promisify(execFile)("bash", ["-uc", `${CURL}\n${script}`], {
      cwd: folder,
    });
    const codes = [...stderr.matchAll(/^REFUSED .*?"code":"(\w+)".*$/gm)].map(([, code]) => code);
    expect(codes).toEqual(["personalization_not_found", "personalization_not_found"]);
    expect(stderr.match(/^REFUSED/gm)).toHaveLength(codes.length);
    expect(stdout).toContain('"outcome":"redeemed"');
    expect(stdout).toContain('"stamps":{"value":5}');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
