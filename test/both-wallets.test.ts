/**
 * One pass on an iPhone and on an Android phone: both see each change and are notified as the API's answers predicted. The clients of
 * Airship, VoltMX and Passdock get the same answers as without Google Wallet.
 */
import { beforeAll, expect, test, vi } from "vitest";
import type { GoogleNotification } from "../src/google/notifications.ts";
import type { Notification } from "../src/pkpass/notifications.ts";
import { created, call as passdock, pathOf, show } from "./dialects/passdock-client.ts";
import {
  ADMIN_TOKEN,
  accept,
  admin,
  android,
  apple,
  call,
  get,
  google,
  icon,
  iphone,
  passToken,
} from "./harness.ts";

const PASS_TYPE = "pass.test.both-wallets";
const ticket = {
  description: "Concert ticket",
  organizationName: "Edgepass Hall",
  eventTicket: {
    primaryFields: [{ key: "show", label: "SHOW", value: "Spring Tour" }],
    secondaryFields: [{ key: "gate", label: "GATE", value: "4", changeMessage: "Gate changed to %@" }],
    auxiliaryFields: [{ key: "seat", label: "SEAT", value: "A 12" }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};

const SOON = { timeout: 10_000, interval: 100 };

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  await admin.makeApnsKey();
  const more = { pass: ticket, images: icon, webService: "/api" };
  templateId = (await admin.makeTemplate(PASS_TYPE, more)).id;
});

async function setUpGoogle(): Promise<void> {
  const { issuerId, key } = await google.makeIssuer();
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  expect((await call("POST", "/google-issuers", { issuerId, serviceAccount: key })).status).toBe(201);
}

/** Changes a pass, after a dry run. @returns what both said that the phones show */
async function foretold(id: number, values: Record<string, string>) {
  interface Shown {
    readonly notifications: readonly Notification[];
    readonly googleNotifications: readonly GoogleNotification[];
  }
  const texts = ({ notifications, googleNotifications }: Shown) => ({
    apple: notifications.flatMap((item) => (item.kind === "text" ? [item.text] : [])),
    google: googleNotifications.flatMap((item) => (item.kind === "text" ? [item.text] : [])),
  });
  const dry = await call<Shown>("PATCH", `/passes/${id}?dryRun=true`, { values });
  const changed = await call<Shown>("PATCH", `/passes/${id}`, { values });
  expect([dry.status, changed.status]).toEqual([200, 200]);
  expect(texts(changed.body)).toEqual(texts(dry.body));
  return texts(dry.body);
}

interface Listed {
  readonly id: number;
  readonly status: string;
  readonly platform: string;
  readonly installedAt: string | null;
  readonly uninstalledAt?: string;
}

/** The passes of an event, as Airship's client lists them. */
async function listed(projectId: number, eventId: number): Promise<Listed[]> {
  const path = `/v1/events/project/${projectId}/${eventId}/passes`;
  const response = await get(path, { Authorization: `Bearer ${ADMIN_TOKEN}` });
  return (await response.json<{ passes: Listed[] }>()).passes;
}

/** The status, the header fields and the body of an answer, without the time of the last change. */
async function bytesOf(response: Response): Promise<string> {
  const body = (await response.text()).replaceAll(/"updated_at":"[^"]*"/g, "");
  return `${response.status} ${JSON.stringify([...response.headers])} ${body}`;
}

test("VoltMX's and Passdock's clients issue, change, redeem and fetch a pass, and are answered byte for byte as without Google", async () => {
  const summary = await created(templateId, { serial_number: "both-0", gate: "4" });
  const path = pathOf(summary);
  const { downloadUrl, landingUrl } = await admin.show(summary.id);
  const iPhone = iphone();
  await iPhone.addFrom(downloadUrl);
  const authorization = await passToken({ downloadUrl });
  /** VoltMX's fetch: the hash of all files' hashes, because each signature is another one. */
  const voltmx = async () => {
    const response = await get(`/api/v1/passes/${PASS_TYPE}/both-0`, authorization);
    const { manifestHash } = await accept(new Uint8Array(await response.arrayBuffer()));
    const { status, headers } = response;
    return [status, headers.get("content-type"), [...headers.keys()].toSorted(), manifestHash];
  };
  /** Changes that end as they began. */
  const life = async () => {
    const answers: unknown[] = [];
    for (const [method, at, body] of [
      ["PUT", path, { pass: { gate: "9" } }],
      ["GET", path],
      ["GET", `/templates/${templateId}/passes`],
      ["PUT", `${path}/redeem`, { redeemed: true }],
      ["PUT", `${path}/redeem`, { redeemed: false }],
      ["PUT", path, { pass: { gate: "4" } }],
      ["PUT", path, { pass: { nothing: "of this name" } }],
    ] as const)
      answers.push(await bytesOf(await passdock(method, at, {}, body)));
    answers.push(await voltmx());
    return answers;
  };
  const without = await life();

  await setUpGoogle();
  const pixel = android();
  const objectId = await pixel.addFrom(landingUrl);
  expect(await life()).toEqual(without);
  // The same for a pass that Passdock's client issues now.
  const { serial_number: _, ...later } = await show(await created(templateId, { gate: "4" }));
  expect(Object.keys(later).toSorted()).toEqual(
    Object.keys(await show(summary))
      .filter((name) => name !== "serial_number")
      .toSorted(),
  );

  // What Passdock's client changes, both phones see.
  await passdock("PUT", path, {}, { pass: { gate: "11" } });
  await vi.waitFor(async () => expect((await pixel.card(objectId)).fields.GATE).toBe("11"), SOON);
  await iPhone.refresh(iPhone.pass(PASS_TYPE, "both-0"));
  const { pass } = iPhone.pass(PASS_TYPE, "both-0");
  expect(pass).toMatchObject({ eventTicket: { secondaryFields: [{ key: "gate", value: "11" }] } });
  await passdock("PUT", `${path}/redeem`, {}, { redeemed: true });
  await vi.waitFor(async () => expect((await pixel.card(objectId)).state).toBe("COMPLETED"), SOON);
  await iPhone.refresh(iPhone.pass(PASS_TYPE, "both-0"));
  expect(iPhone.pass(PASS_TYPE, "both-0").pass.voided).toBe(true);
  expect([iPhone.complaints, iPhone.console]).toEqual([[], []]);
});

test("a pass on an iPhone and on an Android phone is changed, redeemed and removed, and both phones follow", async () => {
  if ((await call<{ items: object[] }>("GET", "/google-issuers")).body.items.length === 0)
    await setUpGoogle();
  const { projectId, id: eventId } = await admin.makeEvent({ name: "Berlin" });
  const pass = await admin.issue(templateId, { eventId, serialNumber: "both-1" });
  const [iPhone, pixel] = [iphone(), android()];
  const list = () => listed(projectId, eventId);
  expect(await list()).toMatchObject([{ id: pass.id, status: "not_been_installed", installedAt: null }]);

  await iPhone.addFrom(pass.downloadUrl);
  const byApple = await admin.show(pass.id);
  expect(await list()).toMatchObject([
    { status: "installed", platform: "ios", installedAt: byApple.installs.apple.installedAt },
  ]);
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(Date.parse(byApple.installedAt ?? "") + 1));
  const objectId = await pixel.addFrom(pass.landingUrl);
  const { installs } = await admin.show(pass.id);
  expect(installs).toMatchObject({ apple: { status: "installed" }, google: { status: "installed" } });
  // Airship's client has one platform for a pass: that of the newest install.
  expect(await list()).toMatchObject([
    { status: "installed", platform: "android", installedAt: installs.google.installedAt },
  ]);
  expect(await pixel.card(objectId)).toMatchObject({
    type: "eventTicket",
    state: "ACTIVE",
    fields: { GATE: "4" },
  });

  const texts = await foretold(pass.id, { gate: "9", seat: "B 1" });
  expect(texts).toEqual({ apple: ["Gate changed to 9"], google: ["Gate changed to 9"] });
  await vi.waitFor(async () => expect(await apple.history(iPhone.pushToken)).toHaveLength(1), 10_000);
  const received = await iPhone.receivePush(PASS_TYPE);
  expect(received.updated).toEqual([{ serialNumber: "both-1", notifications: texts.apple }]);
  await vi.waitFor(async () => expect(await pixel.notifications(objectId)).toEqual(texts.google), SOON);
  expect((await pixel.card(objectId)).fields.GATE).toBe("9");

  await admin.redeem(pass.id);
  await iPhone.refresh(iPhone.pass(PASS_TYPE, "both-1"));
  expect(iPhone.pass(PASS_TYPE, "both-1").pass.voided).toBe(true);
  await vi.waitFor(async () => expect((await pixel.card(objectId)).state).toBe("COMPLETED"), SOON);
  expect(await pixel.notifications(objectId)).toEqual(texts.google);

  await pixel.remove(objectId);
  expect(await list()).toMatchObject([{ status: "installed", platform: "ios" }]);
  await iPhone.remove(iPhone.pass(PASS_TYPE, "both-1"));
  const removed = await admin.show(pass.id);
  expect(await list()).toMatchObject([
    { status: "uninstalled", platform: "ios", uninstalledAt: removed.uninstalledAt },
  ]);
  expect([iPhone.complaints, iPhone.console]).toEqual([[], []]);
});
