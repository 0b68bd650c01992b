/**
 * What each middleware of a route says about the route: the operation, its parameters or its body. The OpenAPI document is
 * written from these parts (document.ts).
 */
import type * as z from "zod";
import type { ErrorCode } from "../../errors.ts";
import type { NeededRole } from "../../keys/roles.ts";
import type { Tag } from "./info.ts";

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
  /** The role that the key needs, or "any". */
  readonly "x-role": NeededRole;
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
