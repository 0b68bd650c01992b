/**
 * Routes for people, mounted at `/`: links with a secret in the URL. A link leads to the download of a pass or of a
 * bundle, or to the page of a pass.
 *
 * For a link that does not lead to a pass, a browser gets a page (refusal-page.tsx), and a program gets problem+json.
 */
import { type Context, Hono } from "hono";
import { bodyOf } from "../bytes.ts";
import { type Database, openReplica } from "../db/client.ts";
import { demandTables } from "../db/missing-tables.ts";
import { ApiError } from "../errors.ts";
import type { AppEnv, RequestContext } from "../http/context.ts";
import { countMiss, refuseLimited } from "../http/misses.ts";
import { bundleResponse, downloadResponse } from "../http/pass-response.ts";
import { loadBundleByLink } from "../passes/bundle.ts";
import { toPassJson } from "../passes/content.ts";
import { googleLinkOf } from "../passes/google-link.ts";
import { loadByWebToken, type OfferedPass } from "../passes/load.ts";
import { loadMergedPack } from "../passes/own-images.ts";
import { canBeSigned } from "../passes/serve.ts";
import { downloadPath, googlePath, landingPath } from "../passes/show.ts";
import { statusFacts, statusOf } from "../passes/status.ts";
import { isOwnWebToken } from "../passes/web-token.ts";
import { packFiles } from "../pkpass/build/pack.ts";
import { offersApple } from "../templates/offered-wallets.ts";
import { badgeKey, badgePath } from "./badges.ts";
import { deviceOf } from "./device.ts";
import { FAVICON, FAVICON_PATH } from "./favicon.ts";
import { googleImagesRoutes } from "./google-images/routes.ts";
import { findGoogleSource } from "./google-source.ts";
import { KEPT_BY_BROWSERS, KEPT_FOR_A_DAY, languageHeaders, NOT_STORED, PAGE_HEADERS } from "./headers.ts";
import { HomePage } from "./home-page.tsx";
import { preferredLanguages } from "./language.ts";
import { noticesIn } from "./notice-words.ts";
import { writePage } from "./page.tsx";
import { findImage } from "./pass-images.ts";
import { PassPage } from "./pass-page.tsx";
import { ROBOTS, ROBOTS_PATH } from "./robots.ts";

export const pagesRoutes = new Hono<AppEnv>();

pagesRoutes.use(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.res.headers.set(name, value);
  if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", NOT_STORED);
});

pagesRoutes.get("/", async (c) => {
  await demandTables(c.var.context.db);
  const language = noticesIn(languagesOf(c));
  return c.html(await writePage(<HomePage language={language} />), 200, languageHeaders(language.marks.lang));
});

/** Download a pass that is offered in Apple Wallet: the same built pass that a registered phone gets. */
pagesRoutes.get("/passes/:id/:file{.+\\.pkpass}", async (c) => {
  const webToken = c.req.param("file").slice(0, -".pkpass".length);
  const loaded = await loadByLink(c, c.req.param("id"), webToken);
  return downloadResponse(c.var.context, loaded, c.req.raw, c.executionCtx);
});

/** Download a bundle, without the passes that were deleted or are offered in Google Wallet only. */
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

/** The page of a pass, as its reader's device and languages need it. */
pagesRoutes.get("/p/:id/:webToken", async (c) => {
  const { id, webToken } = c.req.param();
  const { bucket, config, now } = c.var.context;
  const loaded = await loadByLink(c, id, webToken);
  const device = deviceOf(c.req.header("user-agent"));
  const [pack, google] = await Promise.all([
    loadMergedPack(bucket, loaded.template.pack, loaded.pass.pack),
    findGoogleSource(openReplica(c.env.DB), device, config, loaded),
  ]);
  const languages = languagesOf(c);
  const path = landingPath(loaded.pass);
  const isForApple = offersApple(loaded.wallets);
  const isAddable = isForApple && canBeSigned(loaded, now);
  const hashes = new Map(pack.files.map((file) => [file.path, file.sha1]));
  const page = {
    pass: toPassJson(loaded),
    files: packFiles(pack),
    imagePath: (image: string) => `${path}/images/${hashes.get(image)}.png`,
    downloadPath: isAddable ? downloadPath(loaded.pass) : undefined,
    pageUrl: config.publicOrigin + path,
    badgePath: badgePath(config, "walletBadges", languages),
    googleBadgePath: badgePath(config, "googleBadges", languages),
    googlePath: google !== undefined ? googlePath(loaded.pass) : undefined,
    contact: loaded.template.contact,
    status: statusOf(statusFacts(loaded.pass, loaded), now),
    isAvailable: google !== undefined || isAddable,
    device,
    google: device === "android" || !isForApple ? google : undefined,
    languages,
  };
  return c.html(await writePage(<PassPage {...page} />), 200, { Vary: "Accept-Language, User-Agent" });
});

/**
 * To Google Wallet. The address is made at each click, and is not stored. A pass that is no longer valid has no such link, and its
 * page says why.
 */
pagesRoutes.get("/p/:id/:webToken/google", async (c) => {
  const { id, webToken } = c.req.param();
  const { db, config, now } = c.var.context;
  const loaded = await loadByLink(c, id, webToken);
  if (statusOf(statusFacts(loaded.pass, loaded), now) !== "active")
    return c.redirect(landingPath(loaded.pass), 302);
  const caller = {
    db,
    config,
    now,
    clock: Date.now,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
  };
  return c.redirect(await googleLinkOf(caller, loaded), 302);
});

/** An image of a pass, for its page: under the secret of the pass, and by its hash, so that browsers never ask again. */
pagesRoutes.get("/p/:id/:webToken/images/:file{[0-9a-f]{40}\\.png}", async (c) => {
  const { id, webToken, file } = c.req.param();
  const loaded = await loadByLink(c, id, webToken);
  const pack = await loadMergedPack(c.var.context.bucket, loaded.template.pack, loaded.pass.pack);
  const image = findImage(pack, file.slice(0, -".png".length));
  if (image === undefined) throw linkNotFound();
  const headers = { "Content-Type": "image/png", "Cache-Control": KEPT_BY_BROWSERS };
  return new Response(bodyOf(image), { headers });
});

pagesRoutes.route("/", googleImagesRoutes);

/** Artwork for a button, which the operator has stored. It may contain no script and load nothing. */
pagesRoutes.get("/badges/:file{.+\\.svg}", async (c) => {
  const { bucket, config } = c.var.context;
  const key = badgeKey(config, c.req.param("file"));
  const badge = key === undefined ? null : await bucket.get(key);
  if (badge === null) throw new ApiError("route_not_found", "There is no badge for this language.");
  return c.body(badge.body, 200, { "Content-Type": "image/svg+xml", "Cache-Control": KEPT_FOR_A_DAY });
});

pagesRoutes.get(ROBOTS_PATH, (c) => c.text(ROBOTS, 200, { "Cache-Control": KEPT_FOR_A_DAY }));

pagesRoutes.on("GET", [FAVICON_PATH, "/favicon.ico"], (c) =>
  c.body(FAVICON, 200, { "Content-Type": "image/svg+xml", "Cache-Control": KEPT_FOR_A_DAY }),
);

/** The reader's languages, the best first. */
function languagesOf({ req }: Context<AppEnv>): string[] {
  return preferredLanguages(req.query("lang"), req.header("accept-language"));
}

/**
 * Loads a pass by the secret in its link. The id is ignored, because in links of Passdock's API it may be the id of the
 * pass or of its template. Only tokens that may be guessed are limited.
 * @throws ApiError pass_not_found, the same for a wrong secret and a deleted pass; too_many_misses
 */
async function loadByLink(c: RequestContext, id: string, webToken: string): Promise<OfferedPass> {
  const { db, now, config } = c.var.context;
  const isWellFormed = /^\d{1,15}$/.test(id) && /^[0-9a-f]{40}$/.test(webToken);
  if (!isWellFormed) throw linkNotFound(); // without a query
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

/** The refusal of a link. It does not reveal the reason. */
function linkNotFound(): ApiError {
  return new ApiError(
    "pass_not_found",
    "This link does not lead to a pass. It may be mistyped, or the pass may have been deleted.",
  );
}
