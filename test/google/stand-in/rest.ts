/**
 * Google's REST API under /walletobjects/v1. A request becomes a plan: which issuer it concerns, and what it does. Carrying out a plan
 * takes no time, so that it can be undone if it is refused.
 */
import type { Issuer, ServiceAccount } from "./accounts.ts";
import { planInsert, planValidate } from "./jwt-calls.ts";
import type { ApiRequest, Plan, World } from "./plans.ts";
import { badRequest, noSuchMethod, permissionDenied } from "./refusals.ts";
import { type GoogleType, type Kind, TYPES } from "./resources.ts";
import { checkIssuer, issuerOf } from "./save-link.ts";
import { isMembers } from "./shapes.ts";
import type { Address, Store, Stored } from "./store.ts";

const PREFIX = "/walletobjects/v1/";
const RESOURCE = new RegExp(`^(${TYPES.join("|")})(Class|Object)$`);

/** @throws GoogleRefusal */
export async function planCall(request: ApiRequest, account: ServiceAccount, world: World): Promise<Plan> {
  const { method, path } = request;
  if (!path.startsWith(PREFIX)) throw noSuchMethod(path);
  const [name = "", id, action, ...more] = path.slice(PREFIX.length).split("/").map(decodeURIComponent);
  const [, type, kind] = RESOURCE.exec(name) ?? [];
  if (type !== undefined && kind !== undefined && more.length === 0) {
    const resource = { type: type as GoogleType, kind: kind as Kind };
    if (id === undefined) return planCollection(request, resource, account, world);
    return planResource(request, { ...resource, id }, action, account, world);
  }
  if (method === "POST" && name === "jwt" && id === undefined) return planInsert(request, world);
  if (method === "POST" && name === "jwt" && id === "validate") return planValidate(request, account, world);
  if (name === "issuer" && action === undefined) return planIssuer(request, id, account, world);
  throw noSuchMethod(path);
}

function planCollection(
  { method, path, query, body }: ApiRequest,
  { type, kind }: Omit<Address, "id">,
  account: ServiceAccount,
  { accounts, store }: World,
): Plan {
  if (method === "POST") {
    const issuerId = issuerOf(isMembers(body) ? body.id : undefined);
    checkIssuer(accounts, account, issuerId);
    return { issuerId, run: () => shown(store.insert(type, kind, body), store) };
  }
  if (method !== "GET") throw noSuchMethod(path);

  const parameter = kind === "Class" ? "issuerId" : "classId";
  const owner = query.get(parameter);
  if (owner === null) throw badRequest(`${parameter} is required.`);
  const issuerId = kind === "Class" ? owner : issuerOf(owner);
  checkIssuer(accounts, account, issuerId);
  const isMeant = ({ resource }: Stored) =>
    kind === "Class" ? String(resource.id).startsWith(`${owner}.`) : resource.classId === owner;
  const first = Number(query.get("token") ?? 0);
  const most = Number(query.get("maxResults") ?? 100);
  return {
    issuerId,
    run() {
      const all = store.list(type, kind, isMeant);
      const page = all.slice(first, first + most);
      const next = first + most < all.length ? { nextPageToken: String(first + most) } : {};
      const pagination = { resultsPerPage: page.length, ...next };
      return { resources: page.map((stored) => shown(stored, store)), pagination };
    },
  };
}

function planResource(
  { method, path, body }: ApiRequest,
  address: Address,
  action: string | undefined,
  account: ServiceAccount,
  { accounts, store, now }: World,
): Plan {
  const issuerId = issuerOf(address.id);
  checkIssuer(accounts, account, issuerId);
  const { refusesMessages: refusesMore = false } = accounts.issuers.get(issuerId) ?? {};
  const run = () => {
    switch (`${method} ${action ?? ""}`) {
      case "GET ":
        return shown(store.get(address), store);
      case "PUT ":
        return shown(store.put(address, body, now()), store);
      case "PATCH ":
        return shown(store.patch(address, body, now()), store);
      case "POST addMessage":
        return { resource: shown(store.addMessage(address, body, now(), { refusesMore }), store) };
      default:
        throw noSuchMethod(path);
    }
  };
  return { issuerId, run };
}

/** A resource as Google shows it: with what it sets itself. */
function shown({ type, resource, users }: Stored, store: Store): unknown {
  if (resource.classId === undefined) return resource;
  const owner = store.find("Class", String(resource.classId));
  const reference = type === "generic" || owner === undefined ? {} : { classReference: owner.resource };
  return { ...resource, hasUsers: users > 0, ...reference };
}

function planIssuer(
  { method, path, body }: ApiRequest,
  id: string | undefined,
  account: ServiceAccount,
  { accounts }: World,
): Plan {
  const show = ({ issuerId, name, callbackOptions }: Issuer) => ({ issuerId, name, callbackOptions });
  if (id === undefined) {
    if (method !== "GET") throw noSuchMethod(path);
    const own = [...accounts.issuers.values()].filter(({ invited }) => invited.has(account.email));
    return { run: () => ({ resources: own.map(show) }) };
  }
  checkIssuer(accounts, account, id);
  const issuer = accounts.issuers.get(id);
  if (issuer === undefined) throw permissionDenied();
  if (method === "GET") return { issuerId: id, run: () => show(issuer) };
  if (method !== "PATCH" && method !== "PUT") throw noSuchMethod(path);
  const { callbackOptions = issuer.callbackOptions, name = issuer.name } = isMembers(body) ? body : {};
  return { issuerId: id, run: () => show(Object.assign(issuer, { callbackOptions, name: String(name) })) };
}
