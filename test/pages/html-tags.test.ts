/**
 * The tags and attributes of an attributedValue, compared with a real HTML tokenizer: the one of workerd's HTMLRewriter
 * (lol-html).
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMarkup } from "../../src/pages/html-tags.ts";

type Found = [name: string, attributes: Record<string, string>];

/** The start tags as src finds them. */
function found(text: string): Found[] {
  return [...readMarkup(text)].flatMap((part) =>
    typeof part === "string" || part.isEnd ? [] : [[part.name, Object.fromEntries(part.attributes)] as Found],
  );
}

/** The start tags as HTMLRewriter finds them. It keeps repeated attributes; the first one counts. */
async function expected(text: string): Promise<Found[]> {
  const tags: Found[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) => {
      tags.push([tagName, Object.fromEntries([...attributes].reverse())]);
    },
  });
  await rewriter.transform(new Response(text)).text();
  return tags;
}

const sorted = (tags: Found[]) =>
  tags.map(([name, attributes]) => [name, Object.entries(attributes).toSorted()]);

test.each([
  `<a title=" href=https://one.example" href="https://two.example">t</a>`,
  `<a title=' href="https://one.example"' href='https://two.example'>t</a>`,
  `<a href=https://one.example href=https://two.example>t</a>`,
  `<A HREF=https://one.example/a/b/>t</A>`,
  `<a/href=https://one.example/>t</a>`,
  `<a\n\thref\f=\r\n "https://one.example">t</a>`,
  `<a title=">" href=https://one.example>t</a>`,
  `<a title="<a href='https://one.example'>">t</a>`,
  `<a title=a"b' href=https://one.example>t</a>`,
  `<a =href=https://one.example>t</a>`,
  `<a href==https://one.example>t</a>`,
  `<a href= >t</a> <a href=>t</a> <a href>t</a>`,
  `<a hrefx=1 xhref=2 data-href=3>t</a>`,
  `<a title="x"href="https://one.example">t</a>`,
  `<abbr href=1><area href=2></abbr href=3>`,
  `<!--<a href=1>--><a href=2>t</a><!--><a href=3><!---><a href=4><!-- --!><a href=5>`,
  `<!a "><a href=1><?a '><a href=2></><a href=3></ a><a href=4>`,
  `<title><a href=1></titles></title><a href=2>`,
  `<textarea><a href=1></TEXTAREA ><a href=2>`,
  `5 < 6 <a href=1>t</a`,
  `<a href="1>t</a><a href=2>`,
  `<<a href=1>`,
  `</a href="><a href=1>"><a href=2>`,
])("the tags of %s are those that an HTML parser finds", async (text) => {
  expect(sorted(found(text))).toEqual(sorted(await expected(text)));
});

test("the tags of any text are those that an HTML parser finds", async () => {
  const pieces = fc.constantFrom(
    ..."<>/='\"!-? \n\t\f",
    ..."aAxé&",
    "<a",
    "<a ",
    "</a>",
    "<!--",
    "-->",
    "href",
    "HREF=",
    ' href="',
    " href='https://one.example'",
    ' title="',
    "<br/>",
    "<b>",
    "<title>",
    "</title>",
    "<script>",
    "</script>",
  );
  const text = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, async (markup) => {
      expect(sorted(found(markup))).toEqual(sorted(await expected(markup)));
    }),
    { numRuns: 2000 },
  );
});
