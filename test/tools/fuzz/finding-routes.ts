/**
 * The routes of the admin API that find, move and copy, those of scans, and those of API keys, for the attack suite.
 */
import fc from "fast-check";
import { admin, pass, template } from "./route.ts";
import { externalId, named, some, text } from "./shapes.ts";

/** A query of these parameters, each of which may be absent. */
export const query = (shape: Record<string, fc.Arbitrary<string | number>>, ...requiredKeys: string[]) =>
  fc
    .record(shape, { requiredKeys })
    .map(
      (sent) => `?${new URLSearchParams(Object.entries(sent).map(([key, value]) => [key, String(value)]))}`,
    );

const status = fc.constantFrom("active", "redeemed", "voided", "expired");
/** Ids of things that may not exist: names of the world would be encoded. */
const someId = fc.nat(20).map((n) => n + 1);
const filters = {
  ...{
    code: text(200),
    tag: text(100),
    text: text(100),
    serialNumber: text(100),
    externalId: named(100),
    status,
  },
  ...{ eventId: someId, templateId: someId },
  passTypeIdentifier: fc.constantFrom("pass.test.fuzz", "pass.test.of-nobody"),
  installStatus: fc.constantFrom("not_been_installed", "installed", "uninstalled"),
};

export const findingRoutes = ["/passes", "/passes/count"]
  .map((path) =>
    admin(
      "GET",
      query(filters).map((sent) => path + sent),
    ),
  )
  .concat([
    admin(
      "GET",
      query({ externalId: named(100), passTypeIdentifier: filters.passTypeIdentifier }, "externalId").map(
        (sent) => `/passes/by-external-id${sent}`,
      ),
    ),
    admin(
      "GET",
      query({ externalId: named(100), projectId: someId }).map((sent) => `/templates${sent}`),
    ),
  ]);

/** The JSON of a body has the ids without quotes (route.ts). */
const passIds = fc.uniqueArray(
  pass.map((name) => `@{${name}.id}`),
  { minLength: 1, maxLength: 4 },
);
export const movingRoutes = [
  admin("POST", "/passes/move", fc.record({ passIds, eventId: fc.constantFrom("@{event}", null) })),
  admin(
    "POST",
    template.map((id) => `/templates/${id}/copy`),
    some({ name: named(), externalId }),
  ),
];

const scanId = named(64).map((id) => id.replace(/[^!-~]/g, "_"));
const code = fc.oneof(
  named(1000),
  pass.map((name) => `@{${name}.serialNumber}`),
);
const scan = fc.record(
  { scanId, code, place: named(50), reward: fc.boolean(), at: fc.constantFrom("2020-01-01T00:00:00Z") },
  { requiredKeys: ["scanId", "code"] },
);
export const scanRoutes = [
  admin(
    "POST",
    "/scans",
    fc.record({
      scans: fc.uniqueArray(scan, { minLength: 1, maxLength: 5, selector: (sent) => sent.scanId }),
    }),
  ),
  admin(
    "POST",
    scanId.map((id) => `/scans/${encodeURIComponent(id)}/undo`),
  ),
  admin(
    "GET",
    query({ place: named(50), passId: someId, outcome: fc.constant("redeemed") }).map(
      (sent) => `/scans${sent}`,
    ),
  ),
  admin(
    "GET",
    query({ place: named(50), passId: someId, utcOffset: fc.integer({ min: -720, max: 840 }) }).map(
      (sent) => `/scans/by-hour${sent}`,
    ),
  ),
  admin(
    "GET",
    query({ code: named(1000) }, "code").map((sent) => `/scans/lookup${sent}`),
  ),
];

export const keyRoutes = [
  admin(
    "POST",
    "/keys",
    some(
      {
        name: named(),
        role: fc.constantFrom("scanner", "reader", "issuer", "admin"),
        scope: fc.constant({ events: ["@{event}"] }),
        expiresAt: fc.constant("9999-12-31T00:00:00Z"),
      },
      ...["name", "role"],
    ),
  ),
  admin("GET", "/keys"),
  admin(
    "DELETE",
    someId.map((id) => `/keys/${id}`),
  ),
  admin("GET", "/me"),
];
