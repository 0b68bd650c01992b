/**
 * The classes and objects at Google. A resource is replaced and never changed, so that a snapshot is a copy of two maps.
 */
import { changesNotifying, notify } from "./notifications.ts";
import {
  alreadyExists,
  badRequest,
  badResource,
  type GoogleRefusal,
  notFound,
  tooManyMessages,
  tooManyNotifications,
} from "./refusals.ts";
import { faultsOf, faultsOfMessage, type GoogleType, type Kind } from "./resources.ts";
import { isMembers, type Json, type JsonMembers } from "./shapes.ts";

export interface Stored {
  readonly type: GoogleType;
  readonly resource: JsonMembers;
  /** How many visitors have saved the object. */
  readonly users: number;
  /** When holders were notified, in milliseconds. */
  readonly notified: readonly number[];
}

/** The part of a request that says which resource it means. */
export interface Address {
  readonly type: GoogleType;
  readonly kind: Kind;
  readonly id: string;
}

export interface SavedStore {
  readonly Class: readonly (readonly [string, Stored])[];
  readonly Object: readonly (readonly [string, Stored])[];
}

/** Google sets these itself, and ignores them in a request. */
const READ_ONLY = ["hasUsers", "hasLinkedDevice", "classReference"];
/** It applies to the one request. */
const EPHEMERAL = ["notifyPreference"];
const MAX_MESSAGES = 10;

export class Store {
  #resources: Record<Kind, Map<string, Stored>>;

  constructor(saved?: SavedStore) {
    this.#resources = { Class: new Map(saved?.Class), Object: new Map(saved?.Object) };
  }

  /** What `restore` goes back to. */
  snapshot(): () => void {
    const { Class, Object: objects } = this.#resources;
    const copy = { Class: new Map(Class), Object: new Map(objects) };
    return () => {
      this.#resources = copy;
    };
  }

  save(): SavedStore {
    return { Class: [...this.#resources.Class], Object: [...this.#resources.Object] };
  }

  clear(): void {
    this.#resources = { Class: new Map(), Object: new Map() };
  }

  find(kind: Kind, id: string): Stored | undefined {
    return this.#resources[kind].get(id);
  }

  /** @throws GoogleRefusal if there is none of this type */
  get({ type, kind, id }: Address): Stored {
    const stored = this.find(kind, id);
    if (stored === undefined || stored.type !== type) throw notFound(kind, id);
    return stored;
  }

  /** In the order in which they were inserted. */
  list(type: GoogleType, kind: Kind, isMeant: (stored: Stored) => boolean): Stored[] {
    return [...this.#resources[kind].values()].filter((stored) => stored.type === type && isMeant(stored));
  }

  insert(type: GoogleType, kind: Kind, body: Json): Stored {
    const resource = this.#accept(type, kind, withoutNulls(body));
    const id = String(resource.id);
    if (this.find(kind, id)) throw alreadyExists(kind, id);
    return this.#keep(kind, { type, resource, users: 0, notified: [] });
  }

  /** Replaces all: what is left out is lost. */
  put(address: Address, body: Json, now: number): Stored {
    const stored = this.get(address);
    const resource = this.#accept(address.type, address.kind, withoutNulls(body), address.id);
    return this.#update(address, stored, resource, body, now);
  }

  /** Merges objects; arrays are replaced whole, and null removes. */
  patch(address: Address, body: Json, now: number): Stored {
    const stored = this.get(address);
    if (!isMembers(body)) throw badRequest("Request contains an invalid argument.");
    const { reviewStatus, ...before } = stored.resource;
    // Google does not take over the status that it has set itself, so a PATCH has to ask for the review as an insert does.
    if (reviewStatus !== undefined && body.reviewStatus === undefined) throw badReviewStatus(reviewStatus);
    const merged = mergePatch(before, body);
    const resource = this.#accept(address.type, address.kind, merged, address.id);
    return this.#update(address, stored, resource, body, now);
  }

  /** Notifies of what changed, if the request asks for it. */
  #update({ type, kind }: Address, stored: Stored, resource: JsonMembers, body: Json, now: number): Stored {
    const isAsked = isMembers(body) && body.notifyPreference === "NOTIFY_ON_UPDATE";
    const isNotified = isAsked && changesNotifying(`${type}${kind}`, stored.resource, resource);
    const notified = isNotified
      ? notify(this.#notified(stored), now, tooManyNotifications())
      : stored.notified;
    return this.#keep(kind, { ...stored, resource, notified });
  }

  #notified({ notified, resource }: Stored) {
    const owner = this.find("Class", String(resource.classId));
    return { own: notified, ofClass: owner?.notified ?? [] };
  }

  /**
   * A message with the id of an earlier one replaces it, and never notifies again (a guess). Of more than ten, the last ten are kept,
   * or the eleventh is refused (guesses).
   */
  addMessage(address: Address, body: Json, now: number, { refusesMore = false } = {}): Stored {
    const stored = this.get(address);
    const message = isMembers(body) ? body.message : undefined;
    const faults = faultsOfMessage(message);
    if (faults.length > 0 || !isMembers(message)) throw badResource(faults);
    const { messages } = stored.resource;
    const earlier = Array.isArray(messages) ? messages.filter(isMembers) : [];
    const others = earlier.filter(({ id }) => id === undefined || id !== message.id);
    if (refusesMore && others.length >= MAX_MESSAGES) throw badRequest("There are 10 messages already.");
    const notifies = message.messageType === "TEXT_AND_NOTIFY" && others.length === earlier.length;
    const refusal = tooManyMessages(address.kind, address.id);
    const notified = notifies ? notify(this.#notified(stored), now, refusal) : stored.notified;
    const resource = { ...stored.resource, messages: [...others, message].slice(-MAX_MESSAGES) };
    return this.#keep(address.kind, { ...stored, resource, notified });
  }

  /** A visitor has added the object to the wallet, or removed it. */
  countUser(id: string, change: 1 | -1): Stored {
    const stored = this.find("Object", id);
    if (stored === undefined) throw notFound("Object", id);
    return this.#keep("Object", { ...stored, users: Math.max(0, stored.users + change) });
  }

  #keep(kind: Kind, stored: Stored): Stored {
    this.#resources[kind].set(String(stored.resource.id), stored);
    return stored;
  }

  /** @param id that of the stored resource, which cannot change */
  #accept(type: GoogleType, kind: Kind, body: Json, id?: string): JsonMembers {
    const resource = isMembers(body) ? omit(body, READ_ONLY) : body;
    const faults = faultsOf(type, kind, resource);
    if (faults.length > 0 || !isMembers(resource)) throw badResource(faults);
    if (id !== undefined && resource.id !== id) throw badRequest(`Invalid resource ID: ${resource.id}.`);
    if (kind === "Object") this.#checkClass(type, String(resource.classId));
    return review(omit(resource, EPHEMERAL));
  }

  #checkClass(type: GoogleType, classId: string): void {
    const owner = this.find("Class", classId);
    if (owner === undefined) throw notFound("Class", classId);
    if (owner.type !== type)
      throw badRequest(
        `The class ${classId} is a ${owner.type}Class. It must be of the same type as the object.`,
      );
    const { reviewStatus = "APPROVED" } = owner.resource;
    if (reviewStatus !== "APPROVED")
      throw badRequest(`The class ${classId} must be approved. Its review status is ${reviewStatus}.`);
  }
}

/** Google approves at once. A draft stays a draft, and a client cannot approve. */
function review(resource: JsonMembers): JsonMembers {
  const { reviewStatus } = resource;
  if (reviewStatus === undefined || reviewStatus === "DRAFT") return resource;
  if (reviewStatus !== "UNDER_REVIEW") throw badReviewStatus(reviewStatus);
  return { ...resource, reviewStatus: "APPROVED" };
}

function badReviewStatus(status: Json): GoogleRefusal {
  return badRequest(`Invalid review status Optional[${status}].`);
}

function omit(members: JsonMembers, names: readonly string[]): JsonMembers {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

/** In JSON, null means that a member is not set. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  const given = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(given.map(([name, member]) => [name, withoutNulls(member)]));
}

function mergePatch(before: Json, patch: Json): Json {
  if (!isMembers(patch) || !isMembers(before)) return withoutNulls(patch);
  const merged = Object.entries(patch).map(([name, value]) => [name, mergePatch(before[name], value)]);
  const removed = Object.keys(patch).filter((name) => patch[name] === null);
  return omit({ ...before, ...Object.fromEntries(merged) }, removed);
}
