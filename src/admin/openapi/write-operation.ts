/**
 * Writes one operation of the OpenAPI document: its parameters, its bodies, its answers and its refusals.
 */
import type * as z from "zod";
import { ERRORS, type ErrorCode } from "../../errors.ts";
import type { NeededRole } from "../../keys/roles.ts";
import { changeExamplesOf, exampleOf, exampleProblem } from "./examples.ts";
import { describeField } from "./fields.ts";
import { type JsonSchema, nameOf, type SchemaWriter } from "./json-schema.ts";
import type { Content, Examples, OperationPart, Part } from "./parts.ts";
import { problemWith } from "./problem.ts";

export interface WrittenOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly "x-role": NeededRole;
  readonly parameters?: readonly WrittenParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: WrittenContent };
  /** By status. */
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly headers?: WrittenHeaders;
        readonly content?: WrittenContent;
      }
    >
  >;
}

/** By name. */
type WrittenHeaders = Readonly<
  Record<string, { readonly description: unknown; readonly schema: JsonSchema }>
>;

export interface WrittenParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** By media type. */
export type WrittenContent = Readonly<
  Record<string, { readonly schema: JsonSchema; readonly example?: unknown; readonly examples?: Examples }>
>;

/** @param template the path, with its parameters in braces @param parts of all middlewares of the route */
export function writeOperation(
  template: string,
  operation: OperationPart,
  parts: readonly Part[],
  schemas: SchemaWriter,
): WrittenOperation {
  const { responses, ...description } = operation;
  const parameters = parts.flatMap(({ path, query, header }) => [
    ...writeParameters("path", path, schemas, template),
    ...writeParameters("query", query, schemas, template),
    ...writeParameters("header", header, schemas, template),
  ]);
  const bodies = parts.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const content = Object.assign({}, ...bodies.map((body) => writeContent(body.content, "input", schemas)));
  const required = bodies.every((body) => body.required);
  const headers = parts.map(({ responseHeader }) => writeResponseHeaders(responseHeader, schemas));
  const headersOf = (status: string): WrittenHeaders =>
    Object.assign({}, status === "201" ? LOCATION : {}, ...headers);
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
            ...(Object.keys(headersOf(status)).length > 0 && { headers: headersOf(status) }),
            ...(content && { content: writeContent(content, "output", schemas) }),
          },
        ]),
      ),
      ...writeRefusals([...new Set(parts.flatMap(({ refusals = [] }) => refusals))], schemas),
    },
  };
}

const LOCATION = { Location: { description: "The path of what was created", schema: { type: "string" } } };

/** A parameter is sent as text, but the document describes the parsed value: `limit` is an integer. */
function writeParameters(
  location: "path" | "query" | "header",
  object: z.ZodObject | undefined,
  schemas: SchemaWriter,
  template: string,
): WrittenParameter[] {
  return Object.entries<z.ZodType>(object?.shape ?? {}).map(([name, field]) => {
    const parsed = schemas.write(field, "output");
    // A transform without `pipe` has no schema for its result.
    const isDescribed = parsed.type !== undefined || parsed.$ref !== undefined;
    const { description = describeParameter(template, name), ...schema } = isDescribed
      ? parsed
      : schemas.write(field, "input");
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

function writeResponseHeaders(object: z.ZodObject | undefined, schemas: SchemaWriter): WrittenHeaders {
  return Object.fromEntries(
    Object.entries<z.ZodType>(object?.shape ?? {}).map(([name, field]) => {
      const { description, ...schema } = schemas.write(field, "output");
      return [name, { description, schema }];
    }),
  );
}

function writeContent(content: Content, direction: "input" | "output", schemas: SchemaWriter) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema, example: own, examples: several }]) => {
      const written = schemas.write(schema, direction);
      const name = nameOf(written) ?? "";
      const examples = several ?? changeExamplesOf(name);
      const example = own ?? (examples === undefined ? exampleOf(name) : undefined);
      return [
        type,
        {
          schema: written,
          ...(example === undefined ? {} : { example }),
          ...(examples === undefined ? {} : { examples }),
        },
      ];
    }),
  );
}

/** What a parameter means, unless its schema says so: `{id}` after /passes is the id of a pass. */
function describeParameter(template: string, name: string): string | undefined {
  const [, collection] = new RegExp(`/([a-z-]+)/\\{${name}\\}`).exec(template) ?? [];
  if (collection === undefined || !/id$/i.test(name)) return describeField("query", name);
  return `The \`id\` of the ${collection.replace(/(?<=ss)es$|s$/, "").replaceAll("-", " ")}`;
}

/** The responses of these errors, by status. Each names the codes that its status can have. */
function writeRefusals(codes: readonly ErrorCode[], schemas: SchemaWriter) {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${ERRORS[code][1]}`).join("; "),
        content: {
          "application/problem+json": {
            schema: schemas.write(problemWith(codes), "output"),
            example: exampleProblem(codes[0] ?? "internal_error"),
          },
        },
      },
    ]),
  );
}
