/**
 * The parameters that several routes take: ids in the path, and the paging of lists.
 */
import * as z from "zod";
import type { Page } from "../../db/page.ts";
import { numericId } from "../../http/validate.ts";

/** The largest id that `numericId` takes. */
const MAX_ID = 999_999_999_999_999;

/** The id of a resource, as a parameter. */
export const idParameter = numericId.shape.id.pipe(z.int().min(1).max(MAX_ID));

/** The path of one resource: `/passes/:id`. */
export const idPath = z.object({ id: idParameter });

/** Takes no query parameters: any is an error. */
export const noQuery = z.strictObject({});

/** The parameters of paging. Lists are newest first. */
export const paging = {
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "must be the nextCursor of the previous page")
    .meta({ description: "`nextCursor` of the previous page" })
    .transform(Number)
    .optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, "must be an integer from 1 to 200")
    .transform(Number)
    .pipe(z.int().min(1).max(200))
    .default(50)
    .meta({
      description:
        "The maximum number of items on a page. A page may have fewer, or none: continue until `nextCursor` is null",
    }),
};

/** A page of a list as the API shows it. */
export function toList<Item extends { readonly id: number }>({
  items,
  hasMore,
  examinedTo = items.at(-1)?.id,
}: Page<Item>) {
  return { items, nextCursor: hasMore ? String(examinedTo) : null };
}
