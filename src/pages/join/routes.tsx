/**
 * Routes of join pages, mounted at `/join`. A GET writes nothing. There are no cookies: the form has a nonce with a MAC
 * (join/nonce.ts), from which the pass is derived.
 *
 * A POST is answered 303 with the page of the pass, 422 with the form and what is wrong, 410 if no more passes are issued,
 * or 429 with Retry-After. Follows RFC 9110 (§15.4.4, §15.5.11), RFC 6585 §4 and the URL Standard (urlencoded).
 */
import { type Context, Hono } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import { openReplica } from "../../db/client.ts";
import { ApiError } from "../../errors.ts";
import { readBody } from "../../http/body.ts";
import type { AppEnv, RequestContext } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { isWithinLimit } from "../../http/misses.ts";
import { networkOf } from "../../http/network.ts";
import { NONCE, readAnswers } from "../../join/answers.ts";
import { closingOf, findJoinPage, findPassOfNonce, type JoinPage, joinNotFound } from "../../join/find.ts";
import { type Joined, joinTemplate } from "../../join/join.ts";
import { createNonce, readNonce } from "../../join/nonce.ts";
import { landingPath } from "../../passes/show.ts";
import { packFiles } from "../../pkpass/build/pack.ts";
import { translatePass } from "../../pkpass/translate.ts";
import { loadPack } from "../../templates/packs.ts";
import { joinPath } from "../../templates/show.ts";
import { drawBarcodeOnce } from "../drawn-barcodes.ts";
import { languageHeaders, NOT_STORED, PAGE_HEADERS } from "../headers.ts";
import { isLanguageTag, preferredLanguages } from "../language.ts";
import { selectPictures } from "../pass-images.ts";
import { joinLanguageOf } from "./join-language.ts";
import { ClosedPage, type FormProps, JoinForm, type JoinPageProps } from "./join-page.tsx";
import { PosterPage } from "./poster-page.tsx";

/** Allows `data:`, because the logo is inside the page. The icon of the tab has an address. */
const POLICY = String(PAGE_HEADERS["Content-Security-Policy"]).replace(
  "img-src 'self'",
  "img-src 'self' data:",
);
const JOIN_HEADERS = { ...PAGE_HEADERS, "Content-Security-Policy": POLICY, "Cache-Control": NOT_STORED };
const FORM_HEADERS = {
  "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
};
/** A density of the logo that is larger is left out. */
const MAX_LOGO_BYTES = 24 * 1024;
const LIMITED_FOR_SECONDS = 60;

export const joinRoutes = new Hono<AppEnv>();

joinRoutes.use(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(JOIN_HEADERS)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
});

joinRoutes.get("/:slug", async (c) => {
  const page = await demandJoin(c, c.req.param("slug"));
  const closing = closingOf(page, c.var.context.now);
  return closing === undefined ? respondWithForm(c, page, 200) : refuse(c, page, { outcome: closing });
});

/** The poster for the counter. */
joinRoutes.get("/:slug/poster", async (c) => {
  const page = await demandJoin(c, c.req.param("slug"));
  const url = c.var.context.config.publicOrigin + joinPath(page.rule);
  const drawing = drawBarcodeOnce({
    format: "PKBarcodeFormatQR",
    message: url,
    messageEncoding: "iso-8859-1",
  });
  const props = await drawn(c, page);
  return respond(<PosterPage {...props} url={url} drawing={drawing} />, props, 200);
});

joinRoutes.post("/:slug", async (c) => {
  const form = await readForm(c);
  const { context } = c.var; // after the body
  const page = await findJoinPage(context.db, c.req.param("slug"));
  if (page === undefined) throw joinNotFound();
  const { passTypeIdentifier, rule, fields } = page;
  const { secrets } = context.config;
  const nonce = isForeign(c.req.raw)
    ? undefined
    : await readNonce(secrets, page.id, form.get(NONCE) ?? "", context.now);
  // Before everything else, because the same form again gives the same pass, also when the page is closed or full.
  const earlier = nonce && (await findPassOfNonce(context.db, passTypeIdentifier, nonce));
  if (earlier !== undefined) return c.redirect(inLanguage(c, landingPath(earlier)), 303);
  const network = networkOf(c.req.raw);
  if (network !== undefined && !(await isWithinLimit(c.env.ANONYMOUS_LIMIT, `join ${network}`)))
    return refuse(c, page, { outcome: "network_limit", retryAfterSeconds: LIMITED_FOR_SECONDS });
  const closing = closingOf(page, context.now);
  if (closing !== undefined) return refuse(c, page, { outcome: closing });
  const { entered, faults, values } = readAnswers(rule, form, fields);
  if (nonce === undefined || nonce.isExpired)
    return respondWithForm(c, page, 422, {
      entered,
      faults,
      problem: nonce === undefined ? "unconfirmed" : "expired",
    });
  if (faults.size > 0)
    return respondWithForm(c, page, 422, { entered, faults, nonce: form.get(NONCE) ?? "" });
  const joined = await joinTemplate(context, page, { derived: nonce, values, network });
  return joined.outcome === "joined"
    ? c.redirect(inLanguage(c, landingPath(joined.pass)), 303)
    : refuse(c, page, joined);
});

/** Reads the nearest replica first, and the primary if it has no such page: a GET writes nothing. */
async function demandJoin(c: RequestContext, slug: string): Promise<JoinPage> {
  const page =
    (await findJoinPage(openReplica(c.env.DB), slug)) ?? (await findJoinPage(c.var.context.db, slug));
  if (page === undefined) throw joinNotFound();
  return page;
}

/** @throws ApiError unsupported_media_type or body_too_large */
async function readForm(c: RequestContext): Promise<URLSearchParams> {
  const type = c.req.raw.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type))
    throw new ApiError("unsupported_media_type", "Send the form as application/x-www-form-urlencoded.");
  return new URLSearchParams(new TextDecoder().decode(await readBody(c, MAX_BODY_BYTES.join)));
}

/** Whether a browser says that the form is of another site. Its Origin says nothing, because our pages send no referrer. */
function isForeign({ headers }: Request): boolean {
  return !["same-origin", "none", null].includes(headers.get("sec-fetch-site"));
}

async function respondWithForm(
  c: Context<AppEnv>,
  page: JoinPage,
  status: 200 | 422,
  filled: Partial<FormProps> = {},
): Promise<Response> {
  const { config, now } = c.var.context;
  const nonce = filled.nonce ?? (await createNonce(config.secrets, page.id, now));
  const props = await drawn(c, page);
  const action = inLanguage(c, `/join/${page.rule.slug}`);
  return respond(
    <JoinForm {...props} {...filled} nonce={nonce} action={action} />,
    props,
    status,
    FORM_HEADERS,
  );
}

/** The page without a form: why no pass is issued now, and what people can do. */
async function refuse(
  c: Context<AppEnv>,
  page: JoinPage,
  refusal: Exclude<Joined, { outcome: "joined" }>,
): Promise<Response> {
  const props = await drawn(c, page);
  switch (refusal.outcome) {
    case "closed":
    case "full":
      return respond(<ClosedPage {...props} reason={refusal.outcome} />, props, 410);
    case "network_limit":
      return respond(<ClosedPage {...props} reason="networkLimit" />, props, 429, {
        "Retry-After": String(refusal.retryAfterSeconds),
      });
  }
}

/** A path with the language that the person has asked for, if it is in the address. Accept-Language is sent again anyway. */
function inLanguage({ req }: Context<AppEnv>, path: string): string {
  const asked = req.query("lang") ?? "";
  return isLanguageTag(asked) ? `${path}?lang=${asked}` : path;
}

/** What each page is drawn from. */
async function drawn(c: Context<AppEnv>, { rule, pass, pack }: JoinPage): Promise<JoinPageProps> {
  const files = packFiles(await loadPack(c.var.context.bucket, pack));
  const languages = preferredLanguages(c.req.query("lang"), c.req.header("accept-language"));
  const language = joinLanguageOf(rule, pass, files, languages);
  const small = new Map([...files].filter(([, bytes]) => bytes.length <= MAX_LOGO_BYTES));
  // The page has one image only, which is small, so it has no address of its own.
  const inline = (path: string) => `data:image/png;base64,${small.get(path)?.toBase64() ?? ""}`;
  const { logo } = selectPictures(small, language.folder, inline);
  return { rule, pass: translatePass(pass, language.strings), logo, language };
}

/** workerd would write half of a surrogate pair as bytes that are not UTF-8, and not as U+FFFD. */
async function respond(
  page: JSX.Element,
  { language }: JoinPageProps,
  status: 200 | 410 | 422 | 429,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = (await page.toString()).toWellFormed();
  const headers = {
    ...languageHeaders(language.marks.lang),
    ...more,
    "Content-Type": "text/html; charset=UTF-8",
  };
  return new Response(body, { status, headers });
}
