/** The calls that take the JWT of a link: `/jwt`, `/jwt/validate`, and the link itself. */
import { randomBytes } from "node:crypto";
import type { ServiceAccount } from "./accounts.ts";
import type { ApiRequest, Plan, World } from "./plans.ts";
import { badRequest, notFound } from "./refusals.ts";
import { insertParts, issuerOf, partName, readPayload, readSaveLink } from "./save-link.ts";
import { isMembers, type Json } from "./shapes.ts";
import type { Stored } from "./store.ts";

/** `POST /jwt`: inserts what a link would insert, and answers a short link. */
export async function planInsert(
  { body }: ApiRequest,
  { origin, accounts, store, links, now }: World,
): Promise<Plan> {
  const jwt = isMembers(body) && typeof body.jwt === "string" ? body.jwt : undefined;
  if (jwt === undefined) throw badRequest("jwt is required.");
  const { account, parts } = await readSaveLink(jwt, accounts, now());
  return {
    issuerId: issuerOf(parts[0]?.resource.id),
    run() {
      insertParts(parts, account, accounts, store);
      const link = randomBytes(16).toString("hex");
      links.set(link, jwt);
      const resources = Map.groupBy(parts, partName);
      return {
        saveUri: `${origin}/gp/v/save/${link}`,
        resources: Object.fromEntries(
          [...resources].map(([name, list]) => [
            name,
            list.map(({ kind, resource }) => store.find(kind, String(resource.id))?.resource),
          ]),
        ),
      };
    },
  };
}

/** `POST /jwt/validate`: whether Google would insert it. The answer is empty, and nothing is inserted. */
export async function planValidate(
  { body }: ApiRequest,
  account: ServiceAccount,
  world: World,
): Promise<Plan> {
  const { accounts, store, now } = world;
  const { jsonResource, jwtResource, ...others } = isMembers(body) ? body : {};
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined)
    throw badRequest(`Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
  if ((jsonResource === undefined) === (jwtResource === undefined))
    throw badRequest("Exactly one of jsonResource and jwtResource must be set.");
  const parts = isMembers(jwtResource)
    ? (await readSaveLink(String(jwtResource.jwt), accounts, now())).parts
    : readPayload(payloadOf(jsonResource));
  return {
    issuerId: issuerOf(parts[0]?.resource.id),
    run() {
      const restore = store.snapshot();
      try {
        insertParts(parts, account, accounts, store);
      } finally {
        restore();
      }
      return {};
    },
  };
}

/** The JSON is that of all claims, or that of the payload alone. */
function payloadOf(jsonResource: Json): Json {
  const text = isMembers(jsonResource) ? jsonResource.json : undefined;
  if (typeof text !== "string") throw badRequest("jsonResource.json is required.");
  try {
    const json: Json = JSON.parse(text);
    return isMembers(json) && json.payload !== undefined ? json.payload : json;
  } catch {
    throw badRequest("jsonResource.json is no JSON.");
  }
}

/** The card that a link saves. @throws GoogleRefusal */
export async function planSave(
  link: string,
  { accounts, store, links, now }: World,
): Promise<{ account: string; issuerId: string; run(): Stored[] }> {
  const { account, parts } = await readSaveLink(links.get(link) ?? link, accounts, now());
  return {
    account: account.email,
    issuerId: issuerOf(parts[0]?.resource.id),
    run() {
      const objects = insertParts(parts, account, accounts, store);
      if (objects.length === 0) throw badRequest("The link has no object to save.");
      return objects.map(({ resource }) => store.countUser(String(resource.id), 1));
    },
  };
}

/** The saved object of this id. @throws GoogleRefusal */
export function savedObject(id: string, { store }: World): Stored {
  const stored = store.find("Object", id);
  if (stored === undefined || stored.users === 0) throw notFound("Object", id);
  return stored;
}
