/**
 * The whole stand-in Google as one server on 127.0.0.1: the token endpoint, the Google Wallet API, the pages that a link opens, and
 * the control API (control.ts has its functions). Google has them on three hosts.
 */
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { closeHttp, listen } from "../../apple/listen.ts";
import { type ControlRoutes, controlRoutes } from "./control-routes.ts";
import { createGoogle, type Google, type Visited } from "./google.ts";
import { jsonAnswer, type Outcome } from "./wire.ts";

const CALLBACK_WITHIN_MS = 5000;

export interface StandInGoogle extends Pick<Google, "callbacks" | "save"> {
  /** http://127.0.0.1:port */
  readonly origin: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

export interface GoogleOptions {
  /** The output of `save()`: the same issuers, accounts, classes and objects as before. */
  readonly saved?: string | undefined;
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** The present in milliseconds. Default: the machine's clock. */
  readonly now?: (() => number) | undefined;
  /** Where each callback is sent, whatever address the class names. Default: none is sent. */
  readonly callbackUrl?: string | undefined;
  /** Is called after each request that may have changed what `save()` returns. */
  readonly onChange?: ((google: StandInGoogle) => void) | undefined;
}

export async function startGoogle(options: GoogleOptions = {}): Promise<StandInGoogle> {
  const { saved, port = 0, now = Date.now, callbackUrl, onChange } = options;
  // The origin is the address of the links that it answers, so the port is opened before the rest is created.
  const ready = Promise.withResolvers<(request: IncomingMessage) => Promise<Outcome>>();
  const server = createServer({ maxHeaderSize: 65_536 }, async (request, response) => {
    const outcome = await (await ready.promise)(request);
    if (outcome === "hang") return;
    if (outcome === "reset") {
      request.socket.destroy();
      return;
    }
    response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  });
  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  const underWay = new Set<Promise<void>>();
  const onVisit = (visited: Visited) => {
    if (callbackUrl === undefined) return;
    const body = JSON.stringify(google.callbacks.sign(visited, now()));
    const sending = sendCallback(callbackUrl, body).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  const google = createGoogle({ origin, now, saved, onVisit });
  const routes = controlRoutes(google);
  const { callbacks, save } = google;
  const close = async () => {
    await closeHttp(server);
    await Promise.all(underWay);
  };
  const standIn: StandInGoogle = { origin, callbacks, save, close };
  ready.resolve(async (request) => {
    const outcome = await answer(request, google, routes);
    const { method = "GET", url = "/" } = request;
    if (method !== "GET" || url.startsWith("/gp/v/save/")) onChange?.(standIn);
    return outcome;
  });
  return standIn;
}

/** As Google, it does not promise that it arrives. */
async function sendCallback(url: string, body: string): Promise<void> {
  const init = { method: "POST", body, signal: AbortSignal.timeout(CALLBACK_WITHIN_MS) };
  const response = await fetch(url, init).catch(() => undefined);
  await response?.body?.cancel();
}

async function answer(request: IncomingMessage, google: Google, routes: ControlRoutes): Promise<Outcome> {
  const { method = "GET", url: target = "/", headers } = request;
  try {
    const body = await text(request);
    if (!target.startsWith("/control/")) return await google.answer({ method, target, headers, body });

    const url = new URL(target, "http://127.0.0.1");
    const route = routes[`${method} ${url.pathname}`];
    if (route === undefined) return jsonAnswer({ error: `There is no ${method} ${url.pathname} here.` }, 404);
    return jsonAnswer(await route({ url, body: body === "" ? undefined : JSON.parse(body) }));
  } catch (error) {
    // A mistake in the stand-in or in the control request: never an answer of Google.
    return jsonAnswer(
      { error: error instanceof Error ? error.message : String(error) },
      target.startsWith("/control/") ? 400 : 599,
    );
  }
}
