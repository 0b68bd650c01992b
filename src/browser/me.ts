/**
 * What the server says of the key of a request: GET /admin/v1/me (src/admin/keys/schemas.ts).
 */
import * as z from "zod/mini";
import { lenient, listOf, orNull, parserOf } from "./parse-answer.ts";

const named = { id: z.number(), name: z.catch(z.string(), "") };
const me = z.object({
  /** Such as "key:3 Gate 2". */
  actor: z.string(),
  role: z.string(),
  /** The name of the key. */
  name: orNull(z.string()),
  expiresAt: orNull(z.string()),
  /** The ids that the key reaches. Null: everything. */
  scope: z.nullable(z.object({})),
  /** The same with names. Null: everything, or a server that does not say it. */
  resources: orNull(
    z.object({
      projects: listOf(z.object(named)),
      events: listOf(z.object({ ...named, projectId: lenient(z.number()), date: orNull(z.string()) })),
      templates: listOf(z.object({ ...named, organizationName: lenient(z.string()) })),
    }),
  ),
});
export type Me = z.infer<typeof me>;
export const parseMe = parserOf(me);
