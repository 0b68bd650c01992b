/**
 * Checks an issuer before anybody wants a pass: a new access token shows whether the key works, the issuer's account whether the
 * service account may act for it, and Google's own check of a small pass whether its passes are accepted. Nothing is stored at
 * Google.
 */
import { and, eq, isNull, lte, or } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { googleIssuers, type StoredProblem } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { memberOf, writeJson } from "../json.ts";
import { type GoogleCaller, renewAccessToken } from "./access-token.ts";
import { failed, type GoogleAnswer } from "./answers.ts";
import { callGoogle } from "./client.ts";
import { findIssuer, type GoogleCheck, type IssuerRow, recordCheck, showCheck } from "./issuers.ts";
import type { GoogleFetch } from "./transport.ts";

/** For one issuer. Google limits how often a project may call. */
const CHECKED_EVERY_MS = 5000;

/**
 * The result is stored, and counts for the health report until the next check.
 * @throws ApiError google_issuer_not_found or google_check_too_soon
 */
export async function checkGoogleIssuer(
  { db, config, now }: Pick<Context, "db" | "config" | "now">,
  issuerId: string,
  fetch: GoogleFetch,
): Promise<GoogleCheck> {
  const issuer = await findIssuer(db, issuerId);
  await claimCheck(db, issuerId, now);
  const problem = await findProblem({ db, config, fetch, now }, issuer);
  await recordCheck(db, issuer, problem, now);
  return showCheck(issuer, now, problem);
}

/** Stored while a check runs, so that one that was interrupted does not look like a success. */
const UNFINISHED: StoredProblem = { code: "unavailable", detail: "The last check was interrupted" };

/** It is not repeated after an error of D1: a repeat could not tell its own time from that of another check. */
async function claimCheck(db: Database, issuerId: string, now: number): Promise<void> {
  const isDue = or(isNull(googleIssuers.checkedAt), lte(googleIssuers.checkedAt, now - CHECKED_EVERY_MS));
  const { meta } = await db
    .update(googleIssuers)
    .set({ checkedAt: now, checkProblem: writeJson(UNFINISHED) })
    .where(and(eq(googleIssuers.issuerId, issuerId), isDue));
  if (meta.changes > 0) return;
  const seconds = CHECKED_EVERY_MS / 1000;
  throw new ApiError(
    "google_check_too_soon",
    `An issuer can be checked every ${seconds} seconds. Wait, and try again.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}

async function findProblem(caller: GoogleCaller, issuer: IssuerRow): Promise<StoredProblem | null> {
  const token = await renewAccessToken(caller, issuer);
  if (!token.ok) return toProblem(token);
  const { issuerId } = issuer;
  const shown = await callGoogle(caller, issuer, { method: "GET", path: `/issuer/${issuerId}` });
  if (!shown.ok) return toProblem(await explainIssuer(caller, issuer, shown));
  const json = writeJson(samplePass(issuerId));
  const valid = await callGoogle(caller, issuer, {
    method: "POST",
    path: "/jwt/validate",
    body: { jsonResource: { json } },
  });
  return valid.ok ? null : toProblem(valid);
}

type Failed = Exclude<GoogleAnswer, { ok: true }>;

/** Google says "Permission denied" also if the id is that of another issuer. The issuers of the account tell them apart. */
async function explainIssuer(caller: GoogleCaller, issuer: IssuerRow, shown: Failed): Promise<Failed> {
  if (shown.code !== "not_invited" && shown.code !== "resource_unknown") return shown;
  const listed = await callGoogle(caller, issuer, { method: "GET", path: "/issuer" });
  const resources = listed.ok ? memberOf(listed.body, "resources") : undefined;
  const others = (Array.isArray(resources) ? resources : [])
    .map((resource) => memberOf(resource, "issuerId"))
    .filter((id) => typeof id === "string" && id !== issuer.issuerId);
  if (others.length > 0) {
    const detail = `The service account belongs to ${others.slice(0, 5).join(", ")}, and not to ${issuer.issuerId}`;
    return failed("wrong_issuer", shown.status, detail);
  }
  return shown.code === "resource_unknown" ? { ...shown, code: "issuer_unknown" } : shown;
}

function toProblem({ code, detail }: StoredProblem): StoredProblem {
  return { code, detail };
}

/** What every pass of the type generic has. */
function samplePass(issuerId: string) {
  const text = (value: string) => ({ defaultValue: { language: "en", value } });
  const classId = `${issuerId}.edgepass-check`;
  return {
    genericClasses: [{ id: classId }],
    genericObjects: [
      {
        id: `${classId}-object`,
        classId,
        cardTitle: text("Edgepass"),
        header: text("Check"),
        state: "ACTIVE",
      },
    ],
  };
}
