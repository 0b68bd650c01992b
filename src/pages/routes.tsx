/**
 * The door for people: links that are opened by a secret in their address. A download for the phone, and a page that
 * offers it.
 *
 * Nothing here is listed, referred to, indexed or kept by a shared cache: who has the address has the pass.
 */
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { ApiError } from "../errors.ts";
import { conditionsOf } from "../http/conditions.ts";
import type { AppEnv } from "../http/context.ts";
import { bundleResponse, passResponse } from "../http/pass-response.ts";
import { loadBundleByLink } from "../passes/bundle.ts";
import { toPassJson } from "../passes/content.ts";
import { type LoadedPass, loadByWebToken } from "../passes/load.ts";
import { loadMergedPack } from "../passes/own-images.ts";
import { downloadPath } from "../passes/show.ts";
import { filesOf } from "../pkpass/build/pack.ts";
import { Home } from "./home.tsx";
import { NoPass } from "./no-pass.tsx";
import { PassPage } from "./pass-page.tsx";

export const pagesRoutes = new Hono<AppEnv>();

pagesRoutes.use(async (c, next) => {
  await next();
  c.res.headers.set("Referrer-Policy", "no-referrer");
  c.res.headers.set("X-Robots-Tag", "noindex, nofollow");
  c.res.headers.set("X-Content-Type-Options", "nosniff");
  if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
  c.res.headers.set(
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

/** A person who opens a dead link is told so in words; a program is told as everywhere. */
pagesRoutes.onError((error, c) => {
  const isPerson = /\btext\/html\b/.test(c.req.header("accept") ?? "");
  if (!(error instanceof ApiError && error.code === "pass_not_found" && isPerson)) throw error;
  return c.html(<NoPass />, 404);
});

pagesRoutes.get("/", (c) => c.html(<Home />));

/** The download link: the same bundle that a registered phone fetches. */
pagesRoutes.get("/passes/:id/:file{.+\\.pkpass}", async (c) => {
  const webToken = c.req.param("file").slice(0, -".pkpass".length);
  const loaded = await openedByLink(c.var.context, c.req.param("id"), webToken);
  return passResponse(c.var.context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
});

/** The download link of several passes: what is left of them. */
pagesRoutes.get("/bundles/:ids/:file{.+\\.pkpasses}", async (c) => {
  const token = c.req.param("file").slice(0, -".pkpasses".length);
  const loaded = await loadBundleByLink(
    c.var.context.db,
    c.var.context.config.secrets,
    c.req.param("ids"),
    token,
    c.var.context.now,
  );
  if (loaded.length === 0) throw deadLink();
  return bundleResponse(c.var.context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
});

/** The page of the pass, which offers the download. */
pagesRoutes.get("/p/:id/:webToken", async (c) => {
  const { id, webToken } = c.req.param();
  const loaded = await openedByLink(c.var.context, id, webToken);
  const pack = await loadMergedPack(c.var.context.bucket, loaded.template.pack, loaded.pass.pack);
  const page = {
    pass: toPassJson(loaded),
    images: filesOf(pack),
    downloadPath: downloadPath(loaded.pass),
    locale: firstLanguage(c.req.header("accept-language")),
    now: c.var.context.now,
  };
  return c.html(<PassPage {...page} />);
});

/** The language that the reader likes best (RFC 9110 §12.5.4 puts no order on the list, browsers do). */
function firstLanguage(acceptLanguage: string | undefined): string {
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/.exec(acceptLanguage?.trim() ?? "")?.[0] ?? "en";
}

/**
 * Passdock's links carry now a pass's id and now its template's in the place of `id`, so the secret alone decides.
 * @throws ApiError pass_not_found, the same for a wrong secret and a deleted pass
 */
async function openedByLink({ db, now }: Context, id: string, webToken: string): Promise<LoadedPass> {
  const wellFormed = /^\d{1,15}$/.test(id) && /^[0-9a-f]{40}$/.test(webToken);
  const loaded = wellFormed ? await loadByWebToken(db, webToken, now) : undefined;
  if (loaded !== undefined) return loaded;
  throw deadLink();
}

/** It does not say why. */
function deadLink(): ApiError {
  return new ApiError(
    "pass_not_found",
    "This link opens no pass. It may be mistyped, or the pass was deleted.",
  );
}
