/**
 * Issues the pass of a filled-in join form. The limits are compared in the batch of the insert.
 */
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { templates } from "../db/schema.ts";
import { type IssueLimit, issueWithin } from "../passes/issue.ts";
import type { FieldOverrides } from "../pkpass/schema/schema.ts";
import { networkLimitOf } from "../templates/join-rule.ts";
import { slugOfTemplate } from "../templates/join-slug.ts";
import { countOf, type NetworkDay, networkDayOf, raiseCounts, secondsToNextDay, totalOf } from "./counts.ts";
import { type Closing, closingOf, findJoinPage, type JoinPage, joinNotFound } from "./find.ts";
import type { PassOfNonce } from "./nonce.ts";

/** The actor of a pass that somebody got from a join page. */
const ACTOR = "join";

export type Joined =
  | { readonly outcome: "joined"; readonly pass: { readonly id: number; readonly webToken: string } }
  | { readonly outcome: Closing }
  | { readonly outcome: "network_limit"; readonly retryAfterSeconds: number };

interface FilledForm {
  /** The pass that is derived from the nonce of the form. */
  readonly derived: PassOfNonce;
  readonly values: FieldOverrides;
  /** The network of the sender; undefined if it is not known. */
  readonly network: string | undefined;
}

/** @throws ApiError join_not_found if the page was removed meanwhile */
export async function joinTemplate(
  context: Context,
  { id, rule }: JoinPage,
  { derived, values, network }: FilledForm,
): Promise<Joined> {
  const { config, now } = context;
  const day = network === undefined ? undefined : await networkDayOf(config.secrets, network, now);
  const limit: IssueLimit = {
    webToken: derived.webToken,
    allowed: withinLimits(rule.slug, networkLimitOf(rule), day),
    count: (wrote) => raiseCounts(context.db, id, day, wrote),
  };
  const pass = {
    serialNumber: derived.serialNumber,
    values,
    tags: rule.tag === undefined ? [] : [rule.tag],
  };
  const issued = await issueWithin({ ...context, actor: ACTOR }, id, pass, limit);
  if (issued !== undefined) return { outcome: "joined", pass: issued.pass };
  return explainRefusal(context, rule.slug);
}

/** SQL on templates. The cap is read from the row, because it may have been changed since the page was read. */
function withinLimits(slug: string, networkLimit: number, day: NetworkDay | undefined) {
  const isWithinNetworkLimit =
    day === undefined ? sql`1` : sql`${countOf(templates.id, day)} < ${networkLimit}`;
  return sql`(${slugOfTemplate} = ${slug}
    AND (${templates.join} ->> 'cap' IS NULL OR ${totalOf(templates.id)} < ${templates.join} ->> 'cap')
    AND ${isWithinNetworkLimit})`;
}

/** Why nothing was inserted. */
async function explainRefusal({ db, now }: Context, slug: string): Promise<Joined> {
  const page = await findJoinPage(db, slug);
  if (page === undefined) throw joinNotFound();
  const closing = closingOf(page, now);
  if (closing !== undefined) return { outcome: closing };
  return { outcome: "network_limit", retryAfterSeconds: secondsToNextDay(now) };
}
