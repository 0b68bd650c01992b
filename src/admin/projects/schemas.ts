/**
 * Schemas of projects.
 */
import * as z from "zod";
import { externalId, instant, listSchema, name, nullable } from "../schemas.ts";

export const newProject = z
  .strictObject({ name, externalId: externalId.optional() })
  .meta({ id: "NewProject" });

export const projectChange = z
  .strictObject({ name: name.optional(), externalId: externalId.nullable().optional() })
  .meta({ id: "ProjectChange" });

export const project = z
  .object({
    id: z.int(),
    name: z.string(),
    externalId: nullable.string,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Project" });
export const projectList = listSchema(project, "ProjectList");
