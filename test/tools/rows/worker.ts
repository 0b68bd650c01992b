/**
 * The Worker of `npm run rows`: the whole of src/, and a route that fills the tables. Each answer says in a header field what D1
 * read for it. It is never deployed.
 */
import type { Env } from "../../../src/config.ts";
import edgepass from "../../../src/index.ts";
import type { PushMessage } from "../../../src/push/messages.ts";
import { counted } from "../../counting.ts";
import { type Fill, fillRows } from "./fill.ts";

export default {
  async fetch(request, env, ctx): Promise<Response> {
    if (new URL(request.url).pathname === "/rows/fill")
      return Response.json(await fillRows(env.DB, env.BUCKET, await request.json<Fill>()));
    // Bindings of its own, because the page sends several requests at the same time.
    const counters = counted(env);
    const response = await edgepass.fetch(request, counters.env, ctx);
    const { statements, rowsRead } = counters.spent();
    const headers = new Headers(response.headers);
    headers.set("x-statements", `${statements}`);
    headers.set("x-rows-read", `${rowsRead}`);
    return new Response(response.body, { status: response.status, headers });
  },
  queue: (batch, env) => edgepass.queue(batch, env),
  scheduled: (controller, env) => edgepass.scheduled(controller, env),
} satisfies ExportedHandler<Env, PushMessage>;
