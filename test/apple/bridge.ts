/**
 * A bridge from HTTP/1.1 to HTTP/2. Apple's push service supports only HTTP/2. Workers on Cloudflare's edge reach it
 * with `fetch`, but the local runtime has no outgoing HTTP/2 (https://github.com/cloudflare/workerd/issues/5266), so on
 * a developer's machine the Worker sends its pushes to this bridge.
 *
 * It changes only the headers of the connection itself (RFC 9110 §7.6.1), and it uses one session for all requests, as
 * Apple asks. It listens on 127.0.0.1 only and is not part of a deployment.
 *
 * To push to a real phone from a laptop: `node test/apple/bridge.ts https://api.push.apple.com 8443`
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { closeHttp, listen } from "./listen.ts";

export interface Bridge {
  /** http://127.0.0.1:port */
  origin: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Headers that belong to one connection, and `host`, which HTTP/2 carries as `:authority`. */
const hopByHop = new Set([
  "connection",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Starts a bridge to `target`, an https origin. `ca` is a PEM certificate to trust instead of the usual ones. The
 * default for `port` is any free one.
 */
export async function startBridge(options: { target: string; ca?: string; port?: number }): Promise<Bridge> {
  const target = new URL(options.target);
  let session: ClientHttp2Session | undefined;

  function openSession(): ClientHttp2Session {
    if (session && !session.closed && !session.destroyed) return session;
    const opened = connect(target.origin, { ca: options.ca });
    // An error also ends the streams, and each stream reports it to its own client.
    opened.on("error", () => opened.destroy());
    opened.on("goaway", () => opened.close());
    session = opened;
    return opened;
  }

  const server = createServer((incoming, outgoing) => {
    try {
      const upstream = openSession().request({
        ":method": incoming.method,
        ":path": incoming.url,
        ":authority": target.host,
        ...endToEnd(incoming),
      });
      forward(incoming, upstream, outgoing);
    } catch {
      // The session refused the request before it was sent. The client sees a lost connection.
      outgoing.destroy();
    }
  });

  const port = await listen(server, options.port ?? 0);
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      session?.destroy();
      await closeHttp(server);
    },
  };
}

function forward(incoming: IncomingMessage, upstream: ClientHttp2Stream, outgoing: ServerResponse): void {
  upstream.on("response", (headers) => {
    const { ":status": status, ...rest } = headers;
    outgoing.writeHead(status ?? 502, rest);
    upstream.pipe(outgoing);
  });
  // For an aborted stream there is no HTTP/1.1 response: the client must see a broken connection and not an invented
  // status.
  upstream.on("error", () => outgoing.destroy());
  upstream.on("close", () => {
    if (!outgoing.writableEnded) outgoing.destroy();
  });
  outgoing.on("close", () => {
    if (!upstream.closed) upstream.close(constants.NGHTTP2_CANCEL);
  });
  incoming.pipe(upstream);
}

function endToEnd(incoming: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    if (values && !hopByHop.has(name)) headers[name] = values;
  }
  return headers;
}

if (import.meta.main) {
  const [target, port] = process.argv.slice(2);
  if (!target || !URL.canParse(target)) {
    console.error("Usage: node test/apple/bridge.ts https://api.push.apple.com [port]");
    process.exit(2);
  }
  const { origin } = await startBridge({ target, port: Number(port ?? 0) });
  console.log(`${origin} -> ${new URL(target).origin}`);
}
