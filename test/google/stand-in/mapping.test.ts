/** The demo set of src/google in the stand-in Google: a link with each card is accepted and saved. */
import { afterAll, expect, test } from "vitest";
import { demoSet, ISSUER, renderSample } from "../sources.ts";
import { clientOf } from "./client.ts";
import { googleControl } from "./control.ts";
import { startGoogle } from "./server.ts";

const google = await startGoogle();
afterAll(() => google.close());
const control = googleControl(google.origin);
await control.registerIssuer({ issuerId: ISSUER });
const client = clientOf(google.origin, await control.createServiceAccount({ invitedTo: [ISSUER] }));

test.each(demoSet)("%s is saved with its class", async (name, sample, asked) => {
  const { type, class: shared, object } = renderSample(sample, asked);
  const suffix = `.${name.replace(/[^A-Za-z0-9]/g, "-")}`;
  const classId = shared.id + suffix;
  const id = object.id + suffix;
  const payload = {
    [`${type}Classes`]: [{ ...shared, id: classId }],
    [`${type}Objects`]: [{ ...object, id, classId }],
  };
  const { status, body } = await client.open(await client.link(payload));
  expect({ status, body }).toMatchObject({ status: 200, body: expect.stringContaining(id) });
});
