/** The stand-in Google from inside the Workers runtime, as the tests of the Worker use it. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { google } from "../../harness.ts";
import { clientOf, examples } from "./client.ts";

test("a test in the Workers runtime makes an issuer, gets a token with its key, and sees its own calls", async () => {
  const { issuerId, key } = await google.makeIssuer({ name: "Roasters" });
  const client = clientOf(env.GOOGLE_ORIGIN, key);
  const { class: classOf, object: objectOf } = examples(issuerId);
  await client.authorize();
  await client.call("POST", "/genericClass", classOf("generic"));
  const opened = await client.open(await client.link({ genericObjects: [objectOf("generic")] }));
  expect(opened.body).toContain("Member 1");
  expect(await google.counts({ account: key.client_email })).toEqual({
    token: 1,
    "class.insert": 1,
    save: 1,
  });
  const { objects } = await google.stored(issuerId);
  expect(objects).toMatchObject([{ id: objectOf("generic").id, type: "generic", users: 1 }]);
  await expect(google.changeIssuer("1", { demoMode: true })).rejects.toThrow("There is no issuer 1.");
});
