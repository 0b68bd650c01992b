/**
 * What a tool of MCP is. A tool calls operations of the admin API, so it has the same checks, limits and refusals.
 *
 * Follows the Model Context Protocol 2026-07-28, server/tools.
 */
import type * as z from "zod";
import type { JsonObject } from "../../json.ts";

/** A request to the admin API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH";
  /** After /admin/v1. */
  readonly path: string;
  /** A parameter that is undefined is not sent. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** A header that is undefined is not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Calls the admin API with the caller's rights. @throws Refused */
export type CallApi = (call: ApiCall) => Promise<JsonObject>;

/** The admin API has refused a call. */
export class Refused extends Error {
  /** Problem details (RFC 9457), which are public. */
  readonly problem: JsonObject;

  constructor(problem: JsonObject) {
    super("The admin API has refused the call");
    this.problem = problem;
  }
}

/** Hints for programs that ask a person before they call a tool. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  /** False: a tool reaches nothing outside of this deployment. */
  readonly openWorldHint: false;
}

export const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };

interface Declared<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For a model: when to use the tool, and what it does. */
  readonly description: string;
  /** The ids of the operations that it calls. A key that may not call one of them does not see the tool. */
  readonly operations: readonly string[];
  readonly input: Input;
  /** Members of the answer that it does not name are left out. */
  readonly output: z.ZodObject;
  readonly annotations: ToolAnnotations;
  /** @throws Refused */
  readonly run: (input: z.input<Input>, callApi: CallApi) => Promise<JsonObject>;
}

/** `run` takes what `input` has accepted, as it was sent. */
export type Tool = Declared<z.ZodObject>;

/** Declares a tool. */
export function tool<Input extends z.ZodObject>(declared: Declared<Input>): Tool {
  return { ...declared, run: (input, callApi) => declared.run(input as z.input<Input>, callApi) };
}
