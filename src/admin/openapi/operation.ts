/**
 * How an admin route is declared: what it is, what it takes and what it answers, in one place. The same schema
 * validates the request and describes it in the OpenAPI document.
 */
import type { MiddlewareHandler } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver, uniqueSymbol } from "hono-openapi";
import * as z from "zod";
import { ApiError, ERRORS, type ErrorCode } from "../../errors.ts";
import { jsonBody, readBody } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { refuseUnpairedSurrogates, validate } from "../../http/validate.ts";

const problem: { type: "object"; required: string[]; properties: Record<string, object> } = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", description: "Stable: switch on this." },
    detail: { type: "string", description: "What is wrong, and how to cure it." },
    pointer: { type: "string", description: "RFC 6901 pointer into the body that was sent." },
  },
};

/**
 * What a route is and what it answers.
 * @param success status → what the answer holds
 * @param refusals the codes that are this route's own; those of every route, and of every body, are added
 */
export function operation(
  summary: string,
  tag: string,
  success: Readonly<Record<number, { description: string; schema?: z.ZodType }>>,
  refusals: readonly ErrorCode[] = [],
) {
  const responses: NonNullable<DescribeRouteOptions["responses"]> = refusing(["unauthorized", ...refusals]);
  for (const [status, { description, schema }] of Object.entries(success)) {
    const content =
      schema === undefined ? {} : { content: { "application/json": { schema: resolver(schema) } } };
    responses[status] = { description, ...content };
  }
  return describeRoute({ summary, tags: [tag], security: [{ bearer: [] }], responses });
}

/** The answers that these refusals are, by status. */
export function refusing(codes: readonly ErrorCode[]) {
  const byStatus: Record<
    number,
    { description: string; content: Record<string, { schema: typeof problem }> }
  > = {};
  for (const code of codes) {
    const [status] = ERRORS[code];
    const others = byStatus[status]?.description;
    byStatus[status] = {
      description: others === undefined ? code : `${others}, ${code}`,
      content: { "application/problem+json": { schema: problem } },
    };
  }
  return byStatus;
}

type Takes<Target extends string, Schema extends z.ZodType<object>> = MiddlewareHandler<
  AppEnv,
  string,
  { in: { [K in Target]: z.input<Schema> }; out: { [K in Target]: z.output<Schema> } }
>;

/** A JSON body of this shape, of at most `maxBytes`. */
export function takesJson<Schema extends z.ZodType<object>>(
  schema: Schema,
  maxBytes: number,
  options: { optional?: boolean } = {},
) {
  const middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    const bytes = await readBody(c.req.raw, maxBytes);
    const absent = options.optional === true && bytes.length === 0;
    if (!absent) demandJson(c.req.header("content-type"));
    const body = absent ? {} : jsonBody(bytes);
    refuseUnpairedSurrogates(body);
    c.req.addValidatedData("json", validate(schema, body, "invalid_body"));
    await next();
  };
  return described(middleware, "json", schema) as Takes<"json", Schema>;
}

/** Query parameters of this shape. */
export function takesQuery<Schema extends z.ZodType<object>>(schema: Schema) {
  const middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    c.req.addValidatedData("query", validate(schema, c.req.query(), "invalid_parameter"));
    await next();
  };
  return described(middleware, "query", schema) as Takes<"query", Schema>;
}

/** Path parameters of this shape. */
export function takesPath<Schema extends z.ZodType<object>>(schema: Schema) {
  const middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    c.req.addValidatedData("param", validate(schema, c.req.param(), "invalid_parameter"));
    await next();
  };
  return described(middleware, "param", schema) as Takes<"param", Schema>;
}

/** How lists are paged: newest first, `nextCursor` of the answer before as `cursor`. */
export const paging = {
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "must be the nextCursor of the page before")
    .transform(Number)
    .optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, "must be an integer from 1 to 200")
    .transform(Number)
    .default(50),
};

/** One page of what is ordered by id. @param items one more than the limit, if there are more */
export function page<Item extends { readonly id: number }>(items: Item[], limit: number) {
  const shown = items.slice(0, limit);
  return { items: shown, nextCursor: items.length > limit ? String(shown.at(-1)?.id) : null };
}

/** Names the middleware to hono-openapi the way its own validators do. */
function described(middleware: MiddlewareHandler<AppEnv>, target: string, schema: z.ZodType) {
  const described = resolver(schema, { io: "input" });
  return Object.assign(middleware, { [uniqueSymbol]: { target, ...described, options: { io: "input" } } });
}

/** RFC 9110 §8.3. `application/merge-patch+json` and its like are JSON too. */
function demandJson(contentType: string | undefined): void {
  if (/^application\/([\w.+-]+\+)?json *(;|$)/i.test(contentType ?? "")) return;
  throw new ApiError(
    "unsupported_media_type",
    `Send Content-Type: application/json${contentType === undefined ? "" : ` (this was ${contentType.slice(0, 100)})`}.`,
  );
}
