/**
 * The routes that receive files, and those that return several passes: passes of this service with some damage, and
 * archives that no honest tool makes. It is a part of routes.ts.
 */
import fc from "fast-check";
import { archive, bytesOf, type Member } from "../../pkpass/archives.ts";
import { pngOf } from "../../pkpass/png-files.ts";
import { damage } from "./damage.ts";
import { admin, BEARER, type Part, pass, route } from "./route.ts";
import { images, named, some, strings, templatePass, text } from "./shapes.ts";
import { type Body, type Sent, toBase64 } from "./wire.ts";
import { IMAGE } from "./world.ts";

const TYPES = ["application/vnd.apple.pkpass", "application/zip", "application/octet-stream; charset=x"];
const IDENTITY = {
  formatVersion: 1,
  passTypeIdentifier: "@{passType}",
  teamIdentifier: "FUZZTEAM00",
  serialNumber: "42",
  webServiceURL: "https://elsewhere.example.com",
  authenticationToken: "a-token-of-elsewhere",
};

/** Images of a few bytes, whatever size they declare. */
const png = fc
  .record({
    width: fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 1700, 65_535, 0x7fffffff, 0xffffffff),
    ),
    height: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1700, 65_535, 0xffffffff)),
    depth: fc.constantFrom(1, 2, 4, 8, 16, 3),
    type: fc.constantFrom(0 as const, 2 as const, 3 as const, 4 as const, 6 as const),
    interlace: fc.constantFrom(0, 1, 2),
    inflated: fc.uint8Array({ maxLength: 3000 }),
  })
  .map(pngOf);
const image = fc.oneof(
  fc.constant(Uint8Array.from(atob(IMAGE), (char) => char.charCodeAt(0))),
  png,
  fc.uint8Array({ maxLength: 60 }),
);
const passJson = fc.oneof(
  templatePass.map((json) => JSON.stringify({ ...IDENTITY, ...json })),
  templatePass.map((json) =>
    JSON.stringify({ ...IDENTITY, ...json, _id: 1 }).replaceAll(/[}\]]/g, ",/**/$& // a\n"),
  ),
  fc.json({ maxDepth: 4 }),
  text(200),
);
const passStrings = fc.oneof(
  fc.array(fc.tuple(text(), text()), { maxLength: 4 }).map((lines) => {
    return lines.map(([from, to]) => `"${from}" = "${to}";`).join("\n");
  }),
  text(5000),
);
const path = fc.oneof(
  fc.constantFrom(
    ...["fr.lproj/pass.strings", "en_GB.lproj/pass.strings", "__proto__.lproj/pass.strings"],
    ...["fr.lproj/strip@2x.png", "logo@3x.png", "__proto__.png", "constructor", "pass.json"],
    ...["../x", "/x", "a\\b", "en.lproj/", "__MACOSX/._pass.json", "second.pkpass", "é.png", "ICON.PNG"],
  ),
  named(60),
);
const lies: Part<Partial<Member>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        method: fc.constantFrom(0, 8, 12),
        bytes: fc.constantFrom(0, 1, 5000, 0x7fffffff, 0xffffffff),
        compressedBytes: fc.constantFrom(0, 1, 5000, 0x7fffffff),
        flags: fc.constantFrom(0x0800, 1, 8, 0x2000),
        externalAttributes: fc.constantFrom(0o120777 * 0x10000, 0x10),
        headerAt: fc.constantFrom(0, 1, 0xffffffff),
        extra: fc.uint8Array({ maxLength: 12 }),
      },
      { requiredKeys: [] },
    ),
  },
);
const member = (name: Part<string>, content: Part<string | Uint8Array>): Part<Member> =>
  fc
    .tuple(name, content, fc.constantFrom(0, 8), lies)
    .map(([path, content, method, lie]) => ({ path, content, method, ...lie }));
/** An archive of any files, whose records are mostly correct. */
export const packed: Part<Uint8Array> = fc
  .tuple(
    member(fc.constantFrom("pass.json", "card/pass.json"), passJson),
    member(fc.constant("icon@3x.png"), image),
    fc.uniqueArray(
      fc.oneof(
        member(path, fc.oneof(image, passStrings)),
        member(fc.constant("personalization.json"), fc.json()),
        member(fc.constant("manifest.json"), fc.json()),
        member(fc.constant("tooling.json"), fc.json()),
        member(fc.constant("signature"), fc.uint8Array({ maxLength: 100 })),
      ),
      { maxLength: 4, selector: ({ path }) => path },
    ),
  )
  .map(([pass, icon, others]) => archive([pass, icon, ...others]));

/** A .pkpass, possibly invalid. */
const file: Part<Body> = fc.oneof(
  { weight: 6, arbitrary: fc.array(damage, { maxLength: 3 }).map((all) => ({ pkpass: all })) },
  { weight: 6, arbitrary: packed.map((bytes) => ({ base64: toBase64(bytes) })) },
  { weight: 1, arbitrary: text(100).map((content) => ({ base64: toBase64(bytesOf(content)) })) },
);

function takesFile(target: Part<string>): Part<Sent> {
  return fc.tuple(target, file, fc.constantFrom(...TYPES)).map(([address, body, type]) => ({
    method: "POST",
    target: `/admin/v1${address}`,
    headers: [...BEARER, ["Content-Type", type]],
    body,
  }));
}

const importQuery = fc
  .record(
    { name: named(), externalId: named(20), webService: fc.constantFrom("/", "/api") },
    { requiredKeys: [] },
  )
  .map((query) => `&${new URLSearchParams(query)}`);
const passIds = fc.uniqueArray(pass, { minLength: 1, maxLength: 10 });
const ids = (names: readonly string[]) => names.map((name) => `@{${name}.id}`);

export const fileRoutes: Part<Sent>[] = [
  takesFile(fc.constant("/lint")),
  takesFile(importQuery.map((query) => `/templates/import?passTypeIdentifier=@{passType}${query}`)),
  admin(
    "POST",
    "/lint",
    some(
      { pass: fc.oneof(templatePass, fc.jsonValue()), images, strings, personalization: fc.jsonValue() },
      "pass",
    ),
  ),
  admin(
    "POST",
    "/bundles",
    passIds.map((names) => ({ passIds: ids(names) })),
  ),
  admin(
    "GET",
    passIds.map((names) => `/bundles/download?passIds=${ids(names).join(",")}`),
  ),
];

/** The link that works without a key. */
export const bundleByLink = route({ method: "GET", target: fc.constant("@{bundle}") });
