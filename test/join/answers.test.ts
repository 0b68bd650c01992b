/**
 * What people enter into the form of a join page, and what is refused.
 */
import { expect, test } from "vitest";
import { admin, get, ORIGIN, send, storeCard } from "../harness.ts";
import { fields, filled, HTML, nonceIn, openForm, passesOf, useJoinPages } from "./joiner.ts";

const PASS_TYPE = "pass.test.join-answers";
const { join, makeJoin, post } = useJoinPages(PASS_TYPE);

test("each fault is shown at its input and in the summary, and the answers stay", async () => {
  const { id, slug } = await makeJoin({ consent: "I agree to the terms." });
  const nonce = await openForm(slug);
  const bad = { "field.points": "x".repeat(21), "field.terms": "ada@", "field.until": "2026-02-30" };
  const response = await post(slug, { nonce, ...bad });
  expect(response.status).toBe(422);
  const html = await response.text();
  expect(nonceIn(html)).toBe(nonce);
  for (const answer of Object.values(bad)) expect(html).toContain(`value="${answer}"`);
  for (const [input, text] of [
    ["field-1", "Use at most 20 characters. You have 21."],
    ["field-2", "Enter a whole email address, such as name@example.com."],
    ["field-3", "Enter a date as year-month-day, such as 2026-12-24."],
    ["consent", "Tick this box to get the pass."],
  ]) {
    expect(html).toContain(`<p class="fault" id="${input}-fault" dir="auto">${text}</p>`);
    expect(html).toMatch(new RegExp(`<a href="#${input}">[^<]*${text}</a>`));
    expect(html).toMatch(new RegExp(`<input[^>]*id="${input}"[^>]*aria-invalid="true"`));
  }
  const empty = await (await post(slug, { nonce, consent: "on" })).text();
  expect(empty).toContain('<p class="fault" id="field-1-fault" dir="auto">Fill in this field.</p>');
  expect(empty).not.toContain("field-2-fault");
  expect(await passesOf(id)).toEqual([]);
  expect((await post(slug, { nonce, ...filled, consent: "on" })).status).toBe(303);
});

test("an option that is not offered, a pattern that does not match and a phone number are refused", async () => {
  const secondary = ["size", "code", "phone", "news"].map((key) => ({ key, label: key, value: "" }));
  const pass = { ...storeCard, storeCard: { secondaryFields: secondary } };
  const asked = [
    { key: "size", label: "Size", type: "select", options: ["S", "M"], required: true },
    { key: "code", label: "Code", type: "text", pattern: "[A-Z]{2}\\d", hint: "Two letters and a digit" },
    { key: "phone", label: "Phone", type: "tel" },
    { key: "news", label: "News", type: "checkbox", options: ["Subscribed"] },
  ];
  const rule = { slug: "all-types", fields: asked };
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass, join: rule });
  const bad = { "field.size": "XL", "field.code": "AB12", "field.phone": "call me" };
  const html = await (await join(rule.slug, bad)).text();
  expect(html).toContain('id="field-1-fault" dir="auto">Choose one of the options.<');
  expect(html).toContain('id="field-2-fault" dir="auto">Two letters and a digit<');
  expect(html).toContain('id="field-3-fault" dir="auto">Enter a phone number');
  const good = { "field.size": "M", "field.code": "AB1", "field.phone": "+49 30 901820", "field.news": "on" };
  expect((await join(rule.slug, good)).status).toBe(303);
  expect((await passesOf(id))[0]?.values).toEqual({
    ...{ size: { value: "M" }, code: { value: "AB1" } },
    ...{ phone: { value: "+49 30 901820" }, news: { value: "Subscribed" } },
  });
});

test("an option from left to right keeps its order in a page from right to left", async () => {
  const { slug } = await makeJoin({
    fields: [{ key: "points", label: "Size", type: "select", options: ["Large!"] }],
  });
  const read = async (language: string) =>
    await (await get(`/join/${slug}`, { ...HTML, "Accept-Language": language })).text();
  const hebrew = await read("he");
  for (const text of ["Choose…", "Large!"]) expect(hebrew).toContain(`>\u2068${text}\u2069<`);
  expect(await read("en")).toContain(">Large!<");
});

test("an option may have marks, tabs and line breaks that browsers send in another way", async () => {
  const options = ["Cafe\u0301", "a\tb", "c\nd"];
  const { id, slug } = await makeJoin({
    fields: [{ ...fields[0], maxLength: undefined, type: "select", options }],
  });
  for (const sent of ["Cafe\u0301", "Caf\u00e9", "a\tb", "c\r\nd"])
    expect((await join(slug, { "field.points": sent })).status, sent).toBe(303);
  const values = (await passesOf(id)).map((pass) => pass.values.points?.value);
  expect(new Set(values)).toEqual(new Set(options));
  const html = await (await post(slug, { nonce: "", "field.points": "a\tb" })).text();
  expect(html).toMatch(/<option[^>]*selected=""[^>]*>a\tb</);
});

test("a required answer has a visible character", async () => {
  const { slug } = await makeJoin();
  for (const invisible of ["\u200b\u200e", "\u3164", "\u00a0", "\u0085", "\u2028", "\ufe0f"]) {
    const response = await join(slug, { "field.points": invisible });
    expect(response.status, encodeURIComponent(invisible)).toBe(422);
    expect(await response.text()).toContain("Fill in this field.");
  }
});

test("a body that is no form is refused", async () => {
  const { slug } = await makeJoin();
  const refuse = async (body: string, type: string) =>
    (
      await send(
        new Request(`${ORIGIN}/join/${slug}`, { method: "POST", headers: { "Content-Type": type }, body }),
      )
    ).status;
  expect(await refuse("{}", "application/json")).toBe(415);
  expect(await refuse("a".repeat(129 * 1024), "application/x-www-form-urlencoded")).toBe(413);
});
