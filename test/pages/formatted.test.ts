/**
 * The values of a pass's page as text: dates, numbers and money in their styles and locales, and the links of an
 * attributedValue.
 *
 * Follows Apple's "PassFieldContent" and ECMA-402.
 */
import { describe, expect, test } from "vitest";
import { toNumber } from "../../src/json.ts";
import { parseAttributedValue } from "../../src/pages/attributed-value.ts";
import { formatValue } from "../../src/pkpass/format-value.ts";
import type { Field } from "../../src/pkpass/schema/schema.ts";

describe("a value", () => {
  const shown = (field: Omit<Field, "key">, locale = "en-GB") =>
    // ICU sets spaces of several kinds.
    formatValue({ key: "k", ...field }, locale).replaceAll(/\s/g, " ");
  const value = "2026-12-24T18:30+01:00";

  test("with a date style is a date, in its own UTC offset", () => {
    const styles = { dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleShort" } as const;
    expect(shown({ value, ...styles })).toBe("24 Dec 2026, 18:30");
    expect(shown({ value: "2026-12-24T23:30-11:00", ...styles })).toBe("24 Dec 2026, 23:30");
    expect(shown({ value: "2026-12-24T23:30:00Z", ...styles }, "de")).toBe("24.12.2026, 23:30");
    expect(shown({ value, dateStyle: "PKDateStyleShort" })).toBe("24/12/2026");
    expect(shown({ value, dateStyle: "PKDateStyleLong" })).toBe("24 December 2026");
    const full = { value, dateStyle: "PKDateStyleFull", timeStyle: "PKDateStyleNone" } as const;
    expect(shown(full, "de")).toBe("Donnerstag, 24. Dezember 2026");
    expect(shown({ value, timeStyle: "PKDateStyleShort", isRelative: true })).toBe("18:30");
    expect(shown({ value, timeStyle: "PKDateStyleLong" })).toBe("18:30:00 GMT+1");
    expect(shown({ value, dateStyle: "PKDateStyleNone", timeStyle: "PKDateStyleNone" })).toBe("");
  });

  test("with a currency is an amount of money, and with a number style a number", () => {
    expect(shown({ value: 1234.5, currencyCode: "EUR" })).toBe("€1,234.50");
    expect(shown({ value: 1234.5, currencyCode: "EUR" }, "de")).toBe("1.234,50 €");
    expect(shown({ value: 500, currencyCode: "JPY" }, "en")).toBe("¥500");
    expect(shown({ value: 0.256, numberStyle: "PKNumberStylePercent" })).toBe("26%");
    expect(shown({ value: 1234567.5, numberStyle: "PKNumberStyleDecimal" })).toBe("1,234,567.5");
    expect(shown({ value: 123456, numberStyle: "PKNumberStyleScientific" })).toBe("1.23456E5");
    expect(shown({ value: 1200, numberStyle: "PKNumberStyleSpellOut" })).toBe("1,200");
  });

  test("of more digits than a double holds is shown with all of them", () => {
    const exact = toNumber("12345678901234567.25");
    expect(shown({ value: exact })).toBe("12345678901234567.25");
    expect(shown({ value: exact, currencyCode: "EUR" })).toBe("€12,345,678,901,234,567.25");
    expect(shown({ value: exact, numberStyle: "PKNumberStyleDecimal" })).toBe("12,345,678,901,234,567.25");
    expect(shown({ value: exact, dateStyle: "PKDateStyleFull" })).toBe("12345678901234567.25");
    expect(shown({ value: "x", attributedValue: exact })).toBe("12345678901234567.25");
  });

  test("without a style, or with one that does not fit, is unchanged", () => {
    expect(shown({ value: 1234567 })).toBe("1234567");
    expect(shown({ value: "12", numberStyle: "PKNumberStylePercent" })).toBe("12");
    expect(shown({ value: "tomorrow", dateStyle: "PKDateStyleFull" })).toBe("tomorrow");
    expect(shown({})).toBe("");
  });

  test("in an unknown locale is formatted as in English", () => {
    for (const locale of ["*", "", "en_US", "tlh", "x".repeat(99)]) {
      expect(shown({ value: 1234.5, currencyCode: "USD" }, locale)).toBe("$1,234.50");
    }
  });
});

/** The length of the shorter text, in characters. */
const LENGTH = 20_000;
const ATTEMPTS = 10;

describe("an attributedValue", () => {
  test("has links to web pages, mail addresses and telephone numbers only", () => {
    const hrefs = (href: string) => parseAttributedValue(`<a class=x href=${href}>t</a>`);
    for (const href of [
      "https://example.com/",
      "http://example.com/",
      "mailto:a@example.com",
      "tel:+4930123",
    ]) {
      expect(hrefs(`"${href}"`)).toEqual([{ text: "t", href }]);
      expect(hrefs(`'${href}'`)).toEqual([{ text: "t", href }]);
    }
    const unsafe = [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java\nscript:alert(1)",
      " javascript:alert(1)",
    ];
    unsafe.push(
      "java&#115;cript:alert(1)",
      "&#x6a;avascript:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "/x",
      "",
    );
    for (const href of unsafe) expect(hrefs(`"${href}"`)).toEqual([{ text: "t" }]);
  });

  test("is text outside of links, with all other tags removed", () => {
    expect(
      parseAttributedValue(`a<br/>b <b onclick=x>c</b> 5 < 6 &lt;i&gt; &amp;lt; <script>x</script>`),
    ).toEqual(["a", "\n", "b ", "c", " 5 < 6 <i> &lt; ", "x"].map((text) => ({ text })));
    expect(parseAttributedValue("x <a <b>y")).toEqual([{ text: "x " }, { text: "y" }]);
    expect(parseAttributedValue("x <!-- <a href=https://example.com/> -->y <a ")).toEqual(
      ["x ", "y ", "<a "].map((text) => ({ text })),
    );
  });

  test("links to what an HTML parser finds: the first href, whatever other attributes contain", () => {
    const one = "https://one.example/";
    const linked = (tag: string) => parseAttributedValue(`${tag}t</a>`)[0]?.href;
    for (const tag of [
      `<a title=" href=https://two.example" href="${one}">`,
      `<a title='href="https://two.example"' href='${one}'>`,
      `<a href=${one} href=https://two.example>`,
      `<A HREF="${one}">`,
      `<a/href=${one}>`,
      `<a\n\fhref\t=\r${one}>`,
      `<a title=">" href=${one}>`,
      `<a href=" ${one}\n">`,
      `<a href="https&#58;//one&#x2e;example">`,
      `<a href=https://two.example><a href=${one}>`,
    ]) {
      expect([tag, linked(tag)]).toEqual([tag, one]);
    }
    const query = `${one}?a=1&amp;b=2&copy=3&amp=4&#38c=5&lt;&eacute;`;
    expect(linked(`<a href="${query}">`)).toBe(`${one}?a=1&b=2&copy=3&amp=4&c=5%3C%C3%A9`);
    for (const none of ["<a\u00a0href=https://one.example>", "<a>", "<a title='href=https://one.example'>"])
      expect([none, linked(none)]).toEqual([none, undefined]);
  });

  test("has U+FFFD for a character reference that is no character, and is valid UTF-8", () => {
    const text = (attributed: string) => parseAttributedValue(attributed)[0]?.text;
    for (const half of [
      "&#xd800;",
      "&#xDFFF;",
      "&#55296;",
      "&#0;",
      "&#0",
      "&#x110000;",
      "&#99999999999999999999;",
    ])
      expect([half, text(`a${half}b`)]).toEqual([half, "a\ufffdb"]);
    expect(text("&#xd83d;&#xde00;")).toBe("\ufffd\ufffd");
    expect(text("&#128512;&#x1F600;&#65&#x42c&#x10FFFF;&#xFFFE;")).toBe("😀😀AЬ\u{10ffff}\ufffe");
    // HTML reads 128 to 159 as windows-1252, of which five numbers stay control characters.
    expect(text("&#128;&#150;&#x9f;&#129;&#x9d;")).toBe("€–Ÿ\u0081\u009d");
    const refused = parseAttributedValue("<a href='https://one.example/&#xd800;?&#0;'>x</a>");
    expect(refused[0]?.href).toBe("https://one.example/%EF%BF%BD?%EF%BF%BD");
  });

  test("knows common names, with the semicolon or where HTML does not need it", () => {
    const text = (attributed: string) => parseAttributedValue(attributed)[0]?.text;
    expect(text("&uuml;&Uuml;&szlig&nbsp;&euro;&ndash;&apos;")).toBe("üÜß\u00a0€–'");
    expect(text("a&amp b&lt;c &ltd &times; &timesx &unknown; &ltimes; &__proto__; &toString; & &;")).toBe(
      "a& b<c &ltd × &timesx &unknown; &ltimes; &__proto__; &toString; & &;",
    );
  });

  test.each([
    "<",
    "<a href=",
    "<a href='",
    "<a x ",
    "<a x= ",
    "<a / ",
    "<!--",
    "<!",
    "</",
    "</1",
    "<?",
    "<title>",
    "<b><!--x-->",
    "<title></title",
    "&#",
    "&amp",
    "&#x1",
  ])("is read in linear time if it consists of %j", (part) => {
    const parse = (length: number) => {
      const repeated = part.repeat(Math.floor(length / part.length));
      const startedAt = performance.now();
      parseAttributedValue(repeated);
      parseAttributedValue(`<a ${repeated}`);
      return performance.now() - startedAt;
    };
    // Both lengths in turn, and the fastest of each, so that a busy machine slows down both. Quadratic time is 64 times as long.
    let [short, long] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let attempt = 1; attempt <= ATTEMPTS && !(long < 32 * short); attempt++) {
      short = Math.min(short, parse(LENGTH));
      long = Math.min(long, parse(8 * LENGTH));
    }
    expect(long / short).toBeLessThan(32);
  });
});
