/**
 * The pages that the Worker answers (src/pages/page.tsx) and those that are files (src/browser) look alike. Their styles are written
 * twice, because one is inline and the other is a file with tokens.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAVICON } from "../../src/pages/favicon.ts";
import { Page } from "../../src/pages/page.tsx";
import { repository } from "../tools/local/repository.ts";

const source = (path: string) => readFileSync(join(repository, "src/browser", path), "utf8");
const base = source("styles/base.css");
/** The values of a token: in light, and in dark if it has another there. */
const token = (name: string) => [...base.matchAll(RegExp(`--${name}: (.+);`, "g"))].map(([, value]) => value);

/** "#abc" and "#aabbcc" are the same colour, and ".8rem" and "0.8rem" the same length. */
function normalized(value = ""): string {
  return value.replace(/^#(\w)(\w)(\w)$/, "#$1$1$2$2$3$3").replace(/^\./, "0.");
}

test("both kinds of pages have the same colours and sizes", async () => {
  const page = String(await Page({ title: "", children: "" }));
  const found = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, value]) => normalized(value));
  expect(found(/\ba { color: ([^;}]+?);? }/g)).toEqual(token("link"));
  const [button = ""] = found(/(\.button {[^}]+})/g);
  const inButton = (pattern: RegExp) => [normalized(pattern.exec(button)?.[1])];
  expect(inButton(/background: (.+?);/)).toEqual(token("button"));
  expect(inButton(/ color: (.+?);/)).toEqual(token("button-text"));
  expect(inButton(/border: 1px solid (.+?);/)).toEqual(token("button-line"));
  expect(inButton(/border-radius: (.+?);/)).toEqual(token("radius"));
  expect(inButton(/min-height: (.+?);/)).toEqual(token("target"));
  expect(found(/h1 {[^}]*font-size: (.+?);? }/g)).toEqual(token("large"));
  expect(found(/\.hint {[^}]*font-size: (.+?);? }/g)).toEqual(token("small"));
  expect(found(/main {[^}]*?width: (.+?);/g)).toEqual([/main,[^}]*?width: (.+?);/.exec(base)?.[1]]);
});

test("the icon of the installed scanner has the colour of the icon in the browser's tab", () => {
  const channels = /BLUE = \[(.+?)\]/.exec(source("build/icons.mjs"))?.[1]?.split(", ") ?? [];
  const colour = channels.map((channel) => Number(channel).toString(16).padStart(2, "0")).join("");
  expect(FAVICON).toContain(`fill="#${colour}"`);
});
