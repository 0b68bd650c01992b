/** The page of a pass that cannot be added: a plain sentence in the reader's language, and nothing to add or scan. */
import { beforeAll, expect, test } from "vitest";
import { passPageWordsOf } from "../../src/pages/pass-page-words.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { concert } from "../pkpass/samples/events.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import { adminOf } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { adminToken, HEIGHT, origin, Visitor } from "./visitor.ts";

const LANGUAGES = ["en", "ar", "de", "es", "fr"];
const UNSIGNED = "pass.dev.edgepass.unsigned";
const EXPIRED_AT = "2026-05-01T12:00Z";

type Status = "redeemed" | "voided" | "expired" | "unavailable";
const STATUSES: readonly Status[] = ["redeemed", "voided", "expired", "unavailable"];
let paths: Record<Status, string>;

beforeAll(async () => {
  const admin = adminOf(origin, adminToken);
  await admin.send("POST", "/pass-types", { passTypeIdentifier: UNSIGNED });
  const template = (passTypeIdentifier: string) =>
    admin.send<Template>("POST", "/templates", { ...templateOf(concert), passTypeIdentifier });
  const [signed, unsigned] = [await template(PASS_TYPE_IDENTIFIER), await template(UNSIGNED)];
  const issue = ({ id }: Template, body: unknown = {}) =>
    admin.send<Pass>("POST", `/templates/${id}/passes`, body);
  const passes = {
    redeemed: await issue(signed),
    voided: await issue(signed),
    expired: await issue(signed, { pass: { expirationDate: EXPIRED_AT } }),
    unavailable: await issue(unsigned),
  };
  await admin.send("POST", `/passes/${passes.redeemed.id}/redeem`, {});
  await admin.send("POST", `/passes/${passes.voided.id}/void`, {});
  const pathOf = ({ landingUrl }: Pass) => new URL(landingUrl).pathname;
  paths = {
    redeemed: pathOf(passes.redeemed),
    voided: pathOf(passes.voided),
    expired: pathOf(passes.expired),
    unavailable: pathOf(passes.unavailable),
  };
});

test.each(STATUSES)(
  "%s is said first, in each language, and nothing can be added or scanned",
  async (status) => {
    await using visitor = await Visitor.comes();
    for (const language of LANGUAGES) {
      await visitor.opens(`${paths[status]}?lang=${language}`);
      const { words, marks } = passPageWordsOf(language);
      const [first] = await visitor.sees("main > :not(.unseen)");
      const day = new Intl.DateTimeFormat(language === "en" ? "en-US" : language, { dateStyle: "long" });
      const date = day.format(new Date(EXPIRED_AT));
      expect(first?.text).toBe(`${words[`${status}Title`]} ${words[status].replace("{date}", date)}`);
      expect(first?.bottom).toBeLessThan(HEIGHT / 2);
      const sentence = visitor.page.locator("main > :not(.unseen)").first();
      expect([await sentence.getAttribute("lang"), await sentence.getAttribute("dir")]).toEqual([
        marks.lang,
        marks.dir,
      ]);
      expect(await visitor.sees('a[href*=".pkpass"], .button, .badge, .scan, .veil')).toEqual([]);
      expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    }
  },
);

test.each(STATUSES)("axe finds nothing on the page of a pass that is %s", async (status) => {
  await using visitor = await Visitor.comes({ width: 320 });
  await visitor.opens(paths[status]);
  expect(await visitor.violations()).toEqual([]);
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  expect(await visitor.smallTargets()).toEqual([]);
});
