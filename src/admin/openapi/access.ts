/**
 * What a key needs for a route: the role, and a scope that reaches what the request names.
 *
 * Every operation names its role, and so has the check of the role and of the ids in its path (operation.ts). `takesJson` has the
 * check of the ids in a body. A route that takes an id as a query parameter calls `demandReach` itself, and a list uses the
 * conditions of keys/scope.ts. test/keys/access.test.ts tries every operation.
 */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import * as z from "zod";
import type { Context } from "../../context.ts";
import { ApiError, type ErrorCode } from "../../errors.ts";
import type { AppEnv } from "../../http/context.ts";
import { demandRole, type NeededRole } from "../../keys/roles.ts";
import { demandReach, type Named } from "../../passes/reach.ts";

export interface Access {
  /** The role that the key needs. */
  readonly role: NeededRole;
  /** Whether it is about more than projects, events, templates and passes: then a key with a scope is refused. */
  readonly isForWholeDeployment?: boolean;
}

/** Refuses a key without the role, and a path with an id that the key does not reach. */
export function demandAccess({ role, isForWholeDeployment = false }: Access): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { context } = c.var;
    demandRole(context.role, role);
    if (context.scope !== undefined) {
      if (isForWholeDeployment) throw forWholeDeployment();
      await demandReach(context, namedInPath(routePath(c), c.req.param()));
    }
    await next();
  };
}

/** Refuses a valid body with an id that the key does not reach: its members projectId, eventId, templateId and passIds. */
export async function demandReachOfBody(context: Context, body: object): Promise<void> {
  await demandReach(context, named.parse(body), true);
}

/** For the OpenAPI document. */
export function describeAccess({ role, isForWholeDeployment = false }: Access): string {
  const needed = role === "any" ? "Every key may do it." : `It needs the role ${role}.`;
  return isForWholeDeployment ? `${needed} The key must not have a scope.` : needed;
}

/** The codes of refusals by `demandAccess`, besides the 404 of the operation. */
export function accessRefusals({ role, isForWholeDeployment = false }: Access): ErrorCode[] {
  return [
    ...(role === "any" ? [] : (["forbidden_role"] as const)),
    ...(isForWholeDeployment ? (["forbidden_scope"] as const) : []),
  ];
}

function forWholeDeployment(): ApiError {
  return new ApiError(
    "forbidden_scope",
    "This is about the whole deployment, and the key has a scope. Use a key without a scope.",
  );
}

const ID = /^[1-9]\d{0,14}$/;

/** The last id in a path: `/projects/1/events/4` names the event. */
function namedInPath(route: string, parameters: Readonly<Record<string, string>>): Named {
  const [, collection, name = ""] =
    /^.*\/(projects|events|templates|passes)\/:(id|eventId)\b/.exec(route) ?? [];
  const text = parameters[name] ?? "";
  if (!ID.test(text)) return {}; // takesPath refuses it
  const id = Number(text);
  switch (collection) {
    case "projects":
      return { projectId: id };
    case "events":
      return { eventId: id };
    case "templates":
      return { templateId: id };
    default:
      return { passId: id };
  }
}

const namedId = z.int().optional().catch(undefined);
const named = z.object({
  projectId: namedId,
  eventId: namedId,
  templateId: namedId,
  passIds: z.array(z.int()).optional().catch(undefined),
});
