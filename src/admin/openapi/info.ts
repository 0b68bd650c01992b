/**
 * The parts of the OpenAPI document that describe the API as a whole.
 */

/** The groups of operations, in the order in which a new operator needs them. */
export const TAGS = {
  Identities: "Pass types, their certificates from Apple, APNs keys, and issuers of Google Wallet.",
  "Projects and events":
    "A project groups templates and events. An event holds values that its passes share.",
  Templates: "What passes are made from: pass.json, images and translations.",
  Passes: "The passes in people's Wallets.",
  Scans: "What scanners read at gates and tills, and the outcome.",
  Keys: "Keys of this API for scanners, programs and people: what each may do, and what it reaches.",
  Operations: "Health, device logs, the push queue and the master secret.",
} as const;
export type Tag = keyof typeof TAGS;

/** The members of the document besides paths and schemas. */
export type Head = ReturnType<typeof describeApi>;

/** @param origin where this instance is reached */
export function describeApi(origin: string) {
  return {
    info: {
      title: "Edgepass",
      version: "1",
      description:
        "The admin API of Edgepass, a service that issues passes for Apple Wallet and Google Wallet.\n\n" +
        "Send the key as `Authorization: Bearer …`. Each operation says which role it needs (`x-role`). Errors are problem+json (RFC 9457) with a stable `code`. " +
        "Lists are newest first; send `nextCursor` of one page as `cursor` to get the next. " +
        "Numbers keep all of their digits, also those that a double cannot hold.\n\n" +
        "Apple describes the keys of pass.json: https://developer.apple.com/documentation/walletpasses",
      license: { name: "MIT", identifier: "MIT" },
      contact: { name: "The operator of this instance", url: origin },
    },
    servers: [{ url: origin }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  };
}
