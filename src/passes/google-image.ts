/**
 * The image of a single pass that Google's object names, if its template asks for that (`google.ownImages`). Google's servers send no
 * key, so it is public to everybody who has its address. Nobody can guess the address: it has an HMAC over the pass and the image.
 *
 * The HMAC is derived from the entry of MASTER_SECRET that the pass's authenticationToken is derived from. So the address stays the
 * same while MASTER_SECRET is rotated, and the entry is counted as used until the pass is deleted (secrets/reseal.ts). If the entry
 * has been removed, the newest one is used: the object then has another address, and is sent again.
 */
import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type ImagesFacts, passes, templates } from "../db/schema.ts";
import type { GooglePart } from "../google/google-part.ts";
import { imagePathFor } from "../google/images.ts";
import { DEFAULT_LANGUAGE } from "../google/localized.ts";
import { parseJson } from "../json.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { googleOfRow } from "../templates/google-rule.ts";

const PURPOSE = "image of a pass for Google";
const FORMAT = /^(\d{1,6})_([A-Za-z0-9_-]{43})$/;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

/** The own image that the object of a pass names, with its path in the pass; undefined if the object names none. */
export function ownHeroOf(google: GooglePart | null, images: ImagesFacts) {
  if (google?.ownImages !== true) return undefined;
  const path = imagePathFor("hero", images, google.language ?? DEFAULT_LANGUAGE);
  const facts = path === undefined ? undefined : images[path];
  return path === undefined || facts === undefined ? undefined : { path, facts };
}

/** The path of the public address. */
export async function ownImagePath(
  secrets: Secrets,
  { id, tokenKeyId }: Pick<typeof passes.$inferSelect, "id" | "tokenKeyId">,
  sha256: string,
): Promise<string> {
  const keyId = secrets.keyIds.includes(tokenKeyId) ? tokenKeyId : secrets.newestKeyId;
  const code = (await secrets.mac(keyId, PURPOSE, message(id, sha256))).toBase64(BASE64URL);
  return `/g/${id}/${keyId}_${code}/${sha256}.png`;
}

/** Whether this service made an address with this secret. In constant time, and without a query. */
export async function isOwnImageSecret(
  secrets: Secrets,
  secret: string,
  passId: number,
  sha256: string,
): Promise<boolean> {
  const [, keyId, code] = FORMAT.exec(secret) ?? [];
  if (keyId === undefined || code === undefined) return false;
  return secrets.verify(
    keyId,
    PURPOSE,
    message(passId, sha256),
    Uint8Array.fromBase64(code, { alphabet: "base64url" }),
  );
}

/** Where the image is now; undefined if the object of a living pass no longer names it. One trip. */
export async function findOwnHero(
  db: Database,
  passId: number,
  sha256: string,
): Promise<{ readonly pack: string; readonly images: ImagesFacts; readonly path: string } | undefined> {
  const [row] = await db
    .select({ pack: passes.pack, images: passes.images, google: templates.google })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .where(and(eq(passes.id, passId), isNull(passes.deletedAt)));
  if (row === undefined || row.pack === null) return undefined;
  const images = parseJson(row.images);
  const hero = ownHeroOf(googleOfRow(row), images);
  return hero?.facts.sha256 === sha256 ? { pack: row.pack, images, path: hero.path } : undefined;
}

function message(passId: number, sha256: string): string {
  return JSON.stringify([passId, sha256]);
}
