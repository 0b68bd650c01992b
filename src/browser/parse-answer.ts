/**
 * How pages read what the server answers. A page in a cache may meet a newer server. So a schema demands only what the page cannot
 * do without: other members may be added, and one that is not understood is left out.
 */
import * as z from "zod/mini";
import { type ExactNumber, isNumber, toText } from "../json.ts";

// Otherwise zod tests whether it may compile code, which the page's Content-Security-Policy reports as a violation.
z.config({ jitless: true });

/** Left out if it is absent or not understood. */
export const lenient = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);
/** Null if it is absent or not understood. */
export const orNull = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullable(schema), null);
/** An item that is not understood is left out. */
export const listOf = <T>(schema: z.ZodMiniType<T>) =>
  z.catch(
    z.pipe(
      z.array(z.unknown()),
      z.transform((items: unknown[]): T[] =>
        items.flatMap((item) => {
          const parsed = schema.safeParse(item);
          return parsed.success ? [parsed.data] : [];
        }),
      ),
    ),
    [],
  );

/** IndexedDB cannot store an exact number (src/json.ts), so it becomes text with all of its digits. */
export const storableNumber = z.pipe(
  z.custom<number | ExactNumber>(isNumber),
  z.transform((value) => (typeof value === "number" ? value : toText(value))),
);

/** What a request reads its answer with (`Parse` in request.ts). */
export const parserOf =
  <T>(schema: z.ZodMiniType<T>) =>
  (body: unknown): T | undefined => {
    const parsed = schema.safeParse(body);
    return parsed.success ? parsed.data : undefined;
  };

const text = z.catch(z.string(), "");
/** What the linter says (src/admin/lint/schemas.ts). */
export const lintFindings = listOf(
  z.object({ severity: z.string(), code: z.string(), pointer: text, message: text, cure: text }),
);

/** RFC 9457, as src/errors.ts writes it. Only a refusal of the linter has findings. */
export const parseProblem = parserOf(
  z.object({
    code: z.string(),
    detail: text,
    pointer: lenient(z.string()),
    findings: z.optional(lintFindings),
  }),
);
