/**
 * Routes of templates. Issuing a pass from one is in passes/routes.ts, and making one from a .pkpass in import/routes.ts.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { demandedRevisions, respondWith, withEtag } from "../../http/revisions.ts";
import { PARSED } from "../../memory.ts";
import { deleteTemplate } from "../../templates/delete.ts";
import { lintTemplate } from "../../templates/lint.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { listTemplates, showTemplate } from "../../templates/show.ts";
import { changeTemplate, createTemplate } from "../../templates/templates.ts";
import { locatedAt } from "../location.ts";
import {
  notModified,
  operation,
  takesIfMatch,
  takesJson,
  takesPath,
  takesQuery,
  takesTurn,
} from "../openapi/operation.ts";
import { idPath, noQuery, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Templates";
const template = { description: "The template", schema: schemas.template };
const linted = {
  description: "The template, with the findings of the linter",
  schema: schemas.lintedTemplate,
};

export const templatesRoutes = new Hono<AppEnv>()
  .post(
    "/templates",
    operation({
      id: "createTemplate",
      summary: "Create a template",
      description:
        "`pass` is pass.json without its ids, and `images` has at least an icon. Of each image, send the sharpest: @2x and @1x are made from @3x. An error of the linter is refused, and its warnings are in the answer.",
      tag,
      success: { 201: linted },
      refusals: [
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "pass_type_not_found",
        "project_not_found",
        "external_id_taken",
        "concurrent_change",
      ],
    }),
    takesTurn,
    takesJson(schemas.newTemplate, MAX_BODY_BYTES.template, { maxValues: PARSED.templateValues }),
    async (c) => {
      const { context } = c.var;
      const input = c.req.valid("json");
      refuseReservedKeys(context.config.reservedFieldKeys, input.pass);
      const template = await createTemplate(context, input);
      return c.json(
        { ...withEtag(c, template), lint: lintTemplate(template) },
        201,
        locatedAt(`/templates/${template.id}`),
      );
    },
  )
  .get(
    "/templates",
    operation({
      id: "listTemplates",
      summary: "List templates, newest first",
      description: "With facts about their images, but without the images.",
      tag,
      success: { 200: { description: "A page of templates", schema: schemas.templateList } },
    }),
    takesQuery(schemas.templateQuery),
    async (c) => {
      const { projectId, ...paging } = c.req.valid("query");
      return c.json(toList(await listTemplates(c.var.context.db, projectId, paging)));
    },
  )
  .get(
    "/templates/:id",
    operation({
      id: "showTemplate",
      summary: "Show a template",
      description: "The answer has an ETag, for If-Match and If-None-Match.",
      tag,
      success: { 200: template, 304: notModified },
      refusals: ["template_not_found"],
    }),
    takesPath(idPath),
    async (c) => respondWith(c, await showTemplate(c.var.context.db, c.req.valid("param").id)),
  )
  .patch(
    "/templates/:id",
    operation({
      id: "changeTemplate",
      summary: "Change a template and all its passes",
      description: "Each member of the body replaces the stored value completely. Devices are notified.",
      tag,
      success: { 200: linted },
      refusals: [
        "template_not_found",
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "project_not_found",
        "external_id_taken",
        "concurrent_change",
      ],
    }),
    takesPath(idPath),
    takesIfMatch,
    takesQuery(noQuery),
    takesTurn,
    takesJson(schemas.templateChange, MAX_BODY_BYTES.template, { maxValues: PARSED.templateValues }),
    async (c) => {
      const { context } = c.var;
      const input = c.req.valid("json");
      refuseReservedKeys(context.config.reservedFieldKeys, input.pass);
      const template = await changeTemplate(
        context,
        c.req.valid("param").id,
        input,
        demandedRevisions(c.req.raw),
      );
      return c.json({ ...withEtag(c, template), lint: lintTemplate(template) });
    },
  )
  .delete(
    "/templates/:id",
    operation({
      id: "deleteTemplate",
      summary: "Delete a template that has no passes",
      description: "Delete its passes first.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["template_not_found", "template_in_use"],
    }),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      await deleteTemplate(c.var.context, c.req.valid("param").id, demandedRevisions(c.req.raw));
      return c.body(null, 204);
    },
  );
