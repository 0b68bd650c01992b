/**
 * The answer to a repeated request that created or changed a template (openapi/idempotency.ts).
 */
import type { Context } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { lintTemplate } from "../../templates/lint.ts";
import { showTemplate } from "../../templates/show.ts";

/** The template as it is now. Of an import, the findings in its file are not known any more. */
export async function templateAgain(c: Context<AppEnv>, id: string) {
  const template = await showTemplate(c.var.context.db, Number(id));
  return { ...template, lint: lintTemplate(template) };
}
