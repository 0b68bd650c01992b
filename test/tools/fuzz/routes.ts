/**
 * Every route of every API, with requests that it accepts: existing ids, valid tokens, and bodies with the right
 * structure that contain the strangest texts that are legal there. requests.ts makes invalid requests from them.
 * world.ts defines the names of the world.
 */
import fc from "fast-check";
import { deviceRoutes } from "./device-routes.ts";
import { bundleByLink, fileRoutes } from "./file-routes.ts";
import { findingRoutes, keyRoutes, movingRoutes, query, scanRoutes } from "./finding-routes.ts";
import { googleRoutes, mcpRoutes, operatingRoutes } from "./operating-routes.ts";
import { admin, BEARER, type Headers, type Part, pass, route, template } from "./route.ts";
import {
  changedOverrides,
  externalId,
  fitting,
  images,
  join,
  named,
  newPass,
  override,
  overrides,
  some,
  strings,
  templatePass,
  text,
  without,
} from "./shapes.ts";
import type { Sent } from "./wire.ts";
import { PASS, SPARE } from "./world.ts";

const SPARE_ID = `@{template.${SPARE}}`;

const paging = query({ limit: fc.integer({ min: 1, max: 200 }), cursor: fc.nat(1000).map((n) => n + 1) });
const passdockSearch = query({
  ...{ code: text(200), tag: text(100) },
  status: fc.constantFrom("active", "redeemed", "voided", "expired"),
});
const ofPass = (rest = "") => pass.map((name) => `/passes/@{${name}.id}${rest}`);
const ofEvent = "/projects/@{project}/events/@{event}";
const ofTemplate = (rest = "") => template.map((id) => `/templates/${id}${rest}`);

const adminRoutes = [
  route({ method: "GET", target: fc.constantFrom("/admin/openapi.json", "/admin/docs") }),
  admin("GET", "/health"),
  admin("GET", "/google-failures"),
  ...["/pass-types", "/apns-keys", "/pass-types/@{passType}", "/pass-types/@{passType}/csr"].map((path) =>
    admin("GET", path),
  ),
  ...[
    "/device-logs",
    "/dead-letters",
    "/templates",
    "/projects",
    "/projects/@{project}/events",
    "/passes",
  ].map((path) =>
    admin(
      "GET",
      paging.map((sent) => path + sent),
    ),
  ),
  admin(
    "POST",
    "/pass-types",
    some({ passTypeIdentifier: fc.constant("@{passType}"), keyAlgorithm: fc.constant("P-256") }),
  ),
  admin("POST", "/pass-types/@{passType}/push-check"),
  admin("POST", "/pass-types/@{unsigned}/csr", fc.constant({ keyAlgorithm: "P-256" })),
  admin(
    "PUT",
    "/pass-types/@{passType}/certificate",
    some({ certificate: text(), intermediate: text(), privateKey: text() }),
  ),
  admin("PUT", "/pass-types/@{unsigned}/certificate", fc.constant({ certificate: "@{privateKey}" })),
  admin(
    "POST",
    "/apns-keys",
    fc.constant({ keyId: "FUZZKEY001", teamIdentifier: "FUZZTEAM00", privateKey: "@{privateKey}" }),
  ),
  admin(
    "POST",
    "/templates",
    some(
      {
        name: named(),
        passTypeIdentifier: fc.constant("@{passType}"),
        pass: templatePass,
        images,
        strings,
        externalId,
      },
      "name",
      "passTypeIdentifier",
      "pass",
      "images",
    ),
  ),
  ...["", "/progress", "/join"].map((rest) => admin("GET", ofTemplate(rest))),
  admin(
    "PATCH",
    ofTemplate(),
    some({
      ...{ name: named(), pass: fc.constant(PASS), strings, images, externalId: fc.option(externalId) },
      join: fc.option(join),
    }),
  ),
  admin(
    "DELETE",
    fc.constantFrom("@{template.0}", SPARE_ID, SPARE_ID, SPARE_ID).map((id) => `/templates/${id}`),
  ),
  admin(
    "POST",
    ofTemplate("/passes"),
    some({ ...newPass, serialNumber: named().map((n) => n.replace(/[/\\?#\p{Cc}]/gu, "_")) }),
  ),
  admin(
    "PUT",
    named().map((name) => `/pass-types/@{passType}/passes/${encodeURIComponent(name.toWellFormed())}`),
    fc.record({ templateId: fc.constant("@{template.0}"), ...newPass }, { requiredKeys: ["templateId"] }),
  ),
  ...["", "/changes", "/phones"].map((rest) => admin("GET", ofPass(rest))),
  admin(
    "PATCH",
    ofPass(),
    some({
      ...newPass,
      pass: changedOverrides,
      externalId: fc.option(externalId),
      eventId: fc.constantFrom("@{event}", null),
    }),
  ),
  admin("POST", ofPass("/redeem"), some({ redemptionId: named(), force: fc.boolean() })),
  admin("POST", ofPass("/unredeem"), some({ redemptionId: named() })),
  admin("POST", ofPass("/void"), some({ reason: text(1000) })),
  admin("POST", ofPass("/unvoid")),
  admin("POST", ofPass("/personalization/take"), some({ keep: fc.boolean() })),
  admin("GET", ofPass("/download")),
  admin("DELETE", ofPass()),
  admin("POST", "/projects", some({ name: named(), externalId }, "name")),
  admin("GET", "/projects/@{project}"),
  admin("PATCH", "/projects/@{project}", some({ name: named(), externalId: fc.option(externalId) })),
  admin("DELETE", "/projects/@{project}"),
  admin(
    "POST",
    "/projects/@{project}/events",
    some(
      { name: named(), values: fc.dictionary(named(), override, { maxKeys: 4 }), pass: overrides, without },
      "name",
    ),
  ),
  ...["", "/progress"].map((rest) => admin("GET", ofEvent + rest)),
  admin(
    "PATCH",
    ofEvent,
    some({
      name: named(),
      values: fc.dictionary(named(), fc.option(override), { maxKeys: 4 }),
      pass: changedOverrides,
      without,
    }),
  ),
  admin("DELETE", ofEvent),
  ...findingRoutes,
  ...movingRoutes,
  ...scanRoutes,
  ...keyRoutes,
  ...operatingRoutes,
  ...mcpRoutes,
];

const airshipQuery = query({
  status: fc.constantFrom("installed", "uninstalled"),
  pageSize: fc.integer({ min: 1, max: 1000 }),
  order: fc.constantFrom("id", "createdAt"),
});
const airshipRoutes = [
  airshipQuery.map((sent) => ({
    method: "GET",
    target: `/v1/events/project/@{project}/@{event}/passes${sent}`,
    headers: [["Authorization", "Basic @{basic}"]] as Headers,
  })),
  route({ method: "GET", target: pass.map((name) => `/v1/pass/@{${name}.id}/download`), headers: BEARER }),
];

const KEY = "api_token=@{adminToken}";
const ofPassdock = (rest = "") =>
  pass.map((name) => `/api/v1/templates/@{${name}.templateId}/passes/@{${name}.id}${rest}?${KEY}`);
const passdockHash = some({
  ...fitting,
  redeemed: fc.boolean(),
  bar: some({ message: text(), altText: text() }),
});
const passdockBody = some({ pass: passdockHash, errors: fc.boolean(), debug: fc.boolean() }, "pass");
const form = fc.tuple(template, named(100), text()).map(([id, serial, points]) => ({
  method: "POST",
  target: `/api/v1/templates/${id}/passes?${KEY}`,
  headers: [["Content-Type", "application/x-www-form-urlencoded"]] as Headers,
  body: { text: String(new URLSearchParams({ "pass[serial_number]": serial, "pass[points]": points })) },
}));
const passdockRoutes = [
  route({
    method: "GET",
    target: template.map((id) => `/api/v1/templates/${id}/passes.json?compact=true&${KEY}`),
  }),
  route({ method: "GET", target: template.map((id) => `/api/v1/templates/${id}/passes?page=1&${KEY}`) }),
  route({
    method: "GET",
    target: passdockSearch.map((sent) => `/api/v1/passes/search${sent}&many=true&${KEY}`),
  }),
  route({ method: "GET", target: ofPassdock() }),
  form,
  route({
    method: "POST",
    target: template.map((id) => `/api/v1/templates/${id}/passes?${KEY}`),
    body: fc
      .tuple(passdockBody, named(100))
      .map(([body, serial]) => ({ ...body, pass: { ...Object(body.pass), serial_number: serial } })),
  }),
  route({ method: "PUT", target: ofPassdock(), body: passdockBody }),
  route({
    method: "PUT",
    target: ofPassdock("/redeem"),
    body: fc.boolean().map((redeemed) => ({ redeemed })),
  }),
  route({ method: "DELETE", target: ofPassdock() }),
];

/** The names in a nonce are replaced only if they are not escaped. */
const joinForm = fc
  .tuple(
    fc.record({ "field.points": text(25), "field.until": fc.constantFrom("", "2026-02-28", "2026-02-31") }),
    fc.constantFrom("@{nonce}", "@{nonce}", "@{nonce}", "0.0.x.y"),
  )
  .map(([answers, nonce]) => ({
    method: "POST",
    target: "/join/@{slug}",
    headers: [["Content-Type", "application/x-www-form-urlencoded"]] as Headers,
    body: { text: `nonce=${nonce}&consent=on&${new URLSearchParams(answers)}` },
  }));

const link = (address: (name: string) => string) => route({ method: "GET", target: pass.map(address) });
const pageRoutes = [
  route({ method: "GET", target: fc.constantFrom("/", "/healthz?live") }),
  link((name) => `/passes/@{${name}.id}/@{${name}.webToken}.pkpass`),
  link((name) => `/p/@{${name}.id}/@{${name}.webToken}`),
  link((name) => `/p/@{${name}.id}/@{${name}.webToken}/images/@{image}.png`),
  link((name) => `/p/@{${name}.id}/@{${name}.webToken}/google`),
  route({ method: "GET", target: fc.constantFrom("/badges/en.svg", "/favicon.svg", "/favicon.ico") }),
  route({ method: "GET", target: fc.constantFrom("/join/@{slug}", "/join/@{slug}/poster") }),
  joinForm,
  bundleByLink,
];

/** All routes of the admin API. */
export const allAdminRoutes: readonly Part<Sent>[] = [...adminRoutes, ...fileRoutes];

/** A request that some route accepts. Each API is equally likely. */
export const validRequest: Part<Sent> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...adminRoutes) },
  { weight: 2, arbitrary: fc.oneof(...fileRoutes) },
  { weight: 2, arbitrary: fc.oneof(...deviceRoutes("/v1")) },
  { weight: 1, arbitrary: fc.oneof(...deviceRoutes("/api/v1")) },
  { weight: 1, arbitrary: fc.oneof(...airshipRoutes) },
  { weight: 2, arbitrary: fc.oneof(...passdockRoutes) },
  { weight: 1, arbitrary: fc.oneof(...pageRoutes) },
  { weight: 1, arbitrary: fc.oneof(...googleRoutes) },
);
