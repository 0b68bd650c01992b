/**
 * The stand-in Google without its sockets: answers requests, records them, and lets a test change the accounts and request faults.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Accounts, createAccounts, type SavedAccounts, type ServiceAccount } from "./accounts.ts";
import { readBatch, writeBatch } from "./batch.ts";
import { type CallbackEvent, type CallbackSigner, createCallbackSigner } from "./callbacks.ts";
import { createFaults, type GoogleFault } from "./faults.ts";
import { callKind, createHistory, type HistoryEntry } from "./history.ts";
import { planSave, savedObject } from "./jwt-calls.ts";
import type { Plan, World } from "./plans.ts";
import { createRateLimit } from "./rate.ts";
import {
  apiDisabled,
  badRequest,
  errorBody,
  GoogleRefusal,
  rateLimited,
  unauthenticated,
} from "./refusals.ts";
import { planCall } from "./rest.ts";
import { cardTitle, refusedPage, savedPage } from "./save-page.ts";
import { type SavedStore, Store, type Stored } from "./store.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import {
  faulty,
  htmlAnswer,
  isSlowSuccess,
  jsonAnswer,
  type Outcome,
  type WireAnswer,
  type WireRequest,
} from "./wire.ts";

export interface Google {
  readonly world: World;
  readonly accounts: Accounts;
  readonly store: Store;
  readonly tokens: Tokens;
  readonly faults: ReturnType<typeof createFaults>;
  readonly history: ReturnType<typeof createHistory>;
  readonly callbacks: CallbackSigner;
  /** Every address but those under /control. */
  answer(request: WireRequest): Promise<Outcome>;
  /** Removes history, faults, classes and objects. Issuers and accounts stay. */
  reset(): void;
  /** A visitor removes the object from the wallet. */
  remove(objectId: string): void;
  /** All but history, faults and access tokens. */
  save(): string;
}

/** A checked request. @throws GoogleRefusal if it cannot be carried out */
interface Carried {
  run(): WireAnswer;
  /** What a success has as its consequence. */
  after?(): void;
}

/** What a visitor has done, as Google's callbacks say it. */
export type Visited = Pick<CallbackEvent, "eventType" | "classId" | "objectId">;

export interface GoogleParts {
  readonly origin: string;
  readonly now: () => number;
  /** The output of `save()`. */
  readonly saved?: string | undefined;
  readonly onVisit?: ((visited: Visited) => void) | undefined;
}

interface Saved {
  readonly accounts: SavedAccounts;
  readonly store: SavedStore;
  readonly callbackKey: string;
}

export function createGoogle({ origin, now, saved: savedText, onVisit }: GoogleParts): Google {
  const saved: Saved | undefined = savedText === undefined ? undefined : JSON.parse(savedText);
  const accounts = createAccounts(saved?.accounts);
  const store = new Store(saved?.store);
  const tokens = createTokens(accounts, origin);
  const faults = createFaults();
  const history = createHistory();
  const callbacks = createCallbackSigner(saved?.callbackKey);
  const rate = createRateLimit();
  const world: World = { origin, accounts, store, links: new Map(), now };

  /** Who sends the request. @throws GoogleRefusal */
  function authorize({ headers }: WireRequest, entry: HistoryEntry): ServiceAccount {
    const [, token = ""] = /^Bearer (\S+)$/.exec(String(headers.authorization ?? "")) ?? [];
    const account = accounts.serviceAccounts.get(tokens.owner(token, now()) ?? "");
    if (account === undefined) throw unauthenticated();
    entry.account = account.email;
    const project = accounts.project(account.projectId);
    if (!project.apiEnabled) throw apiDisabled(project.projectNumber);
    if (!rate.allows(project.projectId, project.requestsPerSecond, now()))
      throw rateLimited(project.projectNumber);
    return account;
  }

  /** Checks the request as far as that is possible without doing anything. */
  async function plan(request: WireRequest, url: URL, entry: HistoryEntry): Promise<Carried> {
    if (url.pathname === "/token") {
      if (request.method !== "POST") throw badRequest("The method must be POST.");
      const account = await tokens.verify(new URLSearchParams(request.body), now());
      entry.account = account.email;
      return { run: () => jsonAnswer(tokens.grant(account, now())) };
    }
    if (entry.kind === "save") {
      const { account, ...saving } = await planSave(url.pathname.slice("/gp/v/save/".length), world);
      entry.account = account;
      entry.issuerId = saving.issuerId;
      let objects: Stored[] = [];
      return {
        run() {
          objects = saving.run();
          return htmlAnswer(savedPage(objects.map(shownCard)));
        },
        after() {
          for (const stored of objects) visit("save", stored);
        },
      };
    }
    const account = authorize(request, entry);
    const { method } = request;
    const call = { method, path: url.pathname, query: url.searchParams, body: readBody(request.body) };
    const planned: Plan = await planCall(call, account, world);
    entry.issuerId = planned.issuerId;
    return { run: () => jsonAnswer(planned.run()) };
  }

  const shownCard = (stored: Stored) => ({
    id: String(stored.resource.id),
    title: cardTitle(stored, accounts, store),
  });

  function visit(eventType: Visited["eventType"], { resource }: Stored): void {
    onVisit?.({ eventType, objectId: String(resource.id), classId: String(resource.classId) });
  }

  /** All of it happens, or nothing. */
  function carryOut({ run, after }: Carried): WireAnswer {
    const restore = store.snapshot();
    try {
      const answer = run();
      after?.();
      return answer;
    } catch (error) {
      restore();
      throw error;
    }
  }

  /** A request that Google would refuse is refused, so that a fault never hides it. */
  async function withFault(planned: Carried, fault: GoogleFault): Promise<Outcome> {
    const { performed = false } = fault;
    const answer = performed ? carryOut(planned) : rehearse(planned);
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (!isSlowSuccess(fault)) return faulty(fault);
    return performed ? answer : carryOut(planned);
  }

  function rehearse({ run }: Carried): WireAnswer {
    const restore = store.snapshot();
    try {
      return run();
    } finally {
      restore();
    }
  }

  async function answerCall(request: WireRequest): Promise<Outcome> {
    const url = new URL(request.target, origin);
    const { method, headers, body } = request;
    const { pathname: path } = url;
    const kind = callKind(method, path);
    const referer = headers.referer === undefined ? undefined : String(headers.referer);
    const entry: HistoryEntry = {
      at: now(),
      kind,
      method,
      path,
      body: recorded(kind, body),
      referer,
      status: 0,
    };
    history.add(entry);
    try {
      const planned = await plan(request, url, entry);
      const fault = faults.take({ method, path, account: entry.account });
      const outcome = fault === undefined ? carryOut(planned) : await withFault(planned, fault);
      entry.status = typeof outcome === "string" ? 0 : outcome.status;
      return outcome;
    } catch (error) {
      if (!(error instanceof GoogleRefusal)) throw error;
      entry.refusal = error.message;
      const isPage = kind === "save";
      const refused = isPage
        ? htmlAnswer(refusedPage(error.message), 400)
        : jsonAnswer(error.body, error.status);
      entry.status = refused.status;
      return refused;
    }
  }

  async function answerBatch(request: WireRequest): Promise<WireAnswer> {
    const { authorization } = request.headers;
    const parts = readBatch(String(request.headers["content-type"] ?? ""), request.body);
    const answers: WireAnswer[] = [];
    for (const { method, target, body } of parts) {
      const answer = await answerCall({ method, target, headers: { authorization }, body });
      answers.push(
        typeof answer === "string" ? jsonAnswer(errorBody(500, answer, "backendError"), 500) : answer,
      );
    }
    const boundary = `batch_${randomUUID()}`;
    const headers = { "content-type": `multipart/mixed; boundary=${boundary}` };
    return { status: 200, headers, body: writeBatch(boundary, answers) };
  }

  return {
    ...{ world, accounts, store, tokens, faults, history, callbacks },
    async answer(request) {
      try {
        const { pathname } = new URL(request.target, origin);
        if (pathname === "/batch") return await answerBatch(request);
        if (pathname === "/gp/m/issuer/keys") return jsonAnswer(callbacks.rootKeys(now()));
        if (pathname.startsWith("/gp/v/object/")) {
          const stored = savedObject(decodeURIComponent(pathname.slice("/gp/v/object/".length)), world);
          return htmlAnswer(savedPage([shownCard(stored)]));
        }
        return await answerCall(request);
      } catch (error) {
        if (!(error instanceof GoogleRefusal)) throw error;
        return jsonAnswer(error.body, error.status);
      }
    },
    reset() {
      store.clear();
      history.clear();
      faults.clear();
    },
    remove: (objectId) => visit("del", store.countUser(objectId, -1)),
    save(): string {
      const all: Saved = { accounts: accounts.save(), store: store.save(), callbackKey: callbacks.save() };
      return JSON.stringify(all);
    },
  };
}

/** The JSON of a body. @throws GoogleRefusal */
function readBody(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest("Invalid JSON payload received. Unexpected token.");
  }
}

/** What the history shows of a body. */
function recorded(kind: string, body: string): unknown {
  if (kind === "token") return Object.fromEntries(new URLSearchParams(body));
  try {
    return body === "" ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}
