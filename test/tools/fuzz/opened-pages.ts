/** What the attack suite takes from the pages for people: a form of a join page, and the hash of an image. */

/** The rule of the join page, without its address. Members that an attack has set are removed. */
export const JOIN = {
  fields: [
    { key: "points", label: "Name", type: "text", required: true, maxLength: 20 },
    { key: "until", label: "Birthday", type: "date" },
  ],
  consent: "I agree",
  perNetworkPerDay: 100_000,
  cap: null,
  closesAt: null,
};

/** Each gives one pass. Empty if the page has no form. */
export function nonceIn(html: string): string {
  return /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? "";
}

/** The SHA-1 of the first image. Empty if the page has none. */
export function imageIn(html: string): string {
  return /\/images\/([0-9a-f]{40})\.png/.exec(html)?.[1] ?? "";
}
