/**
 * The door for people: links that are opened by a secret in their address. A download for the phone, and a page that
 * offers it.
 *
 * Nothing here is listed, referred to, indexed or kept by a shared cache: who has the address has the pass.
 */
import { Hono } from "hono";
import { answerPass, answerPasses, conditionsIn } from "../answer.ts";
import type { DoorEnv } from "../door.ts";
import { ApiError } from "../errors.ts";
import { shownOf } from "../passes/content.ts";
import { packOf } from "../passes/own-images.ts";
import { type LoadedPass, passByWebToken } from "../passes/serve.ts";
import { severalByLink } from "../passes/several.ts";
import { downloadPath } from "../passes/show.ts";
import { filesOf } from "../pkpass/pack.ts";
import { Home } from "./home.tsx";
import { NoPass } from "./no-pass.tsx";
import { PassPage } from "./pass-page.tsx";

export const pagesDoor = new Hono<DoorEnv>();

pagesDoor.use(async (c, next) => {
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
pagesDoor.onError((error, c) => {
  const isPerson = /\btext\/html\b/.test(c.req.header("accept") ?? "");
  if (!(error instanceof ApiError && error.code === "pass_not_found" && isPerson)) throw error;
  return c.html(<NoPass />, 404);
});

pagesDoor.get("/", (c) => c.html(<Home />));

/** The download link: the same bundle that a registered phone fetches. */
pagesDoor.get("/passes/:id/:file{.+\\.pkpass}", async (c) => {
  const now = Date.now();
  const webToken = c.req.param("file").slice(0, -".pkpass".length);
  const loaded = await openedByLink(c.var.db, c.req.param("id"), webToken, now);
  const parts = { ...c.var, bucket: c.env.BUCKET };
  return answerPass(loaded, conditionsIn(c.req.raw.headers), parts, c.executionCtx, now);
});

/** The download link of several passes: what is left of them. */
pagesDoor.get("/bundles/:ids/:file{.+\\.pkpasses}", async (c) => {
  const now = Date.now();
  const token = c.req.param("file").slice(0, -".pkpasses".length);
  const loaded = await severalByLink(c.var.db, c.var.config.secrets, c.req.param("ids"), token, now);
  if (loaded.length === 0) throw deadLink();
  const parts = { ...c.var, bucket: c.env.BUCKET };
  return answerPasses(loaded, conditionsIn(c.req.raw.headers), parts, c.executionCtx, now);
});

/** The page of the pass, which offers the download. */
pagesDoor.get("/p/:id/:webToken", async (c) => {
  const now = Date.now();
  const { id, webToken } = c.req.param();
  const loaded = await openedByLink(c.var.db, id, webToken, now);
  const pack = await packOf(c.env.BUCKET, loaded.template.pack, loaded.pass.pack);
  const page = {
    pass: shownOf(loaded),
    images: filesOf(pack),
    downloadPath: downloadPath(loaded.pass),
    locale: firstLanguage(c.req.header("accept-language")),
    now,
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
async function openedByLink(
  db: DoorEnv["Variables"]["db"],
  id: string,
  webToken: string,
  now: number,
): Promise<LoadedPass> {
  const wellFormed = /^\d{1,15}$/.test(id) && /^[0-9a-f]{40}$/.test(webToken);
  const loaded = wellFormed ? await passByWebToken(db, webToken, now) : undefined;
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
