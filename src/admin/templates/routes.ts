/**
 * Routes of templates. Issuing a pass from one is in passes/routes.ts, and making one from a .pkpass in import/routes.ts.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { demandedRevisions, respondWith, withEtag } from "../../http/revisions.ts";
import { showJoinState } from "../../join/issued.ts";
import { PARSED } from "../../memory.ts";
import { googleChangeOfTemplate } from "../../passes/google-change.ts";
import { demandProjectOfScope } from "../../passes/reach.ts";
import { changeTemplate } from "../../templates/change.ts";
import { reportTemplateChange } from "../../templates/change-report.ts";
import { copyTemplate } from "../../templates/copy.ts";
import { createTemplate } from "../../templates/create.ts";
import { deleteTemplate } from "../../templates/delete.ts";
import { dryRunTemplateChange } from "../../templates/dry-run.ts";
import { lintForWallets } from "../../templates/google-rule.ts";
import { findOffer } from "../../templates/offered-wallets.ts";
import { refuseReservedKeys } from "../../templates/reserved-keys.ts";
import { listTemplates, showTemplate } from "../../templates/show.ts";
import { listTemplateSummaries } from "../../templates/summaries.ts";
import { atTemplate } from "../location.ts";
import { changeQuery } from "../notification-schemas.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
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
import { copiedAgain, templateAgain, withCopyReport } from "./again.ts";
import * as schemas from "./schemas.ts";

const tag = "Templates";
const template = { description: "The template", schema: schemas.template };
const linted = {
  description: "The template, with the findings of the linter",
  schema: schemas.lintedTemplate,
};
const changed = {
  description: "The template, with the findings of the linter and what phones show",
  schema: schemas.changedTemplate,
};

export const templatesRoutes = new Hono<AppEnv>()
  .post(
    "/templates",
    operation({
      id: "createTemplate",
      role: "admin",
      summary: "Create a template",
      description:
        "`pass` is pass.json without its ids, and `images` has at least an icon. Send the sharpest version of each image: @2x and @1x are made from @3x. A template with an error of the linter is refused, and the answer has its warnings.",
      tag,
      success: { 201: linted },
      refusals: [
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "pass_type_not_found",
        "project_not_found",
        "forbidden_scope",
        "external_id_taken",
        "unknown_field",
        "value_does_not_fit",
        "slug_taken",
        "changed_meanwhile",
      ],
    }),
    takesIdempotencyKey(201, templateAgain, { locate: atTemplate }),
    takesTurn,
    takesJson(schemas.newTemplate, MAX_BODY_BYTES.template, { maxValues: PARSED.templateValues }),
    async (c) => {
      const { context } = c.var;
      const input = c.req.valid("json");
      demandProjectOfScope(context, input.projectId);
      refuseReservedKeys(context.config.reservedFieldKeys, input.pass);
      const template = await createTemplate(context, input);
      const lint = await lintForWallets(context.db, template);
      return c.json({ ...withEtag(c, template), lint }, 201, atTemplate(template));
    },
  )
  .get(
    "/templates",
    operation({
      id: "listTemplates",
      role: "reader",
      summary: "List templates, newest first",
      description: "With facts about their images, but without the images. All filters must match.",
      tag,
      success: { 200: { description: "A page of templates", schema: schemas.templateList } },
    }),
    takesQuery(schemas.templateQuery),
    async (c) => {
      const { cursor, limit, ...query } = c.req.valid("query");
      const { db, config, scope } = c.var.context;
      return c.json(
        toList(await listTemplates(db, config.publicOrigin, { ...query, scope }, { cursor, limit })),
      );
    },
  )
  .get(
    "/template-summaries",
    operation({
      id: "listTemplateSummaries",
      role: "reader",
      summary: "List the names of templates, newest first",
      description: "For lists of choices: without the content of the templates. All filters must match.",
      tag,
      success: { 200: { description: "A page of names", schema: schemas.templateSummaryList } },
    }),
    takesQuery(schemas.templateQuery),
    async (c) => {
      const { cursor, limit, ...query } = c.req.valid("query");
      const { db, config, scope } = c.var.context;
      const filter = { ...query, scope };
      return c.json(toList(await listTemplateSummaries(db, config.publicOrigin, filter, { cursor, limit })));
    },
  )
  .get(
    "/templates/:id",
    operation({
      id: "showTemplate",
      role: "reader",
      summary: "Show a template",
      description: "The answer has an ETag, for If-Match and If-None-Match.",
      tag,
      success: { 200: template, 304: notModified },
      refusals: ["template_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { db, config } = c.var.context;
      return respondWith(c, await showTemplate(db, config.publicOrigin, c.req.valid("param").id));
    },
  )
  .patch(
    "/templates/:id",
    operation({
      id: "changeTemplate",
      role: "admin",
      summary: "Change a template and all its passes",
      description:
        "`pass`, `strings` and `personalization` are merged into what is stored (RFC 7396): null removes a key, and arrays are " +
        "replaced as a whole. `values` changes single fields by key, and `images` are merged by slot. So two changes of two keys at " +
        "the same time both count. The whole result is linted. Devices are notified if what they show changes.",
      tag,
      success: { 200: changed },
      refusals: [
        "template_not_found",
        "unknown_field",
        "content_too_large",
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "project_not_found",
        "forbidden_scope",
        "external_id_taken",
        "slug_taken",
        "value_does_not_fit",
        "changed_meanwhile",
      ],
    }),
    takesIdempotencyKey(200, templateAgain),
    takesPath(idPath),
    takesIfMatch,
    takesQuery(changeQuery),
    takesTurn,
    takesJson(schemas.templateChange, MAX_BODY_BYTES.template, {
      maxValues: PARSED.templateValues,
      example: { values: { level: { label: "GATE" } } },
    }),
    async (c) => {
      const { context } = c.var;
      const input = c.req.valid("json");
      const { id } = c.req.valid("param");
      if (input.projectId === null) demandProjectOfScope(context, input.projectId);
      const demanded = demandedRevisions(c.req.raw);
      if (c.req.valid("query").dryRun) {
        const dry = await dryRunTemplateChange(context, id, input, demanded);
        const { notifications } = dry.report;
        const foreseen = { hasGoogleIssuer: dry.hasGoogleIssuer, isDryRun: true, notifications };
        const google = await googleChangeOfTemplate(context, dry.change, foreseen);
        return c.json({ ...withEtag(c, dry.template), ...dry.report, ...google });
      }
      const changed = await changeTemplate(context, id, input, demanded);
      const offer = await findOffer(context.db, changed.after);
      const report = await reportTemplateChange(context.db, changed, offer);
      const { notifications } = report;
      const foreseen = { hasGoogleIssuer: offer.hasIssuer, isDryRun: false, notifications };
      const google = await googleChangeOfTemplate(context, changed, foreseen);
      return c.json({ ...withEtag(c, changed.template), ...report, ...google });
    },
  )
  .post(
    "/templates/:id/copy",
    operation({
      id: "copyTemplate",
      role: "admin",
      summary: "Copy a template, also to another pass type",
      description:
        "The copy has the same pass, images, strings, personalization, barcodeText, contact, wallets, google and webService, and no passes. What is sent " +
        "replaces what the original has; the externalId is not copied. A later change of one of them does not change the other.",
      tag,
      success: { 201: linted },
      refusals: [
        "template_not_found",
        "pass_type_not_found",
        "project_not_found",
        "forbidden_scope",
        "external_id_taken",
        "changed_meanwhile",
      ],
    }),
    takesIdempotencyKey(201, copiedAgain, { locate: atTemplate }),
    takesPath(idPath),
    takesQuery(noQuery),
    takesJson(schemas.templateCopy, MAX_BODY_BYTES.smallJson, {
      optional: true,
      example: { passTypeIdentifier: "pass.com.example.card", name: "Card of 2027" },
    }),
    async (c) => {
      const { context } = c.var;
      const copy = c.req.valid("json");
      demandProjectOfScope(context, copy.projectId);
      const template = await copyTemplate(context, c.req.valid("param").id, copy);
      return c.json(await withCopyReport(context, withEtag(c, template)), 201, atTemplate(template));
    },
  )
  .get(
    "/templates/:id/join",
    operation({
      id: "showJoinState",
      role: "reader",
      summary: "Show how many passes people got from the join page of a template",
      description: "In total and today, and whether the page issues more.",
      tag,
      success: { 200: { description: "The counts", schema: schemas.joinState } },
      refusals: ["template_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { db, now } = c.var.context;
      return c.json(await showJoinState(db, c.req.valid("param").id, now));
    },
  )
  .delete(
    "/templates/:id",
    operation({
      id: "deleteTemplate",
      role: "admin",
      summary: "Delete a template that has no passes",
      description: "Delete its passes first.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["template_not_found", "template_in_use"],
    }),
    takesIdempotencyKey(204),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      await deleteTemplate(c.var.context, c.req.valid("param").id, demandedRevisions(c.req.raw));
      return c.body(null, 204);
    },
  );
