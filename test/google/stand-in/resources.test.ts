/** Classes and objects of the stand-in Google: what is accepted, what is refused, and what a change keeps. */
import { afterAll, expect, test } from "vitest";
import { clientOf, examples } from "./client.ts";
import { googleControl } from "./control.ts";
import { startGoogle } from "./server.ts";

let clock = Date.now();
const google = await startGoogle({ now: () => clock });
afterAll(() => google.close());
const control = googleControl(google.origin);
const { issuerId, key } = await control.makeIssuer();
await control.changeProject(key.project_id, { requestsPerSecond: 1000 });
const client = clientOf(google.origin, key, () => clock);
await client.authorize();
const { types, class: classOf, object: objectOf, text } = examples(issuerId);
const { call } = client;
const messageOf = ({ body }: { body: { error?: { message: string } } }) => body.error?.message;

for (const type of types) {
  test(`${type}: the least class and object are accepted, and each required member is required`, async () => {
    expect((await call("POST", `/${type}Class`, classOf(type))).status).toBe(200);
    expect((await call("POST", `/${type}Object`, objectOf(type))).status).toBe(200);
    for (const [kind, resource] of [
      ["Class", classOf(type)],
      ["Object", objectOf(type)],
    ] as const) {
      const path = `/${type}${kind}/${resource.id}`;
      expect((await call("GET", path)).status).toBe(200);
      for (const name of Object.keys(resource)) {
        // Neither a gift card's merchant nor the state of a generic object is required.
        if (name === "merchantName") continue;
        const { status } = await call("PUT", path, { ...resource, [name]: undefined });
        expect(`${name} ${status}`).toBe(`${name} 400`);
      }
      expect(messageOf(await call("PUT", path, { ...resource, oops: 1 }))).toMatch(/Unknown name "oops"/);
    }
  });
}

test("values and rules that Google has are checked", async () => {
  const refused: [path: string, resource: object, message: RegExp][] = [
    ["genericObject", { header: "text" }, /Invalid value at 'header'/],
    [
      "genericObject",
      { header: { defaultValue: { value: "x" } } },
      /header.defaultValue.language is required/,
    ],
    ["genericObject", { hexBackgroundColor: "rgb(1, 2, 3)" }, /hexBackgroundColor/],
    ["genericObject", { logo: { sourceUri: { uri: "http://example.com/a.png" } } }, /sourceUri.uri/],
    ["genericObject", { textModulesData: [{ id: "a.b", body: "x" }] }, /textModulesData\[0\].id/],
    ["genericObject", { barcode: { type: "PKBarcodeFormatQR", value: "1" } }, /barcode.type/],
    [
      "genericObject",
      {
        validTimeInterval: { start: { date: "2027-01-01T00:00:00Z" }, end: { date: "2027-01-02T00:00:00" } },
      },
      /both need one/,
    ],
    ["eventTicketClass", { venue: { name: text("Hall") } }, /venue.address is required/],
    ["eventTicketClass", { programLogo: {} }, /Unknown name "programLogo"/],
    ["flightClass", { localScheduledDepartureDateTime: "2027-03-05T06:30:00Z" }, /localScheduledDeparture/],
    ["loyaltyObject", { hexBackgroundColor: "#123456" }, /Unknown name "hexBackgroundColor"/],
    ["loyaltyObject", { loyaltyPoints: { balance: { int: 1, string: "1" } } }, /exactly one/],
    [
      "eventTicketClass",
      { dateTime: { doorsOpenLabel: "DOORS_OPEN", customDoorsOpenLabel: text("Foyer") } },
      /Both doorsOpenLabel and customDoorsOpenLabel may not be set/,
    ],
    [
      "genericObject",
      { logo: { sourceUri: { uri: "https://acme.example/a.png" }, privateImageId: "1" } },
      /Both sourceUri and privateImageId may not be set/,
    ],
    ["transitClass", { transitType: "TRAIN" }, /transitType/],
    ["transitObject", { ticketLeg: { departureDateTime: "2027-03-05T06:30:00" } }, /originName/],
  ];
  for (const [name, more, message] of refused) {
    const type = name.replace(/(Class|Object)$/, "") as (typeof types)[number];
    const resource = name.endsWith("Class") ? classOf(type) : objectOf(type);
    expect(messageOf(await call("PUT", `/${name}/${resource.id}`, { ...resource, ...more }))).toMatch(
      message,
    );
  }
});

test("an id that is used, an unknown id and a malformed id are refused", async () => {
  const used = await call("POST", "/genericClass", classOf("generic"));
  expect(used.body.error).toMatchObject({ code: 409, status: "ALREADY_EXISTS" });
  expect(messageOf(used)).toBe(`Wallet Object Class ${classOf("generic").id} already exists.`);
  expect((await call("GET", `/genericObject/${issuerId}.none`)).status).toBe(404);
  expect((await call("GET", `/loyaltyClass/${classOf("generic").id}`)).status).toBe(404);
  expect(messageOf(await call("POST", "/genericClass", { id: `${issuerId}.a b` }))).toMatch(
    /Invalid resource ID/,
  );
  expect((await call("POST", "/genericClass/x/y/z", {})).status).toBe(404);
});

test("an object needs a class of its type that is approved", async () => {
  const draft = { ...classOf("loyalty"), id: `${issuerId}.draft`, reviewStatus: "DRAFT" };
  expect((await call("POST", "/loyaltyClass", draft)).body.reviewStatus).toBe("DRAFT");
  const inDraft = { ...objectOf("loyalty", "in-draft"), classId: draft.id };
  expect(messageOf(await call("POST", "/loyaltyObject", inDraft))).toMatch(/must be approved/);
  const ofOther = { ...objectOf("loyalty", "other"), classId: classOf("offer").id };
  expect(messageOf(await call("POST", "/loyaltyObject", ofOther))).toMatch(/of the same type/);
  const ofNone = { ...objectOf("loyalty", "none"), classId: `${issuerId}.none` };
  expect((await call("POST", "/loyaltyObject", ofNone)).status).toBe(404);

  const path = `/loyaltyClass/${draft.id}`;
  expect((await call("PATCH", path, { reviewStatus: "UNDER_REVIEW" })).body.reviewStatus).toBe("APPROVED");
  expect((await call("POST", "/loyaltyObject", inDraft)).status).toBe(200);
  expect(messageOf(await call("PATCH", path, { programName: "New" }))).toMatch(/Invalid review status/);
  expect(messageOf(await call("PATCH", path, { reviewStatus: "APPROVED" }))).toMatch(/Invalid review status/);
});

test("PATCH merges members, replaces lists and removes what is null; PUT replaces all", async () => {
  const path = `/genericObject/${objectOf("generic").id}`;
  const [a, b] = ["a", "b"].map((id) => ({ id, body: id }));
  await call("PATCH", path, { textModulesData: [a, b], groupingInfo: { groupingId: "g", sortIndex: 1 } });
  const { body } = await call("PATCH", path, {
    textModulesData: [b],
    groupingInfo: { sortIndex: 2 },
    subheader: text("Sub"),
  });
  expect(body).toMatchObject({ textModulesData: [b], groupingInfo: { groupingId: "g", sortIndex: 2 } });
  expect(body.header).toEqual(text("Member 1"));
  const removed = await call("PATCH", path, { subheader: null, groupingInfo: { groupingId: null } });
  expect(removed.body).toEqual({ ...body, subheader: undefined, groupingInfo: { sortIndex: 2 } });
  expect((await call("PATCH", path, { header: null })).status).toBe(400);
  expect((await call("PATCH", path, { id: `${issuerId}.other` })).status).toBe(400);
  expect((await call("PUT", path, objectOf("generic"))).body).toEqual({
    ...objectOf("generic"),
    hasUsers: false,
  });
});

test("an object shows its class, and lists are in pages", async () => {
  const { body } = await call("GET", `/loyaltyObject/${objectOf("loyalty").id}`);
  expect(body.classReference).toMatchObject({ programName: "Coffee card", reviewStatus: "APPROVED" });
  const path = `/loyaltyClass?issuerId=${issuerId}&maxResults=1`;
  const first = (await call("GET", path)).body;
  expect(first.resources.map(({ id }: { id: string }) => id)).toEqual([classOf("loyalty").id]);
  const second = (await call("GET", `${path}&token=${first.pagination.nextPageToken}`)).body;
  expect(second).toMatchObject({
    resources: [{ id: `${issuerId}.draft` }],
    pagination: { resultsPerPage: 1 },
  });
  expect(second.pagination.nextPageToken).toBeUndefined();
  expect((await call("GET", "/loyaltyObject")).status).toBe(400);
});

test("three messages in 24 hours notify, and a fourth has to be silent", async () => {
  const path = `/genericObject/${objectOf("generic").id}/addMessage`;
  const message = { header: "New", body: "Text", messageType: "TEXT_AND_NOTIFY" };
  for (const id of ["1", "2", "3"]) {
    expect((await call("POST", path, { message: { ...message, id } })).status).toBe(200);
  }
  const refused = await call("POST", path, { message: { ...message, id: "4" } });
  expect(refused.body.error.errors[0].reason).toBe("quotaExceeded");
  const silent = await call("POST", path, { message: { ...message, id: "4", messageType: "TEXT" } });
  expect(silent.body.resource.messages).toHaveLength(4);
  const again = await call("POST", path, { message: { ...message, id: "3" } });
  expect(again.body.resource.messages, "the same id replaces, and does not notify").toHaveLength(4);
  clock += 86_400_000;
  await client.authorize();
  expect((await call("POST", path, { message: { ...message, id: "5" } })).status).toBe(200);
  expect((await call("POST", path, { message: { text: "x" } })).status).toBe(400);
});

test("a message of a class counts for each of its objects", async () => {
  const message = { header: "New", body: "Text", messageType: "TEXT_AND_NOTIFY" };
  const ofClass = (id: string) =>
    call("POST", `/offerClass/${classOf("offer").id}/addMessage`, { message: { ...message, id } });
  const ofObject = (id: string) =>
    call("POST", `/offerObject/${objectOf("offer").id}/addMessage`, { message: { ...message, id } });
  for (const answer of [await ofClass("1"), await ofClass("2"), await ofObject("3")])
    expect(answer.status).toBe(200);
  expect(messageOf(await ofObject("4"))).toMatch(/^Quota exceeded for issuer/);
  expect((await ofClass("5")).status).toBe(200);
});

test("a member that notifies counts if the request asks for it, and other members never do", async () => {
  const path = `/loyaltyObject/${objectOf("loyalty").id}`;
  const points = (int: number) => ({ loyaltyPoints: { balance: { int } } });
  const notifyPreference = "NOTIFY_ON_UPDATE";
  const patch = (body: object) => call("PATCH", path, body);
  expect((await patch(points(0))).status).toBe(200);
  for (const int of [1, 2, 3]) expect((await patch({ ...points(int), notifyPreference })).status).toBe(200);
  expect(messageOf(await patch({ ...points(4), notifyPreference }))).toMatch(/QuotaExceededException/);
  expect((await patch({ accountName: "Ada", notifyPreference })).status).toBe(200);
  expect((await patch(points(4))).body).toMatchObject(points(4));
  const generic = `/genericObject/${objectOf("generic").id}`;
  expect(messageOf(await call("PATCH", generic, { notifyPreference }))).toMatch(/Unknown name/);
});

test("a batch answers each of its calls", async () => {
  const parts = [
    `POST /walletobjects/v1/genericObject\n\n${JSON.stringify(objectOf("generic", "batch"))}\n`,
    `GET /walletobjects/v1/genericObject/${issuerId}.none\n\n`,
  ];
  const body = `${parts.map((part) => `--b\nContent-Type: application/json\n\n${part}`).join("")}--b--`;
  const headers = {
    authorization: `Bearer ${client.token}`,
    "content-type": 'multipart/mixed; boundary="b"',
  };
  const response = await fetch(`${google.origin}/batch`, { method: "POST", headers, body });
  expect((await response.text()).match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404"]);
});
