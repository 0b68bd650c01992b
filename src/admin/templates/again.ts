/**
 * The answer to a repeated request that created or changed a template (openapi/idempotency.ts).
 */
import type { Context } from "hono";
import type { Context as RequestedContext } from "../../context.ts";
import type { AppEnv } from "../../http/context.ts";
import { lintTemplate } from "../../templates/lint.ts";
import { showTemplate, type Template } from "../../templates/show.ts";
import { findCertificateFaults } from "../lint/lint-template.ts";

/** The copy as it is now, with the findings about its certificates. */
export async function copiedAgain(c: Context<AppEnv>, id: string) {
  const { db, config } = c.var.context;
  return withCopyReport(c.var.context, await showTemplate(db, config.publicOrigin, Number(id)));
}

/** A template that was copied, with the findings in it and those about its certificates. */
export async function withCopyReport<Copy extends Template>(
  { db, now }: Pick<RequestedContext, "db" | "now">,
  copy: Copy,
) {
  const signing = await findCertificateFaults(db, copy.passTypeIdentifier, now);
  return { ...copy, lint: { findings: [...lintTemplate(copy).findings, ...signing] } };
}

/** The template as it is now. Of an import, the findings in its file are not known any more. */
export async function templateAgain(c: Context<AppEnv>, id: string) {
  const { db, config } = c.var.context;
  const template = await showTemplate(db, config.publicOrigin, Number(id));
  return { ...template, lint: lintTemplate(template) };
}
