/**
 * `npm run demo [--keep]`: the life of one pass, from its issue to its last update, over real HTTP between a phone, this Worker
 * and a push service; then a pass of every style. The phone is simulated and checks every bundle as Wallet does. If
 * anything is wrong, the demo ends with the reason and a status other than 0.
 *
 * It has its own instance, on free ports and in a temporary folder. With --keep it prints the pages of the passes of all
 * styles, whose pictures are drawn, and the instance runs until Ctrl-C.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GOOGLE_TYPES } from "../../src/google/types.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { ApnsHistoryEntry } from "../apple/apns.ts";
import { IPhone, type WhatHappened } from "../apple/iphone.ts";
import { Android } from "../google/android.ts";
import { checkSaveLinks } from "../google/save-links.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { Refused } from "./local/admin.ts";
import { checkSample } from "./local/check-sample.ts";
import { demoPass } from "./local/demo-template.ts";
import { type Instance, startInstance } from "./local/instance.ts";
import { PASS_TYPE_IDENTIFIER } from "./local/provision.ts";
import { makeStandInIssuer } from "./local/provision-google.ts";
import { drawShowcase } from "./local/showcase-images.ts";
import { onFirstSignal } from "./local/signals.ts";
import { ending, expectSame, lockScreen, step, title } from "./local/story.ts";

const PUSH_WITHIN_MS = 20_000;
const GOOGLE_WITHIN_MS = 20_000;
/** `npm run demo --keep` does not give it to the program: npm takes it for a setting of its own. */
const isKept = process.argv.includes("--keep") || process.env.npm_config_keep === "true";
const images = isKept ? drawShowcase(3) : undefined;

const NAME_WIDTH = 30;
/** A line for each sample, and the page of its pass. */
const pages: string[] = [];
const landingUrls: string[] = [];

const folder = mkdtempSync(join(tmpdir(), "edgepass-demo-"));
const interrupted = Promise.withResolvers<void>();
let isOver = false;
onFirstSignal(() => (isOver ? interrupted.resolve() : interrupted.reject(new Error("it was interrupted"))));
interrupted.promise.catch(() => {});
title("The life of a pass");
const failure = await live().then(
  () => undefined,
  (error: unknown) => ({ error }),
);
rmSync(folder, { recursive: true, force: true });
ending(failure);
if (failure !== undefined) process.exitCode = 1;

async function live(): Promise<void> {
  const instance = await step("Edgepass starts, with a stand-in Apple beside it", async (say) => {
    const started = await startInstance({ port: 0, folder });
    say(`the Worker at ${started.origin}, the stand-in Apple at ${started.apple.origin}`);
    say("its certificate was requested, signed, and installed; the intermediate was fetched by the Worker");
    return started;
  });
  try {
    await Promise.race([play(instance), interrupted.promise]);
    if (isKept) await keep(instance.origin);
  } finally {
    await instance.close();
  }
}

/** Keeps the instance running until Ctrl-C. */
async function keep(origin: string): Promise<void> {
  isOver = true;
  console.log(`\nThe passes of all styles:\n\n${pages.join("\n")}\n\n${origin} runs until Ctrl-C.`);
  await interrupted.promise;
}

async function play({
  origin,
  admin,
  apple,
  google,
  demo: { template, pass: welcome },
}: Instance): Promise<void> {
  const options = { fetch: (request: Request) => fetch(request), rootPem: apple.ca.rootPem };
  const phone = new IPhone(options);
  const quiet = new IPhone(options);
  if (template === undefined || welcome === undefined) throw new Error("the demo template is missing");

  const issued = await step("The coffee bar issues a stamp card", async (say) => {
    const values = { name: "Grace Hopper", stamps: 9, balance: 20 };
    const pass = await admin.send<Pass>("POST", `/templates/${template.id}/passes`, { values });
    say(`pass ${pass.id}, ${pass.downloadUrl.replace(pass.webToken, "…")}`);
    return pass;
  });
  const path = `/passes/${issued.id}`;

  const card = await step("Grace opens the link, and Wallet adds the pass", async (say) => {
    const happened = await phone.addFrom(issued.downloadUrl);
    const [pass] = phone.passes;
    if (pass === undefined) throw new Error("Wallet is empty");
    expectNoFailure(happened);
    expectSame("registrations", happened.registered, [{ serialNumber: issued.serialNumber, status: 201 }]);
    say(`${Object.keys(pass.files).length} files; the manifest's hashes and the signature are right`);
    say("the phone has registered for updates: 201");
    return pass;
  });

  await step("She buys a coffee: PATCH makes it 10 stamps", async (say) => {
    const changed = await admin.send<Pass>("PATCH", path, { values: { stamps: 10 } });
    expectSame("the stamps", changed.values.stamps, { value: 10 });
    say("in the same transaction: the value, the update tag, and what is to be pushed");
  });

  await step("A push goes out to Apple", async (say) => {
    const [push] = await pushes(apple.apns.history, phone.pushToken, 1);
    say(`topic ${push?.topic}, answered ${push?.status}; it says nothing but "ask"`);
  });

  await step("The phone asks what changed, and fetches the pass", async (say) => {
    const happened = await phone.receivePush(PASS_TYPE_IDENTIFIER);
    expectUpdate(happened, issued.serialNumber, ["You now have 10 stamps"]);
    say(lockScreen("You now have 10 stamps"));
  });

  await step("She pulls to refresh: nothing is new", async (say) => {
    const happened = await phone.refresh(card);
    expectSame("answers 304", happened.notModified, [issued.serialNumber]);
    say("304 Not Modified, without a signature being made");
  });

  const news = "Double stamps on every filter coffee this week";
  await step("The coffee bar changes the template: one request for all its passes", async (say) => {
    const backFields = demoPass.storeCard?.backFields?.map((field) =>
      field.key === "news" ? { ...field, value: news } : field,
    );
    const pass = { ...demoPass, storeCard: { ...demoPass.storeCard, backFields } };
    expectNoFailure(await quiet.addFrom(welcome.downloadUrl));
    await admin.send("PATCH", `/templates/${template.id}`, { pass });
    const [push] = await pushes(apple.apns.history, quiet.pushToken, 1);
    say(`Ada, who has a card too, is pushed at once: ${push?.status}`);
    say("Grace's phone was pushed a moment ago, and iOS throttles: hers comes when 45 seconds are over");
  });

  await step("The news reaches the phones", async (say) => {
    const happened = await quiet.receivePush(PASS_TYPE_IDENTIFIER);
    expectUpdate(happened, welcome.serialNumber, [news]);
    say(lockScreen(news));
    expectUpdate(await phone.refresh(card), issued.serialNumber, [news]);
    say("Grace does not wait: she pulls to refresh, and has it");
  });

  await step("The card is full and is redeemed at the till", async (say) => {
    const redeemed = await admin.send<Pass>("POST", `${path}/redeem`, {
      redemptionId: "till-1-receipt-4711",
    });
    expectSame("the status", redeemed.status, "redeemed");
    const again = await admin.send("POST", `${path}/redeem`, {}).catch((error: unknown) => error);
    const refusal = again instanceof Refused ? [again.status, again.code] : again;
    expectSame("a second redemption", refusal, [409, "already_redeemed"]);
    say("a second scanner is answered 409 already_redeemed");
  });

  await step("She pulls to refresh, and the pass is voided", async (say) => {
    expectUpdate(await phone.refresh(card), issued.serialNumber, []);
    expectSame("voided", card.pass.voided, true);
    say("Wallet greys it out. A push would have come by itself, a minute after this pass's last one:");
    say("iOS throttles passes that push more often, so Edgepass gathers the changes of a minute");
  });

  await step("She switches automatic updates off", async (say) => {
    const happened = await phone.switchUpdatesOff(card);
    expectNoFailure(happened);
    expectSame("unregistered passes", happened.unregistered, [issued.serialNumber]);
    const { registrations } = await admin.get<Pass>(path);
    expectSame("registrations at the server", registrations, 0);
    say("the server has forgotten the device");
  });

  await step("Nobody has complained", async (say) => {
    await Promise.all([phone.flushLog(), quiet.flushLog()]);
    expectSame("the phones' complaints", [...phone.complaints, ...quiet.complaints], []);
    expectSame("the device log", await admin.get("/device-logs"), { items: [], nextCursor: null });
    expectSame("the dead letters", await admin.get("/dead-letters"), { items: [], nextCursor: null });
    const { status } = await admin.get<{ status: string }>("/health");
    expectSame("the health", status, "ok");
    say(`${phone.exchanges.length} requests of the phone, and its log is empty`);
  });

  await step("A pass of every style: issued, added, and judged by the linter", async (say) => {
    const other = new IPhone(options);
    const drawn = await images;
    for (const sample of samples) {
      const { page, line } = await checkSample(sample, admin, other, drawn?.[sample.name]);
      say(line);
      landingUrls.push(page);
      pages.push(`  ${sample.name.padEnd(NAME_WIDTH)} ${page}`);
    }
    await other.flushLog();
    expectSame("the phone's complaints", other.complaints, []);
    say("web_service_insecure: this machine has no https; nfc_needs_entitlement: Apple has to allow it");
  });

  const android = new Android({ fetch: (request) => fetch(request), google: googleControl(google.origin) });
  const onAndroid = await step("A phone with Android: the link to Google Wallet", async (say) => {
    const { issuerId, key } = await makeStandInIssuer(admin, google.origin);
    const control = googleControl(google.origin);
    const before = await control.counts();
    const values = { name: "Alan Turing", stamps: 1 };
    const pass = await admin.send<Pass>("POST", `/templates/${template.id}/passes`, { values });
    expectSame("what Google is asked when a pass is issued", await control.counts(), before);
    say(`an issuer of the stand-in Google at ${google.origin}; issuing a pass has not called it`);
    const link = `${pass.landingUrl}/google`;
    say(link.replace(pass.webToken, "…"));
    const objectId = await android.addFrom(pass.landingUrl);
    const { type } = await android.card(objectId);
    const { classes, objects } = await control.stored(issuerId);
    expectSame("what Google has", [classes.length, objects.length, objects[0]?.users], [1, 1, 1]);
    say(`Google has the ${type} object ${objectId}, saved by one person`);
    return { pass, objectId, key };
  });

  await step("Google reports the save, and gets what changes by itself", async (say) => {
    const { pass, objectId } = onAndroid;
    const at = `/passes/${pass.id}`;
    const { installs } = await within(GOOGLE_WITHIN_MS, "Google's callback", async () => {
      const shown = await admin.get<Pass>(at);
      return shown.installs.google.status === "installed" ? shown : undefined;
    });
    say(
      `its callback is verified, and the dashboard shows: saved in Google Wallet, ${installs.google.installedAt}`,
    );
    await admin.send<Pass>("PATCH", at, { values: { stamps: 2 } });
    const from = performance.now();
    const texts = await within(GOOGLE_WITHIN_MS, "the change at Google", async () => {
      const shown = await android.notifications(objectId);
      return shown.length > 0 ? shown : undefined;
    });
    const { fields } = await android.card(objectId);
    expectSame("the stamps at Google", fields.STAMPS, "2");
    expectSame("the notifications", texts, ["You now have 2 stamps"]);
    say(
      `PATCH makes it 2 stamps: Google has them ${Math.round(performance.now() - from)} ms later, without a click`,
    );
    say(lockScreen("You now have 2 stamps"));
  });

  await step("The passes of every style, in Google Wallet", async (say) => {
    const types = await checkSaveLinks({
      control: googleControl(google.origin),
      key: onAndroid.key,
      origin,
      googleOrigin: google.origin,
      pages: landingUrls,
    });
    expectSame("Google's types", [...new Set(types)].sort(), [...GOOGLE_TYPES].sort());
    say(`openssl verifies ${types.length} links that have the whole pass, and as many that only name it`);
    say(`Google has objects of all its types: ${[...new Set(types)].join(", ")}`);
  });
}

/** Waits until the push service has received this many pushes to the phone, all of them accepted. */
async function pushes(
  history: (token: string) => ApnsHistoryEntry[],
  pushToken: string,
  count: number,
): Promise<ApnsHistoryEntry[]> {
  for (const deadline = Date.now() + PUSH_WITHIN_MS; Date.now() < deadline; await pause(20)) {
    const seen = history(pushToken);
    if (seen.length < count) continue;
    const refused = seen.filter(({ status, complaints }) => status !== 200 || complaints.length > 0);
    expectSame("pushes that Apple would object to", refused, []);
    return seen;
  }
  throw new Error(`push ${count} did not come within ${PUSH_WITHIN_MS / 1000} seconds`);
}

/** Asks until there is an answer. @throws Error if there is none in time */
async function within<Answer>(
  milliseconds: number,
  what: string,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await pause(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`${what} did not come within ${milliseconds / 1000} seconds`);
}

function expectUpdate(happened: WhatHappened, serialNumber: string, notifications: string[]): void {
  expectNoFailure(happened);
  expectSame("what was updated", happened.updated, [{ serialNumber, notifications }]);
}

function expectNoFailure({ failed }: WhatHappened): void {
  expectSame("what the phone could not do", failed, []);
}
