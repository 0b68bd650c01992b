/**
 * Routes for people, mounted at `/`: links with a secret in the URL. A link leads to the download of a pass or of a
 * bundle, or to the page of a pass.
 *
 * For a link that does not lead to a pass, a browser gets a page (refusal-page.tsx), and a program gets problem+json.
 */
import { Hono } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import { type Database, openReplica } from "../db/client.ts";
import { demandTables } from "../db/missing-tables.ts";
import { ApiError } from "../errors.ts";
import { conditionsOf } from "../http/conditions.ts";
import type { AppEnv, RequestContext } from "../http/context.ts";
import { countMiss, refuseLimited } from "../http/misses.ts";
import { bundleResponse, passResponse } from "../http/pass-response.ts";
import { loadBundleByLink } from "../passes/bundle.ts";
import { toPassJson } from "../passes/content.ts";
import { type LoadedPass, loadByWebToken } from "../passes/load.ts";
import { loadMergedPack } from "../passes/own-images.ts";
import { downloadPath } from "../passes/show.ts";
import { isOwnWebToken } from "../passes/web-token.ts";
import { packFiles } from "../pkpass/build/pack.ts";
import { NOT_STORED, PAGE_HEADERS } from "./headers.ts";
import { Home } from "./home.tsx";
import { preferredLanguages } from "./language.ts";
import { PassPage } from "./pass-page.tsx";

export const pagesRoutes = new Hono<AppEnv>();

pagesRoutes.use(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.res.headers.set(name, value);
  if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", NOT_STORED);
});

pagesRoutes.get("/", async (c) => {
  await demandTables(c.var.context.db);
  return c.html(await writePage(<Home />));
});

/** Download a pass: the same built pass that a registered phone gets. */
pagesRoutes.get("/passes/:id/:file{.+\\.pkpass}", async (c) => {
  const webToken = c.req.param("file").slice(0, -".pkpass".length);
  const loaded = await loadByLink(c, c.req.param("id"), webToken);
  return passResponse(c.var.context, loaded, conditionsOf(c.req.raw), c.executionCtx);
});

/** Download a bundle, without the passes that were deleted. */
pagesRoutes.get("/bundles/:ids/:file{.+\\.pkpasses}", async (c) => {
  const token = c.req.param("file").slice(0, -".pkpasses".length);
  const { config, now } = c.var.context;
  const loaded = await readNearest(c, async (db) => {
    const found = await loadBundleByLink(db, config.secrets, c.req.param("ids"), token, now);
    return found.length > 0 ? found : undefined;
  });
  if (loaded === undefined) throw linkNotFound();
  return bundleResponse(c.var.context, loaded, c.req.raw, c.executionCtx);
});

/** The page of a pass, with its download link. */
pagesRoutes.get("/p/:id/:webToken", async (c) => {
  const { id, webToken } = c.req.param();
  const loaded = await loadByLink(c, id, webToken);
  const pack = await loadMergedPack(c.var.context.bucket, loaded.template.pack, loaded.pass.pack);
  const page = {
    pass: toPassJson(loaded),
    files: packFiles(pack),
    downloadPath: downloadPath(loaded.pass),
    languages: preferredLanguages(c.req.query("lang"), c.req.header("accept-language")),
    now: c.var.context.now,
  };
  return c.html(await writePage(<PassPage {...page} />));
});

/** The text of a page. workerd would write half of a surrogate pair as bytes that are not UTF-8, and not as U+FFFD. */
async function writePage(page: JSX.Element): Promise<string> {
  return (await page.toString()).toWellFormed();
}

/**
 * Loads a pass by the secret in its link. The id is ignored, because in links of Passdock's API it may be the id of the
 * pass or of its template. Only tokens that may be guessed are limited.
 * @throws ApiError pass_not_found, the same for a wrong secret and a deleted pass; too_many_misses
 */
async function loadByLink(c: RequestContext, id: string, webToken: string): Promise<LoadedPass> {
  const { db, now, config } = c.var.context;
  const wellFormed = /^\d{1,15}$/.test(id) && /^[0-9a-f]{40}$/.test(webToken);
  if (!wellFormed) throw linkNotFound(); // without a query
  const isGuess = !(await isOwnWebToken(config.secrets, webToken));
  if (isGuess) refuseLimited(c, "link");
  const load = (database: Database) => loadByWebToken(database, webToken, now);
  // A guess costs one query.
  const loaded = await (isGuess ? load(db) : readNearest(c, load));
  if (loaded !== undefined) return loaded;
  if (isGuess) await countMiss(c, "link");
  throw linkNotFound();
}

/** Reads from the nearest replica, and from the primary what is not there yet: the row may be a second old. */
async function readNearest<Found>(
  c: RequestContext,
  load: (db: Database) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  return (await load(openReplica(c.env.DB))) ?? (await load(c.var.context.db));
}

/** It does not reveal the reason. */
function linkNotFound(): ApiError {
  return new ApiError(
    "pass_not_found",
    "This link does not lead to a pass. It may be mistyped, or the pass may have been deleted.",
  );
}
