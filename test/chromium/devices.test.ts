/** What the page of a pass offers to each device: the first thing on it, and the codes that a camera finds. */
import { describe, expect, test } from "vitest";
import { USER_AGENTS } from "../pages/user-agents.ts";
import { concert } from "../pkpass/samples/events.ts";
import { HEIGHT, origin, PHONE, passes, pathOf, Visitor, type VisitorOptions } from "./visitor.ts";

const path = pathOf("concert-ticket");
const OWN_CODE = concert.pass.barcodes?.[0]?.message;
const THIS_PAGE = origin + path;

const sendsAs = (name: string): string => {
  const userAgent = USER_AGENTS.find(([what]) => what === name)?.[1];
  if (userAgent === undefined) throw new Error(`there is no User-Agent of ${name}`);
  return userAgent;
};

const IPHONE = { userAgent: sendsAs("Safari"), touch: true } as const;
const ANDROID = { userAgent: sendsAs("Chrome on Android"), touch: true } as const;
const IN_APP = { userAgent: sendsAs("Instagram"), touch: true } as const;
const WINDOWS = { userAgent: sendsAs("Windows"), width: 1280 } as const;
const UNKNOWN = { userAgent: sendsAs("curl"), width: 1280 } as const;
const MACINTOSH = sendsAs("Safari on a Mac or an iPad");
const MAC = { userAgent: MACINTOSH, width: 1280 } as const;
const IPAD = { userAgent: MACINTOSH, width: 820, touch: true } as const;

const DEVICES: Readonly<Record<string, VisitorOptions>> = {
  "an iPhone": IPHONE,
  "an app on an iPhone": IN_APP,
  "an iPad, which says Macintosh": IPAD,
  "a Mac": MAC,
  Windows: WINDOWS,
  Android: ANDROID,
  "an unknown client": UNKNOWN,
};

describe.each(Object.entries(DEVICES))("%s", (_what, options) => {
  test("axe finds nothing, and nothing is cut or too small to tap at 320 px", async () => {
    await using visitor = await Visitor.comes(options);
    await visitor.opens(path);
    expect(await visitor.violations()).toEqual([]);
    await visitor.resizes(320);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    expect(await visitor.smallTargets()).toEqual([]);
  });
});

test("an iPhone has the button first, without scrolling, and nothing about another device: every style", async () => {
  await using visitor = await Visitor.comes(IPHONE);
  for (const { name, path } of passes) {
    await visitor.opens(path);
    const [first, second] = await visitor.sees("main > :not(.unseen)");
    const [button, ...others] = await visitor.sees('a[href$=".pkpass"]');
    expect([first?.text, button?.text, others], name).toEqual([
      "Add to Apple Wallet",
      "Add to Apple Wallet",
      [],
    ]);
    expect(button?.top, name).toBeGreaterThanOrEqual(0);
    expect(button?.bottom, name).toBeLessThan(HEIGHT / 4);
    expect(second?.top, name).toBeGreaterThan(button?.bottom ?? HEIGHT);
    const texts = await visitor.sees(".offer, .hint, .contact");
    expect(texts.map(({ text }) => text).join(), name).not.toMatch(/Safari|Mac\b|computer|browser|device/i);
    expect(await visitor.scans(), name).not.toContain(origin + path);
  }
});

test.each([
  ["an iPad", IPAD],
  ["a Mac", MAC],
])("%s has a code of this page first, and the button", async (_what, options) => {
  await using visitor = await Visitor.comes(options);
  await visitor.opens(path);
  expect(await visitor.scans()).toEqual([THIS_PAGE]);
  const [code] = await visitor.sees(".scan");
  const [button, ...others] = await visitor.sees('a[href$=".pkpass"]');
  expect([button?.text, others]).toEqual(["Add to Apple Wallet", []]);
  expect(code?.top).toBeLessThan(button?.top ?? 0);
  expect(button?.bottom).toBeLessThan(HEIGHT);
});

test.each([
  ["Windows", WINDOWS],
  ["an unknown client", UNKNOWN],
])(
  "%s has a code of this page, which a camera cannot confuse with the pass's own",
  async (_what, options) => {
    await using visitor = await Visitor.comes(options);
    await visitor.opens(path);
    expect(await visitor.scans()).toEqual([THIS_PAGE]);
    expect((await visitor.sees('a[href$=".pkpass"]')).map(({ text }) => text)).toEqual(["Download the file"]);
    await visitor.page.locator(".veil").click();
    expect((await visitor.scans()).toSorted()).toEqual([OWN_CODE, THIS_PAGE].toSorted());
  },
);

test("without script the keyboard shows the pass's own code, and hides it again", async () => {
  await using visitor = await Visitor.comes({ ...WINDOWS, script: false });
  await visitor.opens(path);
  await visitor.tabsTo(".veil input");
  await visitor.page.keyboard.press("Space");
  expect(await visitor.scans(".barcode")).toEqual([OWN_CODE]);
  await visitor.page.keyboard.press("Space");
  expect(await visitor.scans(".barcode")).toEqual([]);
});

test("the code of this page is read in dark colours, and from the page of every style", async () => {
  await using visitor = await Visitor.comes(WINDOWS);
  await visitor.page.emulateMedia({ colorScheme: "dark" });
  for (const { name, path } of passes) {
    await visitor.opens(path);
    expect(await visitor.scans(), name).toEqual([origin + path]);
  }
});

test("on Android, the page first says that there is no Apple Wallet, and shows the code of the pass", async () => {
  await using visitor = await Visitor.comes(ANDROID);
  await visitor.opens(path);
  const [first] = await visitor.sees("main > :not(.unseen)");
  expect(first?.text).toContain("This phone does not have Apple Wallet");
  expect(await visitor.sees('a[href$=".pkpass"], .button')).toEqual([]);
  expect(await visitor.scans(".barcode")).toEqual([OWN_CODE]);
});

test("the browsers inside apps on an iPhone have the way to Safari first, and no button", async () => {
  for (const [what, userAgent = "", device] of USER_AGENTS) {
    if (device !== "iphoneApp") continue;
    await using visitor = await Visitor.comes({ userAgent, touch: true, width: PHONE });
    await visitor.opens(path);
    const [first] = await visitor.sees("main > :not(.unseen)");
    expect(first?.text, what).toMatch(/^Open this page in Safari.*Open in Safari/);
    expect(first?.bottom, what).toBeLessThan(HEIGHT);
    expect(await visitor.sees('a[href$=".pkpass"], .button, .scan, .veil'), what).toEqual([]);
  }
});

test("links, phone numbers and addresses of back fields can be tapped, as Wallet detects them", async () => {
  await using visitor = await Visitor.comes(IPHONE);
  const linksOn = async (name: string) => {
    await visitor.opens(pathOf(name));
    const links = await visitor.page.locator(".details a").all();
    return await Promise.all(
      links.map(async (link) => [await link.textContent(), await link.getAttribute("href")]),
    );
  };
  expect(await linksOn("concert-ticket")).toEqual([
    ["https://tickets.example.com/help", "https://tickets.example.com/help"],
  ]);
  expect(await linksOn("boarding-pass")).toEqual([
    ["Change or cancel", "https://nordlys.example.com/K7PQ2M"],
    ["+45 32 47 00 00", "tel:+4532470000"],
  ]);
  expect(await linksOn("library-card")).toEqual([
    ["Sveavägen 73, Stockholm", "https://maps.apple.com/?q=Sveav%C3%A4gen%2073%2C%20Stockholm"],
  ]);
});
