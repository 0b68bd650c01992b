/**
 * The door for people: links that are opened by a secret in their address. A download for the phone, and a page that
 * offers it.
 *
 * Nothing here is listed, referred to, indexed or kept by a shared cache: who has the address has the pass.
 */
import { Hono } from "hono";
import { answerPass } from "../answer.ts";
import type { DoorEnv } from "../door.ts";
import { ApiError } from "../errors.ts";
import { type LoadedPass, passById } from "../passes/serve.ts";
import { downloadPath } from "../passes/show.ts";
import { sameSecret } from "../secrets.ts";
import { Home } from "./home.tsx";
import { Landing } from "./landing.tsx";

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

pagesDoor.get("/", (c) => c.html(<Home />));

/** The download link: the same bundle that a registered phone fetches. */
pagesDoor.get("/passes/:id/:file{.+\\.pkpass}", async (c) => {
  const now = Date.now();
  const webToken = c.req.param("file").slice(0, -".pkpass".length);
  const loaded = await openedByLink(c.var.db, c.req.param("id"), webToken, now);
  const parts = { ...c.var, bucket: c.env.BUCKET };
  return answerPass(loaded, c.req.raw.headers, parts, c.executionCtx, now);
});

/** The page that offers the download. */
pagesDoor.get("/p/:id/:webToken", async (c) => {
  const { id, webToken } = c.req.param();
  const { pass, template } = await openedByLink(c.var.db, id, webToken, Date.now());
  const face = { ...JSON.parse(template.pass), ...JSON.parse(pass.pass) };
  return c.html(<Landing face={face} downloadPath={downloadPath(pass)} />);
});

/** @throws ApiError pass_not_found, the same for an unknown id, a wrong token and a deleted pass */
async function openedByLink(
  db: DoorEnv["Variables"]["db"],
  id: string,
  webToken: string,
  now: number,
): Promise<LoadedPass> {
  const loaded = /^\d{1,15}$/.test(id) ? await passById(db, Number(id), now) : undefined;
  const opens =
    loaded !== undefined &&
    loaded.pass.deletedAt === null &&
    (await sameSecret(webToken, loaded.pass.webToken));
  if (!opens)
    throw new ApiError(
      "pass_not_found",
      "This link opens no pass. It may be mistyped, or the pass was deleted.",
    );
  return loaded;
}
