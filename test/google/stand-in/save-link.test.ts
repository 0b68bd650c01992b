/** Links to save a pass in the stand-in Google: which JWTs are accepted, and what opening one does. */
import { afterAll, expect, test } from "vitest";
import { clientOf, examples, signed } from "./client.ts";
import { googleControl } from "./control.ts";
import { startGoogle } from "./server.ts";

const google = await startGoogle();
afterAll(() => google.close());
const control = googleControl(google.origin);
const { issuerId, key } = await control.makeIssuer();
await control.changeProject(key.project_id, { requestsPerSecond: 1000 });
const client = clientOf(google.origin, key);
await client.authorize();
const { types, class: classOf, object: objectOf } = examples(issuerId);
const full = (type: (typeof types)[number], suffix: string) => ({
  [`${type}Classes`]: [classOf(type)],
  [`${type}Objects`]: [objectOf(type, suffix)],
});
const skinny = (id: string) => ({ genericObjects: [{ id, classId: classOf("generic").id }] });

test("a full link creates its class and object, and saves the object", async () => {
  for (const type of types) {
    const { status, body } = await client.open(await client.link(full(type, `${type}-full`)));
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(body).toContain(`data-object-id="${issuerId}.${type}-full"`);
    const { body: object } = await client.call("GET", `/${type}Object/${issuerId}.${type}-full`);
    expect(object.hasUsers).toBe(true);
  }
  const { classes, objects } = await control.stored(issuerId);
  expect([classes.length, objects.length]).toEqual([7, 7]);
});

test("a skinny link needs an object that exists", async () => {
  const id = `${issuerId}.skinny`;
  const jwt = await client.link(skinny(id));
  expect((await client.open(jwt)).body).toContain(`Wallet Object ${id} not found.`);
  await client.call("POST", "/genericObject", objectOf("generic", "skinny"));
  const opened = await client.open(jwt);
  expect(opened.body).toContain(`<li data-object-id="${id}">Member 1</li>`);
  expect((await fetch(`${google.origin}/gp/v/object/${id}`)).status).toBe(200);
  await control.remove(id);
  expect((await client.call("GET", `/genericObject/${id}`)).body.hasUsers).toBe(false);
  expect((await fetch(`${google.origin}/gp/v/object/${id}`)).status).toBe(404);
  const [failed, saved] = await control.history({ issuerId, kind: "save" }).then((all) => all.slice(-2));
  expect([failed?.status, saved?.status]).toEqual([400, 200]);
});

test("a link does not overwrite what exists", async () => {
  const changed = { ...objectOf("generic", "skinny"), state: "EXPIRED" };
  await client.open(await client.link({ genericObjects: [changed] }));
  expect((await client.call("GET", `/genericObject/${changed.id}`)).body.state).toBeUndefined();
});

test("a link with something that Google would refuse creates nothing", async () => {
  const id = `${issuerId}.nothing`;
  const payload = { genericClasses: [{ id }], genericObjects: [{ ...objectOf("generic", "x"), oops: 1 }] };
  expect((await client.open(await client.link(payload))).body).toContain("Unknown name");
  expect((await client.call("GET", `/genericClass/${id}`)).status).toBe(404);
});

test("a JWT that is wrong is refused", async () => {
  const payload = full("generic", "wrong");
  const seconds = Math.floor(Date.now() / 1000);
  const other = await control.createServiceAccount({ projectId: key.project_id, accountName: "other" });
  const jwts = {
    "aud must be": await client.link(payload, { aud: "https://pay.google.com" }),
    "typ must be": await client.link(payload, { typ: "JWT" }),
    "iat must be": await client.link(payload, { iat: seconds + 3600 }),
    "has expired": await client.link(payload, { exp: seconds - 1 }),
    "unknown claims": await client.link(payload, { sub: "x" }),
    "no payload": await client.link(undefined),
    "payload is empty": await client.link({}),
    "genericClass&#34; at": await client.link({ genericClass: [] }),
    "not a service account": await client.link(payload, { iss: "nobody@example.com" }),
    "does not match iss": await signed({ iss: key.client_email }, other),
    "alg must be RS256": await signed({ iss: key.client_email }, key, "PS256"),
    "cannot be parsed": "x.y.z",
    "Permission denied": await clientOf(google.origin, other).link(payload),
  };
  for (const [message, jwt] of Object.entries(jwts)) {
    const { status, body } = await client.open(jwt);
    expect({ status, body: String(body).replaceAll("&#34;", '"') }).toMatchObject({
      status: 400,
      body: expect.stringContaining(message.replaceAll("&#34;", '"')),
    });
  }
});

test("an issuer in demo mode marks its cards", async () => {
  await control.changeIssuer(issuerId, { demoMode: true });
  const jwt = await client.link(skinny(`${issuerId}.skinny`));
  expect((await client.open(jwt)).body).toContain(">[TEST ONLY] Member 1</li>");
  await control.changeIssuer(issuerId, { demoMode: false });
});

test("/jwt inserts what a long link contains, and answers a short link", async () => {
  const jwt = await client.link(full("generic", "posted"));
  const { status, body } = await client.call("POST", "/jwt", { jwt });
  expect({ status, body }).toMatchObject({ status: 200, body: { resources: { genericObjects: [{}] } } });
  expect(body.saveUri.length).toBeLessThan(100);
  const before = await client.call("GET", `/genericObject/${issuerId}.posted`);
  expect(before.body.hasUsers).toBe(false);
  expect(await (await fetch(body.saveUri)).text()).toContain(`data-object-id="${issuerId}.posted"`);
  expect((await client.call("POST", "/jwt", { jwt: "x" })).status).toBe(400);
});

test("/jwt/validate inserts nothing, and refuses what an insert refuses", async () => {
  const validate = (body: unknown) => client.call("POST", "/jwt/validate", body);
  const payload = full("generic", "validated");
  expect(await validate({ jwtResource: { jwt: await client.link(payload) } })).toEqual({
    status: 200,
    body: {},
  });
  expect(await validate({ jsonResource: { json: JSON.stringify(payload) } })).toEqual({
    status: 200,
    body: {},
  });
  expect(await validate({ jsonResource: { json: JSON.stringify({ payload }) } })).toEqual({
    status: 200,
    body: {},
  });
  expect((await client.call("GET", `/genericObject/${issuerId}.validated`)).status).toBe(404);
  const wrong = { genericClasses: [{ ...classOf("generic"), id: `${issuerId}.new`, issuerName: "x" }] };
  expect((await validate({ jsonResource: { json: JSON.stringify(wrong) } })).status).toBe(400);
  const foreign = { genericClasses: [{ id: "1.c" }] };
  expect((await validate({ jsonResource: { json: JSON.stringify(foreign) } })).status).toBe(403);
  expect((await validate({})).status).toBe(400);
});
