/**
 * The answer to a repeated request that created or changed a template (openapi/idempotency.ts). Somebody may have moved it to
 * another project since, so the scope of the key is checked again.
 */
import type { Context } from "hono";
import type { Context as RequestedContext } from "../../context.ts";
import type { AppEnv } from "../../http/context.ts";
import { demandReach } from "../../passes/reach.ts";
import { lintForOffer, lintForWallets } from "../../templates/google-rule.ts";
import { findOffer, offersApple } from "../../templates/offered-wallets.ts";
import { showTemplate, type Template } from "../../templates/show.ts";
import { findCertificateFaults } from "../lint/lint-template.ts";

/** The copy as it is now, with the findings about its certificates. */
export async function copiedAgain(c: Context<AppEnv>, id: string) {
  return withCopyReport(c.var.context, await showReached(c.var.context, Number(id)));
}

/** A template that was copied, with the findings in it and those about its certificates. */
export async function withCopyReport<Copy extends Template>(
  { db, now }: Pick<RequestedContext, "db" | "now">,
  copy: Copy,
) {
  const offer = await findOffer(db, copy);
  const isForApple = offersApple(offer.wallets);
  const signing = isForApple ? await findCertificateFaults(db, copy.passTypeIdentifier, now) : [];
  const { findings } = lintForOffer(offer, copy);
  return { ...copy, lint: { findings: [...findings, ...signing] } };
}

/** The template as it is now. After an import, the findings in its file are no longer known. */
export async function templateAgain(c: Context<AppEnv>, id: string) {
  const template = await showReached(c.var.context, Number(id));
  return { ...template, lint: await lintForWallets(c.var.context.db, template) };
}

async function showReached(context: RequestedContext, templateId: number): Promise<Template> {
  await demandReach(context, { templateId });
  return showTemplate(context.db, context.config.publicOrigin, templateId);
}
