/**
 * The link at which a holder saves a pass in Google Wallet. It is made at the click: Google gets the class and the object first, as
 * far as they differ from what it has, and the link then only names the object. If Google takes no calls at the moment, the link has
 * all of both, and Google makes them when it is opened.
 */
import { eq } from "drizzle-orm";
import type { Config } from "../config.ts";
import { batchOf } from "../db/batch.ts";
import { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { renderClass, renderObject } from "../google/render.ts";
import type { GoogleCaller } from "../google-wallet/access-token.ts";
import { ensureClass, expectClass, type Shared, sharedSourceOf } from "../google-wallet/classes.ts";
import { type IssuerRow, selectIssuers } from "../google-wallet/issuers.ts";
import { ensureObject, expectObject } from "../google-wallet/objects.ts";
import type { GoogleFailure } from "../google-wallet/problems.ts";
import { makeSaveLink, type SavedResources } from "../google-wallet/save-link.ts";
import { googlePassOf } from "./google-source.ts";
import type { LoadedPass } from "./load.ts";

/** What a click needs. */
interface Clicked extends GoogleCaller {
  readonly config: Pick<Config, "secrets" | "google" | "publicOrigin">;
}

/**
 * The first click costs two calls, and later ones none. The token comes to that once an hour.
 * @throws ApiError google_not_offered without an issuer, google_unavailable if Google or the issuer's key refuses
 */
export async function googleLinkOf(clicked: Clicked, loaded: LoadedPass): Promise<string> {
  const { db, config, now } = clicked;
  const { id: templateId } = loaded.template;
  const { issuers, texts } = await batchOf(db, {
    issuers: selectIssuers(db).limit(1),
    texts: db.select({ strings: templates.strings }).from(templates).where(eq(templates.id, templateId)),
  });
  const [issuer] = issuers;
  const [text] = texts;
  if (issuer === undefined || text === undefined)
    throw new ApiError("google_not_offered", "This service does not offer Google Wallet.");
  const template = { ...loaded.template, ...text };
  const shared = sharedSourceOf(issuer, config.publicOrigin, template, loaded.event);
  const saved = await bringToGoogle(clicked, issuer, shared, loaded);
  const link = saved.ok ? await makeSaveLink(config, issuer, saved.resources, now) : saved;
  if (link.ok) return link.url;
  throw new ApiError(
    "google_unavailable",
    "Google Wallet does not take this pass at the moment. The operator finds the reason in the log.",
    { cause: new Error(`${link.code}: ${link.detail}`) },
  );
}

type Brought =
  | { readonly ok: true; readonly resources: SavedResources }
  | ({ readonly ok: false } & GoogleFailure);

/** @returns what the link has to say */
async function bringToGoogle(
  clicked: Clicked,
  issuer: IssuerRow,
  shared: Shared,
  loaded: LoadedPass,
): Promise<Brought> {
  const passId = loaded.pass.id;
  const pass = await googlePassOf(clicked.config, issuer, loaded, clicked.now);
  const ofClass = await ensureClass(clicked, issuer, shared);
  const ofObject = ofClass.ok ? await ensureObject(clicked, issuer, shared, passId, pass) : ofClass;
  if (ofObject.ok) {
    const { type, id, classId } = ofObject;
    return { ok: true, resources: { type, object: { id, classId } } };
  }
  if (ofObject.code !== "quota_exceeded" && ofObject.code !== "unavailable") return ofObject;
  const renderedClass = renderClass(shared.source);
  const renderedObject = renderObject(shared.source, pass);
  if (!ofClass.ok) await expectClass(clicked, issuer, shared, renderedClass);
  await expectObject(clicked, issuer, passId, renderedObject);
  const { type, resource: object } = renderedObject;
  return { ok: true, resources: { type, object, ...(ofClass.ok ? {} : { class: renderedClass.resource }) } };
}
