/**
 * The lists of Passdock's API as responses. They have no cursor, so all items are in one response. If they do not fit into
 * one page of the database (db/page.ts), the response is streamed, page by page: it has the same bytes, and only one page
 * is in memory.
 */
import type { Page, PagePosition } from "../../db/page.ts";
import { streamOf } from "../../http/stream.ts";
import { writeJson } from "../../json.ts";

interface ListedRow {
  readonly pass: { readonly id: number };
}
type FindPage<Row> = (position: PagePosition) => Promise<Page<Row>>;

/**
 * A JSON array of at most `limit` items.
 * @param findPage a page of rows, newest first
 * @throws what the first call of `findPage` throws
 */
export async function listResponse<Row extends ListedRow>(
  limit: number,
  findPage: FindPage<Row>,
  show: (row: Row) => object,
): Promise<Response> {
  const first = await findPage({ limit });
  if (!isFollowed(first, limit)) return Response.json(first.items.map(show));
  const rows = rowsOf(first, limit, findPage);
  return new Response(streamOf(writeArray(rows, show)), { headers: { "Content-Type": "application/json" } });
}

/** The rows of a list, page by page. @param first the first page, which is loaded already */
async function* rowsOf<Row extends ListedRow>(
  first: Page<Row>,
  limit: number,
  findPage: FindPage<Row>,
): AsyncGenerator<Row> {
  let page = first;
  let left = limit;
  while (isFollowed(page, left)) {
    yield* page.items;
    left -= page.items.length;
    page = await findPage({ cursor: page.items.at(-1)?.pass.id, limit: left });
  }
  yield* page.items;
}

/** Whether more items follow this page. @param limit how many items it could have had */
function isFollowed({ items, hasMore }: Page<unknown>, limit: number): boolean {
  return hasMore && items.length > 0 && items.length < limit;
}

/** The same bytes as JSON.stringify of all items. */
async function* writeArray<Row>(
  rows: AsyncIterable<Row>,
  show: (row: Row) => object,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let separator = "[";
  for await (const row of rows) {
    yield encoder.encode(separator + writeJson(show(row)));
    separator = ",";
  }
  yield encoder.encode("]");
}
