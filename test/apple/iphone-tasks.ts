/**
 * The tasks with which passd updates passes: register, unregister, list, fetch, personalize. Each task makes one
 * request, checks the response, and starts the tasks that iOS starts next. A failure is only reported; the caller
 * stores the task for a retry.
 *
 * Follows Apple's "Adding a Web Service to Update Passes". Where it says nothing, follows the observed behaviour of iOS
 * 16 and 17.
 */
import { ODDITIES, REASONS } from "./complaints.ts";
import { InvalidPass, readJsonObject } from "./iphone-invalid-pass.ts";
import { objectionToAnswer, type SignUpInfo } from "./iphone-sign-up.ts";
import {
  type InstalledPass,
  installedKey,
  notifications,
  randomHex,
  together,
  type WebService,
  type WhatHappened,
  webServiceOf,
} from "./iphone-state.ts";
import { type Answer, type CallDetails, type CallName, endpoint } from "./iphone-wire.ts";
import { type CheckedPass, checkPass } from "./pkpass.ts";

export type Task =
  | { kind: "register"; pass: InstalledPass; isReAdded: boolean; listsAfter: boolean }
  | { kind: "unregister"; pass: InstalledPass }
  /** `fetchedAnyway` is a pass that the same event fetches, so it is not fetched again if it is listed. */
  | { kind: "list"; service: WebService; fetchedAnyway?: InstalledPass }
  /** `isListed`: the server listed the pass in answer to a tag, so it should have changed. */
  | { kind: "pass"; pass: InstalledPass; isListed: boolean }
  /** Never repeated, because its owner fills in the form again. */
  | { kind: "personalize"; pass: InstalledPass; info: SignUpInfo };

type TaskOf<Kind extends Task["kind"]> = Extract<Task, { kind: Kind }>;

export type Failure = Extract<Answer, { kind: "failed" }>;
export type Outcome = { kind: "done"; happened: Partial<WhatHappened> } | Failure;

/** The functions of the daemon that the tasks need. */
export interface Daemon {
  readonly passes: ReadonlyMap<string, InstalledPass>;
  /** When each pass that is no longer registered was deleted or switched off, by {@link installedKey}. */
  readonly unregisteredAt: Map<string, number>;
  readonly pushToken: string;
  readonly rootPem: string | Uint8Array;
  readonly language: string;
  readonly now: () => number;
  send(call: CallName, url: string, details: CallDetails): Promise<Answer>;
  /** Runs a task that follows from this one, with its own retries. */
  run(task: Task): Promise<WhatHappened>;
  service(passTypeIdentifier: string, webServiceURL: string): WebService;
  /** Logs that a response was allowed but unusual. */
  noteOddity(service: WebService, text: string): void;
}

/** Within these periods iOS treats an unusual response as a race and does not log it. Milliseconds. */
export const UNCHANGED_GRACE = 300_000;
const UNREGISTERED_GRACE = 3_600_000;

export async function perform(task: Task, daemon: Daemon): Promise<Outcome> {
  switch (task.kind) {
    case "register":
      return register(task, daemon);
    case "unregister":
      return unregister(task, daemon);
    case "list":
      return list(task, daemon);
    case "pass":
      return fetchPass(task, daemon);
    case "personalize":
      return personalize(task, daemon);
  }
}

/** The row and token that are used to update `pass`. */
export function updateSource(
  pass: InstalledPass,
  daemon: Pick<Daemon, "service">,
): { service: WebService; authenticationToken: string } {
  const source = webServiceOf(pass);
  if (!source) throw new Error(`pass ${pass.serialNumber} has no web service`);
  const service = daemon.service(pass.passTypeIdentifier, source.webServiceURL);
  return { service, authenticationToken: source.authenticationToken };
}

async function register(task: TaskOf<"register">, daemon: Daemon): Promise<Outcome> {
  const { pass, isReAdded, listsAfter } = task;
  const { service, authenticationToken } = updateSource(pass, daemon);
  const hadTag = service.tag !== undefined;
  const json = { pushToken: daemon.pushToken };
  const answer = await daemon.send("register", registrationUrl(service, pass), { authenticationToken, json });
  if (answer.kind === "failed") return answer;
  daemon.unregisteredAt.delete(installedKey(pass));
  const registered = [{ serialNumber: pass.serialNumber, status: answer.status }];
  if (!listsAfter) return { kind: "done", happened: { registered } };
  if (!hadTag && !isReAdded) {
    const listed = await daemon.run({ kind: "list", service });
    return { kind: "done", happened: { ...listed, registered } };
  }
  // The response for a tag need not contain a pass that was only now added, so it is fetched as well.
  const followUps = await Promise.all([
    daemon.run({ kind: "list", service, fetchedAnyway: pass }),
    daemon.run({ kind: "pass", pass, isListed: false }),
  ]);
  return { kind: "done", happened: { ...together(followUps), registered } };
}

async function unregister({ pass }: TaskOf<"unregister">, daemon: Daemon): Promise<Outcome> {
  const { service, authenticationToken } = updateSource(pass, daemon);
  const answer = await daemon.send("unregister", registrationUrl(service, pass), { authenticationToken });
  if (answer.kind === "failed") return answer;
  return { kind: "done", happened: { unregistered: [pass.serialNumber] } };
}

async function list({ service, fetchedAnyway }: TaskOf<"list">, daemon: Daemon): Promise<Outcome> {
  const { passTypeIdentifier, webServiceURL, deviceLibraryIdentifier, tag } = service;
  const path = ["devices", deviceLibraryIdentifier, "registrations", passTypeIdentifier];
  const answer = await daemon.send("list", endpoint(webServiceURL, path, tag), {});
  if (answer.kind === "failed") return answer;
  if (answer.status === 204) return { kind: "done", happened: {} };
  const whatChanged = parseWhatChanged(answer.body);
  if ("kind" in whatChanged) return whatChanged;
  const { serialNumbers: listed, lastUpdated } = whatChanged;
  if (lastUpdated === undefined) daemon.noteOddity(service, ODDITIES.noLastUpdated(listed.length));
  else {
    if (lastUpdated === tag && listed.length > 0) {
      daemon.noteOddity(service, ODDITIES.sameLastUpdated(listed.length, tag));
    }
    service.tag = lastUpdated;
    service.tagAt = daemon.now();
  }
  const fetches = listed.flatMap((serialNumber) => {
    const key = installedKey({ passTypeIdentifier, serialNumber });
    const pass = daemon.passes.get(key);
    if (pass?.automaticUpdates && webServiceOf(pass)?.webServiceURL === webServiceURL) {
      return pass === fetchedAnyway ? [] : [daemon.run({ kind: "pass", pass, isListed: tag !== undefined })];
    }
    const goneAt = daemon.unregisteredAt.get(key);
    if (goneAt === undefined || daemon.now() - goneAt > UNREGISTERED_GRACE) {
      daemon.noteOddity(service, ODDITIES.unregisteredSerialNumber(serialNumber));
    }
    return [];
  });
  return { kind: "done", happened: { ...together(await Promise.all(fetches)), listed } };
}

async function fetchPass({ pass, isListed }: TaskOf<"pass">, daemon: Daemon): Promise<Outcome> {
  const { service, authenticationToken } = updateSource(pass, daemon);
  const { passTypeIdentifier, serialNumber, lastModified: ifModifiedSince } = pass;
  const url = endpoint(service.webServiceURL, ["passes", passTypeIdentifier, serialNumber]);
  const answer = await daemon.send("pass", url, { authenticationToken, ifModifiedSince });
  if (answer.kind === "failed") return answer;
  const received = answer.status === 304 ? undefined : await readPass(answer.body, pass, daemon);
  if (received && "kind" in received) return received;
  // The pass was deleted or replaced in the meantime, so the response is no longer needed.
  if (daemon.passes.get(installedKey(pass)) !== pass) return { kind: "done", happened: {} };

  const isUnchanged = !received || received.manifestHash === pass.manifestHash;
  if (isUnchanged && isListed && daemon.now() - pass.changedAt >= UNCHANGED_GRACE) {
    daemon.noteOddity(service, ODDITIES.updateWithoutChange(serialNumber));
  }
  if (!received) return { kind: "done", happened: { notModified: [serialNumber] } };

  if (answer.lastModified === undefined) daemon.noteOddity(service, ODDITIES.noLastModified(serialNumber));
  pass.lastModified = answer.lastModified;
  if (isUnchanged) {
    if (ifModifiedSince !== undefined) {
      daemon.noteOddity(service, ODDITIES.ignoredIfModifiedSince(ifModifiedSince, serialNumber));
    }
    return { kind: "done", happened: { unchanged: [serialNumber] } };
  }
  const texts = notifications(pass, received, daemon.language);
  Object.assign(pass, received, { changedAt: daemon.now() });
  pass.changes.push(...texts);
  return { kind: "done", happened: { updated: [{ serialNumber, notifications: texts }] } };
}

/** Sends the input with a new token, and then fetches the pass that the signature of the token promises. */
async function personalize({ pass, info }: TaskOf<"personalize">, daemon: Daemon): Promise<Outcome> {
  const { service, authenticationToken } = updateSource(pass, daemon);
  const { passTypeIdentifier, serialNumber, lastModified: ifModifiedSince, manifestHash } = pass;
  const url = endpoint(service.webServiceURL, ["passes", passTypeIdentifier, serialNumber, "personalize"]);
  const personalizationToken = randomHex(48);
  const json = { personalizationToken, requiredPersonalizationInfo: info };
  const answer = await daemon.send("personalize", url, { authenticationToken, ifModifiedSince, json });
  if (answer.kind === "failed") return answer;
  const at = new Date(daemon.now());
  const objection = await objectionToAnswer(pass, personalizationToken, answer.body, daemon.rootPem, at);
  if (objection !== undefined) return refusal(REASONS.invalidTokenSignature(objection));
  const fetched = await daemon.run({ kind: "pass", pass, isListed: false });
  if (pass.manifestHash === manifestHash || pass.files["personalization.json"]) {
    daemon.noteOddity(service, ODDITIES.personalizedWithoutChange(serialNumber));
  }
  return { kind: "done", happened: { ...fetched, personalized: [serialNumber] } };
}

/** Checks a bundle that was sent for a pass completely, or returns why it is not accepted. */
async function readPass(
  bytes: Uint8Array,
  { passTypeIdentifier, serialNumber }: InstalledPass,
  { rootPem, now }: Daemon,
): Promise<CheckedPass | Failure> {
  try {
    const received = await checkPass(bytes, { rootPem, at: new Date(now()) });
    const { passTypeIdentifier: type, serialNumber: serial } = received.pass;
    if (type !== passTypeIdentifier) return refusal(REASONS.otherPassType(passTypeIdentifier, String(type)));
    if (serial !== serialNumber) return refusal(REASONS.otherSerialNumber(serialNumber, String(serial)));
    return received;
  } catch (error) {
    if (!(error instanceof InvalidPass)) throw error;
    return refusal(REASONS.invalidPass(error.message));
  }
}

/** Reads the response to "What changed?". The types are mandatory; a missing lastUpdated is only unusual. */
export function parseWhatChanged(
  body: Uint8Array,
): { serialNumbers: string[]; lastUpdated: string | undefined } | Failure {
  try {
    const { serialNumbers, lastUpdated } = readJsonObject(body, "the answer");
    const isList = Array.isArray(serialNumbers) && serialNumbers.every((item) => typeof item === "string");
    if (!isList) return refusal(REASONS.malformed("serialNumbers is not an array of strings"));
    if (lastUpdated !== undefined && typeof lastUpdated !== "string") {
      return refusal(REASONS.malformed("lastUpdated is not a string"));
    }
    return { serialNumbers, lastUpdated };
  } catch (error) {
    if (!(error instanceof InvalidPass)) throw error;
    return refusal(REASONS.malformed(error.message));
  }
}

function refusal(reason: string): Failure {
  return { kind: "failed", reason, isPosted: true };
}

function registrationUrl(service: WebService, { passTypeIdentifier, serialNumber }: InstalledPass): string {
  const { webServiceURL, deviceLibraryIdentifier } = service;
  const path = ["devices", deviceLibraryIdentifier, "registrations", passTypeIdentifier, serialNumber];
  return endpoint(webServiceURL, path);
}
