/**
 * A pass, as src/google renders its object. The link and what keeps objects up to date take it from here, so that both send the same.
 */
import type { Config } from "../config.ts";
import type { PassSource } from "../google/render.ts";
import type { IssuerRow } from "../google-wallet/issuers.ts";
import { objectKeyOf } from "../google-wallet/objects.ts";
import { parseJson } from "../json.ts";
import { googleOfRow } from "../templates/google-rule.ts";
import { type PassRows, toPassContent } from "./content.ts";
import { ownHeroOf, ownImagePath } from "./google-image.ts";
import { statusFacts, statusOf } from "./status.ts";

/** It reads nothing but the rows. A deleted pass is `deleted`, whatever else it is. */
export async function googlePassOf(
  config: Pick<Config, "secrets" | "publicOrigin">,
  issuer: Pick<IssuerRow, "idPrefix">,
  rows: PassRows,
  now: number,
): Promise<PassSource> {
  const { pass, template } = rows;
  const own = await ownImagesOf(config, pass, template);
  return {
    objectKey: objectKeyOf(issuer, pass.id),
    serialNumber: pass.serialNumber,
    content: toPassContent(rows),
    status: pass.deletedAt === null ? statusOf(statusFacts(pass, rows), now) : "deleted",
    ...(own === undefined ? {} : { own }),
  };
}

/** The own image that may be public, with its address; undefined if there is none, or the template does not ask for it. */
export async function ownImagesOf(
  { secrets, publicOrigin }: Pick<Config, "secrets" | "publicOrigin">,
  pass: Pick<PassRows["pass"], "id" | "tokenKeyId" | "images">,
  template: Pick<PassRows["template"], "google">,
): Promise<PassSource["own"]> {
  const hero = ownHeroOf(googleOfRow(template), parseJson(pass.images));
  if (hero === undefined) return undefined;
  const { path, facts } = hero;
  const url = publicOrigin + (await ownImagePath(secrets, pass, facts.sha256));
  return { images: { [path]: facts }, urlOf: () => url };
}
