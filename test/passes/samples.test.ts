/**
 * A pass of every style and layout, created as an issuer does it: Wallet accepts it, and the linter has only the expected
 * findings for template, pass and file. The demo does the same over real HTTP.
 */
import { beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/pkpass/finding.ts";
import { accept, admin, call, get, iphone, send } from "../harness.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { templateOf } from "../pkpass/samples/template.ts";

const PASS_TYPE = "pass.test.samples";

interface Report {
  readonly findings: readonly Finding[];
}
interface Linted {
  readonly id: number;
  readonly downloadUrl: string;
  readonly landingUrl: string;
  readonly lint: Report;
}

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

const told = ({ findings }: Report) => findings.map(({ severity, code }) => `${severity} ${code}`);

test.each(samples)(
  "$name is accepted by Wallet after import and issue, and the linter finds no fault in any step",
  async (sample) => {
    const reminders = (sample.reminders ?? []).map((code) => `warning ${code}`);
    const template = await call<Linted>("POST", "/templates", {
      ...templateOf(sample),
      passTypeIdentifier: PASS_TYPE,
    });
    expect([template.status, told(template.body.lint)]).toEqual([201, reminders]);
    const issued = await call<Linted>("POST", `/templates/${template.body.id}/passes`, {});
    expect([issued.status, told(issued.body.lint)]).toEqual([201, []]);

    const response = await send(new Request(issued.body.downloadUrl));
    const file = new Uint8Array(await response.arrayBuffer());
    const { pass, files } = await accept(file);
    expect(pass).toMatchObject({ ...sample.pass, passTypeIdentifier: PASS_TYPE });
    // Each density that the sample names, though only the sharpest was sent.
    expect(Object.keys(files)).toEqual(expect.arrayContaining(sample.images.map(([path]) => path)));
    expect((await iphone().add(file)).failed).toEqual([]);

    const linted = await call<Report>("POST", "/lint", file, {
      "Content-Type": "application/vnd.apple.pkpass",
    });
    expect([linted.status, told(linted.body)]).toEqual([200, reminders]);
    expect((await get(new URL(issued.body.landingUrl).pathname)).status).toBe(200);
  },
);
