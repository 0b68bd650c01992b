/**
 * Kinds of settings: an origin, and lists of origins and of words. Pure. config.ts says which setting has which kind.
 */
import * as z from "zod";

/** Written as `URL` writes it, because it is compared and becomes part of passes: no slash at the end, no upper case. */
export const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  const message = "must be an origin such as https://passes.example.com, without a path";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** A list of origins. `*` is refused: with it, every page could use a key that it has obtained. */
export const originList = z
  .string()
  .default("")
  .transform((text, context) => {
    const parsed = splitWords(text).map((word) => origin.safeParse(word));
    if (parsed.every(({ success }) => success)) return new Set(parsed.flatMap(({ data = [] }) => data));
    const message = "must be origins such as https://scan.example.com, separated by spaces";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/**
 * A list of these words; by default all of them. `none` means an empty list, because "" means that the setting is not
 * set.
 */
export function wordList<Word extends string>(words: readonly Word[]) {
  return z
    .string()
    .default(words.join(" "))
    .transform((text, context) => {
      const given = splitWords(text);
      const isNone = given.length === 1 && given[0] === "none";
      const unknown = given.find((word) => !words.some((known) => known === word));
      if (isNone || (unknown === undefined && given.length > 0))
        return new Set(words.filter((word) => given.includes(word)));
      const message = `contains "${unknown ?? text}". Allowed are ${words.join(", ")}, or the single word none`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    });
}

/** Words in lower case, separated by white space or commas. */
export function splitWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}
