/**
 * Declares an admin route in one place: what it does, what it takes and how it responds. The schema that validates a
 * request also describes it in the OpenAPI document.
 */
import type { MiddlewareHandler } from "hono";
import * as z from "zod";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { jsonBody, readBody } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { heavyBody } from "../../http/heavy-body.ts";
import {
  refuseControlCharacters,
  refuseUnpairedSurrogates,
  refuseUnstorable,
  validate,
} from "../../http/validate.ts";
import { pointerTo } from "../../json.ts";
import { type Access, accessRefusals, demandAccess, demandReachOfBody, describeAccess } from "./access.ts";
import type { Tag } from "./info.ts";
import { type Content, describe, type Examples } from "./parts.ts";

export interface Operation extends Access {
  /**
   * A verb and its object, such as issuePass. It must be unique: generated clients use it as the name of a function.
   */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: Tag;
  /** By status. A response with neither schema nor type has no body. */
  readonly success: Readonly<Record<number, Success>>;
  /** The error codes of this route only. The codes that every route, parameter or body can cause are added. */
  readonly refusals?: readonly ErrorCode[];
}

interface Success {
  readonly description: string;
  /** A JSON body. */
  readonly schema?: z.ZodType;
  /** The media type of a body that is a file. */
  readonly type?: string;
}

/** The error codes of a deployment or a platform that does not work. */
const EVERYWHERE: readonly ErrorCode[] = [
  "not_configured",
  "not_migrated",
  "database_unavailable",
  "service_unavailable",
  "internal_error",
];

/**
 * Describes the route in the OpenAPI document. It comes first of the route's middlewares, because it refuses keys that may not
 * use the route (access.ts).
 */
export function operation({
  id,
  role,
  isForWholeDeployment = false,
  summary,
  description,
  tag,
  success,
  refusals = [],
}: Operation) {
  const responses = Object.entries(success).map(([status, { description, schema, type }]) => {
    const content = schema ? { "application/json": { schema } } : type && fileContent(type);
    return [status, { description, ...(content ? { content } : {}) }];
  });
  const access = { role, isForWholeDeployment };
  return describe(demandAccess(access), {
    operation: {
      operationId: id,
      summary,
      description: `${description} ${describeAccess(access)}`,
      tags: [tag],
      "x-role": role,
      responses: Object.fromEntries(responses),
    },
    refusals: [
      "unauthorized",
      "key_revoked",
      "key_expired",
      ...accessRefusals(access),
      ...refusals,
      ...EVERYWHERE,
    ],
  });
}

/** A file as a body. */
export function fileContent(type: string): Content {
  return { [type]: { schema: z.string().meta({ format: "binary" }) } };
}

/** The error codes of every route that takes a body. */
export const BODY_REFUSALS: readonly ErrorCode[] = [
  "invalid_body",
  "body_too_large",
  "unsupported_media_type",
];

/** For a route with a large body, before the middleware that reads it: such requests run one after another. */
export const takesTurn = describe<MiddlewareHandler<AppEnv>>(heavyBody, {
  refusals: ["busy", "upload_too_slow"],
});

type Takes<Target extends string, Schema extends z.ZodType<object>> = MiddlewareHandler<
  AppEnv,
  string,
  { in: { [K in Target]: z.input<Schema> }; out: { [K in Target]: z.output<Schema> } }
>;

interface BodyOptions<Schema extends z.ZodType<object>> {
  /** Whether the body may be absent, which is the same as {}. */
  readonly optional?: boolean;
  /** The largest number of objects, arrays and members, if it is not the usual one. */
  readonly maxValues?: number;
  /** Whether the texts of this body may have control characters. */
  readonly anyText?: (body: unknown) => boolean;
  readonly example?: z.input<Schema>;
  /** For a body that may have several shapes. */
  readonly examples?: Examples<z.input<Schema>>;
  /** The member of a union that the body is meant to be, so that its faults are reported and not those of all members. */
  readonly choose?: (body: unknown) => z.ZodType<z.output<Schema>>;
}

/** For a body with the text of a file: a wrong file is refused with what it is, and not with the control characters in it. */
export const ANY_FILE = { anyText: () => true };

/** Takes a JSON body of this schema. */
export function takesJson<Schema extends z.ZodType<object>>(
  schema: Schema,
  maxBytes: number,
  options: BodyOptions<Schema> = {},
): Takes<"json", Schema> {
  const {
    optional = false,
    maxValues,
    anyText = () => false,
    example,
    examples,
    choose = () => schema,
  } = options;
  const middleware: Takes<"json", Schema> = async (c, next) => {
    const body = await readValid(c);
    await demandReachOfBody(c.var.context, body);
    c.req.addValidatedData("json", body);
    await next();
  };
  // Its own function, so that the bytes and the text of the images are not held while the request goes on.
  const readValid = async (c: Parameters<typeof middleware>[0]) => {
    const bytes = await readBody(c, maxBytes);
    const isAbsent = optional && bytes.length === 0;
    if (!isAbsent) demandJson(c.req.header("content-type"));
    const body = isAbsent ? {} : jsonBody(bytes, maxValues);
    refuseUnpairedSurrogates(body);
    refuseUnstorable(body);
    if (!anyText(body)) refuseControlCharacters(body);
    return validate(choose(body), body, "invalid_body");
  };
  return describe(middleware, {
    body: { required: !optional, content: { "application/json": { schema, example, examples } } },
    refusals: ["malformed_json", ...BODY_REFUSALS, "key_not_allowed", "number_not_exact"],
  });
}

/** Takes query parameters of this schema. */
export function takesQuery<Schema extends z.ZodObject>(schema: Schema): Takes<"query", Schema> {
  const middleware: Takes<"query", Schema> = async (c, next) => {
    refuseRepeated(c.req.queries(), schema);
    c.req.addValidatedData("query", validate(schema, c.req.query(), "invalid_parameter"));
    await next();
  };
  return describe(middleware, { query: schema, refusals: ["invalid_parameter"] });
}

/**
 * Hono would take the first value and ignore the others. Unknown parameters are left to the schema, which refuses them.
 * @throws ApiError invalid_parameter
 */
function refuseRepeated(
  queries: Readonly<Record<string, readonly string[]>>,
  { shape }: z.ZodObject<Readonly<Record<string, z.core.$ZodType>>>,
): void {
  for (const [name, { length }] of Object.entries(queries)) {
    if (length < 2 || !Object.hasOwn(shape, name)) continue;
    const parameter = shape[name];
    const isList = parameter instanceof z.ZodPipe && parameter.out instanceof z.ZodArray;
    const times = length === 2 ? "twice" : `${length} times`;
    const detail = `The parameter "${name}" is given ${times}. Send it once${isList ? ", with commas between its values" : ""}.`;
    throw new ApiError("invalid_parameter", detail, { pointer: pointerTo([name]) });
  }
}

/** The answer to a GET whose If-None-Match has the current ETag. */
export const notModified: Success = { description: "The client has the current revision" };

/** Takes If-Match (http/revisions.ts). */
export const takesIfMatch = describe<MiddlewareHandler<AppEnv>>((_, next) => next(), {
  header: z.object({
    "If-Match": z.string().optional().meta({
      description:
        "The ETag that an earlier answer had, or several with commas: the request is refused if the resource has another one. * matches any",
    }),
  }),
  refusals: ["invalid_header", "precondition_failed"],
});

/** Takes path parameters of this schema. */
export function takesPath<Schema extends z.ZodObject>(schema: Schema): Takes<"param", Schema> {
  const middleware: Takes<"param", Schema> = async (c, next) => {
    c.req.addValidatedData("param", validate(schema, c.req.param(), "invalid_parameter"));
    await next();
  };
  return describe(middleware, { path: schema, refusals: ["invalid_parameter"] });
}

/** RFC 9110 §8.3. `application/merge-patch+json` and other types with the suffix are JSON too. */
function demandJson(contentType: string | undefined): void {
  if (/^application\/([\w.+-]+\+)?json *(;|$)/i.test(contentType ?? "")) return;
  const given = contentType === undefined ? "" : ` (this was ${contentType.slice(0, 100)})`;
  throw new ApiError("unsupported_media_type", `Send Content-Type: application/json${given}.`);
}
