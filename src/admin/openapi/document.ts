/**
 * Writes the OpenAPI document of routes. Each middleware of a route describes its own part: the operation, its
 * parameters or its body. `describe` attaches the part to the middleware, and `writeDocument` collects them.
 *
 * Follows OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1).
 */
import type * as z from "zod";
import { ERRORS, type ErrorCode } from "../../errors.ts";
import type { Tag } from "./info.ts";
import { createSchemaWriter, type JsonSchema, type SchemaWriter } from "./json-schema.ts";
import { problemWith } from "./problem.ts";

/** The part of the document that one middleware describes. */
export interface Part {
  readonly operation?: OperationPart;
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly header?: z.ZodObject;
  /** Headers of every answer that is no refusal. */
  readonly responseHeader?: z.ZodObject;
  /** If several middlewares describe a body, the route takes any of them. */
  readonly body?: { readonly required: boolean; readonly content: Content };
  /** Errors that the route may respond with because of this middleware. */
  readonly refusals?: readonly ErrorCode[];
}

export interface OperationPart {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly [Tag];
  /** By status. */
  readonly responses: Readonly<Record<number, { readonly description: string; readonly content?: Content }>>;
}

/** By media type. */
export type Content = Readonly<
  Record<
    string,
    { readonly schema: z.ZodType; readonly example?: unknown; readonly examples?: Examples | undefined }
  >
>;

/** Name → a body and what it is. */
export type Examples<Body = unknown> = Readonly<
  Record<string, { readonly summary: string; readonly value: Body }>
>;

const partByHandler = new WeakMap<object, Part>();

/** Attaches a part of the document to a middleware. */
export function describe<Handler extends object>(handler: Handler, part: Part): Handler {
  partByHandler.set(handler, part);
  return handler;
}

/** The part that `describe` attached to a middleware; empty if none. */
export function getPart(handler: object): Part {
  return partByHandler.get(handler) ?? {};
}

/** The parts of a Hono route (`app.routes`) that are needed here. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: object;
}

/**
 * The document of all routes that have an operation, in their order.
 * @param info the members of the document besides paths and schemas
 * @throws Error if two different schemas have the same name
 */
export function writeDocument(routes: readonly Route[], info: { readonly components: object }): JsonSchema {
  const schemas = createSchemaWriter();
  const paths: Record<string, Record<string, object>> = {};
  for (const [route, handlers] of Map.groupBy(routes, ({ method, path }) => `${method} ${path}`)) {
    const parts = handlers.map(({ handler }) => getPart(handler));
    const operation = parts.find((part) => part.operation !== undefined)?.operation;
    const [method = "", path = ""] = route.split(" ");
    if (operation === undefined) continue;
    const template = path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}");
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: writeOperation(operation, parts, schemas),
    };
  }
  const components = { ...info.components, schemas: schemas.components() };
  return { openapi: "3.1.1", ...info, paths, components };
}

function writeOperation(operation: OperationPart, parts: readonly Part[], schemas: SchemaWriter) {
  const { responses, ...description } = operation;
  const parameters = parts.flatMap(({ path, query, header }) => [
    ...writeParameters("path", path, schemas),
    ...writeParameters("query", query, schemas),
    ...writeParameters("header", header, schemas),
  ]);
  const bodies = parts.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const content = Object.assign({}, ...bodies.map((body) => writeContent(body.content, "input", schemas)));
  const required = bodies.every((body) => body.required);
  const headers = Object.assign(
    {},
    ...parts.map(({ responseHeader }) => writeResponseHeaders(responseHeader, schemas)),
  );
  return {
    ...description,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(bodies.length === 0 ? {} : { requestBody: { required, content } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, { description, content }]) => [
          status,
          {
            description,
            ...(Object.keys(headers).length === 0 ? {} : { headers }),
            ...(content && { content: writeContent(content, "output", schemas) }),
          },
        ]),
      ),
      ...writeRefusals([...new Set(parts.flatMap(({ refusals = [] }) => refusals))], schemas),
    },
  };
}

/** A parameter is sent as text, but the document describes the parsed value: `limit` is an integer. */
function writeParameters(
  location: "path" | "query" | "header",
  object: z.ZodObject | undefined,
  schemas: SchemaWriter,
) {
  return Object.entries<z.ZodType>(object?.shape ?? {}).map(([name, field]) => {
    const parsed = schemas.write(field, "output");
    // A transform without `pipe` has no schema for its result.
    const isDescribed = parsed.type !== undefined || parsed.$ref !== undefined;
    const { description, ...schema } = isDescribed ? parsed : schemas.write(field, "input");
    return {
      name,
      in: location,
      required: location === "path" || !field.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      // A list is sent with commas: passIds=1,2.
      ...(schema.type === "array" ? { style: "form", explode: false } : {}),
      schema,
    };
  });
}

function writeResponseHeaders(object: z.ZodObject | undefined, schemas: SchemaWriter) {
  return Object.fromEntries(
    Object.entries<z.ZodType>(object?.shape ?? {}).map(([name, field]) => {
      const { description, ...schema } = schemas.write(field, "output");
      return [name, { description, schema }];
    }),
  );
}

function writeContent(content: Content, direction: "input" | "output", schemas: SchemaWriter) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema, example, examples }]) => [
      type,
      {
        schema: schemas.write(schema, direction),
        ...(example === undefined ? {} : { example }),
        ...(examples === undefined ? {} : { examples }),
      },
    ]),
  );
}

/** The responses of these errors, by status. Each names the codes that its status can have. */
function writeRefusals(codes: readonly ErrorCode[], schemas: SchemaWriter) {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${ERRORS[code][1]}`).join("; "),
        content: { "application/problem+json": { schema: schemas.write(problemWith(codes), "output") } },
      },
    ]),
  );
}
