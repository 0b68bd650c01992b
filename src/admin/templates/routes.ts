/**
 * Templates of the canonical API, and the passes that are issued from one.
 */
import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../../http/context.ts";
import { issuePass } from "../../passes/issue.ts";
import { lintTemplate } from "../../templates/lint.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { listTemplates, showTemplate } from "../../templates/show.ts";
import { changeTemplate, createTemplate, deleteTemplate } from "../../templates/templates.ts";
import { lintedPass, lintedTemplate } from "../lint/schemas.ts";
import {
  numericId,
  operation,
  page,
  paging,
  takesJson,
  takesPath,
  takesQuery,
} from "../openapi/operation.ts";
import * as shapes from "../schemas.ts";

const TAG = "Templates";
/** 8 MB of images are 10.7 MB in base64. */
const TEMPLATE_BYTES = 12 * 1024 * 1024;
/** 1 MB of own images is 1.4 MB in base64. */
const PASS_BYTES = 2 * 1024 * 1024;
const template = { description: "The template", schema: shapes.template };
const linted = { description: "The template, and what a phone would find", schema: lintedTemplate };

export const templatesRoutes = new Hono<AppEnv>()
  .post(
    "/templates",
    operation("Make a template", TAG, { 201: linted }, [
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "pass_type_not_found",
      "project_not_found",
      "external_id_taken",
    ]),
    takesJson(shapes.newTemplate, TEMPLATE_BYTES),
    async (c) => {
      const input = c.req.valid("json");
      refuseReservedKeys(c.var.context.config.reservedFieldKeys, input.pass);
      const made = await createTemplate(c.var.context, input);
      return c.json({ ...made, lint: lintTemplate(made) }, 201);
    },
  )
  .get(
    "/templates",
    operation("List templates, newest first", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.template) },
    }),
    takesQuery(z.strictObject({ ...paging, projectId: numericId.shape.id.optional() })),
    async (c) => {
      const { cursor, limit, projectId } = c.req.valid("query");
      return c.json(page(await listTemplates(c.var.context.db, projectId, cursor, limit + 1), limit));
    },
  )
  .get(
    "/templates/:id",
    operation("Show a template", TAG, { 200: template }, ["template_not_found"]),
    takesPath(numericId),
    async (c) => c.json(await showTemplate(c.var.context.db, c.req.valid("param").id)),
  )
  .patch(
    "/templates/:id",
    operation("Change a template, and with it all its passes", TAG, { 200: linted }, [
      "template_not_found",
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "project_not_found",
      "external_id_taken",
      "concurrent_change",
    ]),
    takesPath(numericId),
    takesQuery(z.strictObject({})),
    takesJson(shapes.templateChange, TEMPLATE_BYTES),
    async (c) => {
      const { id } = c.req.valid("param");
      const input = c.req.valid("json");
      refuseReservedKeys(c.var.context.config.reservedFieldKeys, input.pass);
      const changed = await changeTemplate(c.var.context, id, input);
      return c.json({ ...changed, lint: lintTemplate(changed) });
    },
  )
  .delete(
    "/templates/:id",
    operation("Delete a template that has no living passes", TAG, { 204: { description: "Deleted" } }, [
      "template_not_found",
      "template_in_use",
    ]),
    takesPath(numericId),
    async (c) => {
      await deleteTemplate(c.var.context.db, c.req.valid("param").id, c.var.context.now);
      return c.body(null, 204);
    },
  )
  .post(
    "/templates/:id/passes",
    operation("Issue a pass", "Passes", { 201: { description: "The pass", schema: lintedPass } }, [
      "template_not_found",
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "event_not_found",
      "unknown_field",
      "value_does_not_fit",
      "concurrent_change",
      "serial_number_taken",
      "external_id_taken",
    ]),
    takesPath(numericId),
    takesJson(shapes.newPass, PASS_BYTES, { optional: true }),
    async (c) => {
      const { pass, lint } = await issuePass(c.var.context, c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...pass, lint: lint() }, 201);
    },
  );
