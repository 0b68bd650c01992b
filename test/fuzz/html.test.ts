/**
 * Stored XSS: whatever is stored through any API, the page of a pass runs no scripts, loads nothing, and has links only
 * to allowed addresses. The page is parsed with an HTML parser. The tests in test/pages check that every place of the
 * page escapes; these tests use the APIs.
 *
 * Follows the HTML standard and OWASP's "Cross Site Scripting Prevention".
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { ADMIN_TOKEN, admin, get, ORIGIN, send } from "../harness.ts";
import { ask } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.html";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

interface Element {
  readonly tag: string;
  readonly attributes: readonly [string, string][];
}
async function elementsOf(html: string): Promise<Element[]> {
  const elements: Element[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) =>
      void elements.push({
        tag: tagName,
        attributes: [...attributes].map(([name = "", value = ""]) => [name, value]),
      }),
  });
  await rewriter.transform(new Response(html)).text();
  return elements;
}
const TAGS = new Set(
  "html head meta title link style label input body main h1 h2 p strong article div header span footer figure figcaption svg path img a section dl dt dd b details summary".split(
    " ",
  ),
);

/** Nothing in the page runs a script, loads anything, or links to other than an allowed address. */
async function expectHarmless(pass: Pick<Pass, "landingUrl">) {
  const response = await send(new Request(pass.landingUrl));
  expect(response.status).toBe(200);
  for (const { tag, attributes } of await elementsOf(await response.text())) {
    expect(TAGS).toContain(tag);
    for (const [name, value] of attributes) {
      expect(name).not.toMatch(/^on|^(srcdoc|formaction|action|http-equiv|xlink:href)$/i);
      if (name === "href")
        expect(value).toMatch(
          /^(\/passes\/\d+\/[0-9a-f]{40}\.pkpass$|\/favicon\.svg$|https?:|mailto:|tel:|\/p\/\d+\/[0-9a-f]{40}\/images\/[0-9a-f]{40}\.png$)/,
        );
      if (name === "src") expect(value).toMatch(/^\/p\/\d+\/[0-9a-f]{40}\/images\/[0-9a-f]{40}\.png$/);
      if (name === "style") expect(value).not.toMatch(/url\(|expression|@import|[<>"']/);
    }
  }
}

const ATTACKS = [
  `</title></style></dd><script>alert(1)</script>"'><img src=x onerror=alert(1)>`,
  `<a href="javascript:alert(1)" onclick=alert(1)>x</a><a href="https://example.com/" onmouseover="x">y</a>`,
  `<a href='&#106;avascript:alert(1)'>x</a><svg/onload=alert(1)><iframe srcdoc="<script>">`,
  `--><base href=//evil.example/><form action=//evil.example><meta http-equiv=refresh content=0>`,
];

test.each(ATTACKS)("stored through each API, %s is text on the page", async (attack) => {
  const fields = [
    { key: "points", label: attack, value: attack, attributedValue: attack, changeMessage: attack },
  ];
  const texts = { description: attack, organizationName: attack, logoText: attack };
  const evil = {
    ...texts,
    storeCard: { headerFields: fields, backFields: [{ ...fields[0], key: "back" }] },
  };
  const barcodes = [{ format: "PKBarcodeFormatEAN13", message: attack, altText: attack }];
  const template = await admin.makeTemplate(PASS_TYPE, { name: attack, pass: { ...evil, barcodes } });
  await expectHarmless(await admin.issue(template.id));
  const values = { points: { value: attack, label: attack } };
  const made = await admin.makeEvent({ name: attack, values, pass: texts });
  const body = {
    values,
    pass: texts,
    barcodeMessage: attack,
    barcodeAltText: attack,
    tags: [attack.slice(0, 90)],
  };
  await expectHarmless(await admin.issue(templateId, body));
  await expectHarmless(await admin.issue(templateId, { eventId: made.id }));
  const pass = {
    serial_number: attack.replaceAll(/[/\\?#]/g, "_"),
    points: { value: attack, label: attack },
    bar: { message: attack, altText: attack },
  };
  const issued = await send(
    ask("POST", `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`, {}, { pass }),
  );
  expect(issued.status).toBe(201);
  const { id, web_token } = await issued.json<{ id: number; web_token: string }>();
  await expectHarmless({ landingUrl: `${ORIGIN}/p/${id}/${web_token}` });
});

test("no page contains text from the address of a request", async () => {
  for (const path of [
    `/${encodeURIComponent(ATTACKS[0] ?? "")}`,
    "/p/<svg onload=alert(1)>/x",
    "/?q=<script>",
  ]) {
    const response = await get(path, {
      Referer: "<script>",
      "User-Agent": "<script>",
      "Accept-Language": "<script>",
    });
    expect(await response.text()).not.toMatch(/<script|<svg(?! class="stack")/);
  }
});
