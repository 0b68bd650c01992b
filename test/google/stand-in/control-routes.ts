/** The addresses under /control of the stand-in Google. control.ts has them as functions. */
import * as z from "zod";
import { faultSchema } from "./faults.ts";
import type { Google } from "./google.ts";
import { countKinds, type HistoryFilter } from "./history.ts";
import { TYPES } from "./resources.ts";

interface ControlRequest {
  readonly url: URL;
  readonly body: unknown;
}
/** The JSON of an answer. */
export type ControlRoutes = Readonly<Record<string, (request: ControlRequest) => unknown>>;

const text = z.string();
const newIssuer = z.strictObject({
  issuerId: z.string().regex(/^\d+$/).optional(),
  name: text.optional(),
  demoMode: z.boolean().optional(),
});
const newAccount = z.strictObject({
  projectId: text.optional(),
  accountName: text.optional(),
  invitedTo: z.array(text).optional(),
});
const issuerChange = z.strictObject({
  issuerId: text,
  name: text.optional(),
  demoMode: z.boolean().optional(),
  refusesMessages: z.boolean().optional(),
});
const projectChange = z.strictObject({
  projectId: text,
  apiEnabled: z.boolean().optional(),
  requestsPerSecond: z.int().positive().optional(),
});
const invitation = z.strictObject({ issuerId: text, email: text });
const callbackEvent = z.strictObject({
  eventType: z.enum(["save", "del"]),
  classId: text,
  objectId: text,
  count: z.int().optional(),
  nonce: text.optional(),
  expTimeMillis: z.int().optional(),
  flaw: z.enum(["stranger", "intermediate-expired", "signature", "other-issuer"]).optional(),
});

export function controlRoutes(google: Google): ControlRoutes {
  const { accounts, tokens, store, faults, history, callbacks, world } = google;
  const issuer = (issuerId: string) => {
    const known = accounts.issuers.get(issuerId);
    if (known === undefined) throw new Error(`There is no issuer ${issuerId}.`);
    return known;
  };
  return {
    "POST /control/issuers": ({ body }) => {
      const { issuerId } = accounts.registerIssuer(newIssuer.parse(body));
      return { issuerId };
    },
    "POST /control/issuers/change": ({ body }) => {
      const { issuerId, ...change } = issuerChange.parse(body);
      Object.assign(issuer(issuerId), change);
      return {};
    },
    "POST /control/accounts": ({ body }) => accounts.createServiceAccount(newAccount.parse(body)),
    "POST /control/keys": ({ body }) => accounts.createKey(z.strictObject({ email: text }).parse(body).email),
    "POST /control/keys/delete": ({ body }) => {
      const { email, privateKeyId } = z.strictObject({ email: text, privateKeyId: text }).parse(body);
      accounts.deleteKey(email, privateKeyId);
      return {};
    },
    "POST /control/projects/change": ({ body }) => {
      const { projectId, ...change } = projectChange.parse(body);
      Object.assign(accounts.project(projectId), change);
      return {};
    },
    "POST /control/invite": ({ body }) => {
      const { issuerId, email } = invitation.parse(body);
      accounts.invite(issuerId, email);
      return {};
    },
    "POST /control/uninvite": ({ body }) => {
      const { issuerId, email } = invitation.parse(body);
      accounts.uninvite(issuerId, email);
      return {};
    },
    "POST /control/tokens/expire": ({ body }) => {
      tokens.expire(z.strictObject({ email: text }).parse(body).email);
      return {};
    },
    "POST /control/faults": ({ body }) => {
      faults.add(faultSchema.parse(body));
      return {};
    },
    "GET /control/history": ({ url }) => ({ items: history.list(filterOf(url)) }),
    "GET /control/counts": ({ url }) => countKinds(history.list(filterOf(url))),
    "GET /control/stored": ({ url }) => {
      const issuerId = url.searchParams.get("issuerId");
      const stored = (kind: "Class" | "Object") =>
        TYPES.flatMap((type) =>
          store.list(type, kind, ({ resource }) => String(resource.id).startsWith(`${issuerId}.`)),
        );
      return {
        classes: stored("Class").map(({ type, resource, notified }) => ({ ...resource, type, notified })),
        objects: stored("Object").map(({ type, resource, users, notified }) => ({
          ...{ ...resource, type, users, notified },
        })),
      };
    },
    "POST /control/remove": ({ body }) => {
      google.remove(z.strictObject({ objectId: text }).parse(body).objectId);
      return {};
    },
    "POST /control/callbacks": ({ body }) => callbacks.sign(callbackEvent.parse(body), world.now()),
    "POST /control/reset": () => {
      google.reset();
      return {};
    },
  };
}

function filterOf({ searchParams }: URL): HistoryFilter {
  const { account, issuerId, kind } = Object.fromEntries(searchParams);
  return { account, issuerId, kind };
}
