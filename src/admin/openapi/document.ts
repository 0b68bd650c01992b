/**
 * Writes the OpenAPI document of routes. Each middleware of a route describes its own part (parts.ts): the operation, its
 * parameters or its body.
 *
 * Follows OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1).
 */
import type { Head } from "./info.ts";
import { createSchemaWriter, type JsonSchema } from "./json-schema.ts";
import { getPart } from "./parts.ts";
import { type WrittenOperation, writeOperation } from "./write-operation.ts";

export interface OpenApiDocument extends Head {
  readonly openapi: string;
  /** By path and method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, WrittenOperation>>>>;
  readonly components: Head["components"] & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** The parts of a Hono route (`app.routes`) that are needed here. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: object;
}

/**
 * The document of all routes that have an operation, in their order.
 * @param head the members of the document besides paths and schemas
 * @throws Error if two different schemas have the same name
 */
export function writeDocument(routes: readonly Route[], head: Head): OpenApiDocument {
  const schemas = createSchemaWriter();
  const paths: Record<string, Record<string, WrittenOperation>> = {};
  for (const [route, handlers] of Map.groupBy(routes, ({ method, path }) => `${method} ${path}`)) {
    const parts = handlers.map(({ handler }) => getPart(handler));
    const operation = parts.find((part) => part.operation !== undefined)?.operation;
    const [method = "", path = ""] = route.split(" ");
    if (operation === undefined) continue;
    const template = path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}");
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: writeOperation(template, operation, parts, schemas),
    };
  }
  const components = { ...head.components, schemas: schemas.components() };
  return { openapi: "3.1.1", ...head, paths, components };
}
