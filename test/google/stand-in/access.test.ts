/** Who may use the stand-in Google: tokens, projects, invitations and the limit of requests. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { clientOf, examples, signed } from "./client.ts";
import { googleControl } from "./control.ts";
import { startGoogle } from "./server.ts";

let clock = Date.now();
const google = await startGoogle({ now: () => clock });
afterAll(() => google.close());
const control = googleControl(google.origin);
const { issuerId, key } = await control.makeIssuer();
const client = clientOf(google.origin, key, () => clock);
const { class: classOf } = examples(issuerId);
/** The status and the reason of a refusal. */
const reasonOf = ({ status, body }: { status: number; body: { error: { errors: { reason: string }[] } } }) =>
  `${status} ${body.error.errors[0]?.reason}`;

test("the key is the JSON that Google's console gives", () => {
  expect(key).toMatchObject({ type: "service_account", token_uri: "https://oauth2.googleapis.com/token" });
  expect(key.client_email).toBe(`wallet@${key.project_id}.iam.gserviceaccount.com`);
  expect(key.private_key).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----\n$/);
});

test("a correct assertion gets a token of an hour, which then expires", async () => {
  const { status, body } = await client.authorize();
  expect({ status, body }).toMatchObject({ status: 200, body: { expires_in: 3599, token_type: "Bearer" } });
  expect((await client.call("GET", `/issuer/${issuerId}`)).body).toMatchObject({ issuerId });
  clock += 3_600_000;
  const refused = await client.call("GET", `/issuer/${issuerId}`);
  expect(refused.body.error).toMatchObject({ code: 401, status: "UNAUTHENTICATED" });
  await client.authorize();
  await control.expireTokens(key.client_email);
  expect((await client.call("GET", `/issuer/${issuerId}`)).status).toBe(401);
});

test("a wrong assertion gets the error that Google has for it", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const stranger = { ...key, private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  const claims = client.claims();
  const seconds = Number(claims.iat);
  const errors = {
    signature: await client.askToken(await signed(claims, stranger)),
    algorithm: await client.askToken(await signed(claims, key, "RS512")),
    account: await client.authorize({ iss: "nobody@nowhere.iam.gserviceaccount.com" }),
    audience: await client.authorize({ aud: "https://walletobjects.googleapis.com/" }),
    old: await client.authorize({ iat: seconds - 7200, exp: seconds - 3600 }),
    early: await client.authorize({ iat: seconds + 3600, exp: seconds + 7200 }),
    long: await client.authorize({ exp: seconds + 7200 }),
    scope: await client.authorize({ scope: "https://www.googleapis.com/auth/drive" }),
    grantType: await client.askToken("x", "password"),
    noJwt: await client.askToken("x"),
  };
  const shown = Object.entries(errors).map(([name, { status, body }]) => `${name}: ${status} ${body.error}`);
  expect(shown).toEqual([
    ...["signature", "algorithm", "account", "audience", "old", "early", "long"].map(
      (name) => `${name}: 400 invalid_grant`,
    ),
    "scope: 400 invalid_scope",
    "grantType: 400 unsupported_grant_type",
    "noJwt: 400 invalid_grant",
  ]);
  expect(errors.signature.body.error_description).toBe("Invalid JWT Signature.");
});

test("a deleted key gets no token", async () => {
  const second = await control.createKey(key.client_email);
  const other = clientOf(google.origin, second, () => clock);
  expect((await other.authorize()).status).toBe(200);
  await control.deleteKey(second);
  expect((await other.authorize()).body.error).toBe("invalid_grant");
  expect((await client.authorize()).status).toBe(200);
});

test("a project without the API, an account that is not invited and another issuer are refused", async () => {
  await client.authorize();
  await control.changeProject(key.project_id, { apiEnabled: false });
  const disabled = await client.call("POST", "/genericClass", classOf("generic"));
  expect(reasonOf(disabled)).toBe("403 accessNotConfigured");
  expect(disabled.body.error.details[0]).toMatchObject({ reason: "SERVICE_DISABLED" });
  await control.changeProject(key.project_id, { apiEnabled: true });

  await control.uninvite(issuerId, key.client_email);
  const uninvited = await client.call("POST", "/genericClass", classOf("generic"));
  expect(reasonOf(uninvited)).toBe("403 permissionDenied");
  await control.invite(issuerId, key.client_email);

  const other = await control.registerIssuer();
  const foreign = await client.call("POST", "/genericClass", { id: `${other.issuerId}.c` });
  expect(foreign.body).toEqual(uninvited.body);
  expect((await client.call("POST", "/genericClass", classOf("generic"))).status).toBe(200);
});

test("the twenty-first request of a second is refused, and the next second allows more", async () => {
  clock += 10_000;
  await client.authorize();
  const path = `/issuer/${issuerId}`;
  const answers = await Promise.all(Array.from({ length: 21 }, () => client.call("GET", path)));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map(reasonOf)).toEqual(["429 rateLimitExceeded"]);
  clock += 1000;
  expect((await client.call("GET", path)).status).toBe(200);
});

test("a fault is answered as often as it was asked for, and only for what it names", async () => {
  clock += 10_000;
  const account = key.client_email;
  await control.fault({ status: 503, times: 1, path: "/walletobjects/v1/issuer", account });
  await control.fault({ mode: "html", status: 502, times: 1, path: "/token", account });
  expect((await client.authorize()).status).toBe(502);
  await client.authorize();
  const path = `/issuer/${issuerId}`;
  expect((await client.call("GET", path)).body.error).toMatchObject({ code: 503 });
  expect((await client.call("GET", path)).status).toBe(200);

  // The request takes effect, and its answer is lost.
  await control.fault({ status: 500, times: 1, method: "POST", performed: true, account });
  await control.fault({ mode: "reset", times: 1, method: "GET", account });
  const lost = { id: `${issuerId}.lost` };
  expect((await client.call("POST", "/genericClass", lost)).status).toBe(500);
  expect((await client.call("POST", "/genericClass", lost)).status).toBe(409);
  await expect(client.call("GET", path)).rejects.toThrow();
  await control.fault({ status: 500, times: 1, method: "POST", account });
  expect((await client.call("POST", "/genericClass", { id: `${issuerId}.new`, oops: 1 })).status).toBe(400);
});

test("the history shows each call of an account, and counts them by kind", async () => {
  const made = await control.makeIssuer();
  const own = clientOf(google.origin, made.key, () => clock);
  await own.authorize();
  await own.call("POST", "/genericClass", { id: `${made.issuerId}.c` });
  await own.call("GET", `/genericClass/${made.issuerId}.none`);
  const filter = { account: made.key.client_email };
  expect(await control.counts(filter)).toEqual({ token: 1, "class.insert": 1, "class.get": 1 });
  const [, insert, get] = await control.history(filter);
  expect(insert).toMatchObject({ status: 200, issuerId: made.issuerId, body: { id: `${made.issuerId}.c` } });
  expect(get).toMatchObject({ status: 404, refusal: `Wallet Object Class ${made.issuerId}.none not found.` });
});

test("a stand-in that starts again with what was saved has the same accounts, classes and objects", async () => {
  await client.authorize();
  const again = await startGoogle({ saved: google.save(), now: () => clock });
  const other = clientOf(again.origin, key, () => clock);
  await other.authorize();
  const path = `/genericClass/${classOf("generic").id}`;
  expect(await other.call("GET", path)).toEqual(await client.call("GET", path));
  expect(again.callbacks.rootKeys(clock).keys[0]).toEqual(google.callbacks.rootKeys(clock).keys[0]);
  await again.close();
});
