/**
 * HTTP/1.1 over a plain socket: sends any text, valid or not, which an ordinary client would not do. One connection for
 * each request, without reuse, redirects or TLS. Follows RFC 9112 (messages, chunked coding).
 */
import { connect } from "node:net";
import { brotliDecompressSync, unzipSync } from "node:zlib";
import { type Answered, bytesOf, type Send, type Sent } from "./wire.ts";

/** How long to wait for the response to a request with broken framing, which may never come. */
const ODD_MS = 700;
const FRAMING = /^(host|content-length|transfer-encoding|connection|expect|upgrade|content-encoding)$/i;

/** @param origin http://host:port */
export function socketTo(origin: string): Send {
  const { hostname, port } = new URL(origin);
  return async (sent) => {
    const odd = isOdd(sent);
    const bytes = await exchange(hostname, Number(port), messageOf(sent, `${hostname}:${port}`), odd);
    if (bytes.length === 0 && odd) return undefined;
    const answered = read(bytes);
    // The runtime refuses requests that it cannot parse with its own response, before the Worker sees them.
    const refusedBefore = odd && [400, 405, 413, 414, 431, 501].includes(answered.status);
    return refusedBefore && answered.headers.get("content-type") === "text/plain" ? undefined : answered;
  };
}

/** Whether it is uncertain that the Worker receives this message as it was intended. */
function isOdd({ method, target, headers }: Sent): boolean {
  const broken = (text: string) => /[\0\r\n]/.test(text);
  return (
    !/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ||
    !/^\/([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/.test(target) ||
    target.length > 8000 ||
    headers.some(
      ([name, value]) => FRAMING.test(name) || broken(name) || broken(value) || value.length > 8000,
    )
  );
}

function messageOf({ method, target, headers, body }: Sent, host: string): Buffer {
  const bytes = bytesOf(body);
  const has = (wanted: RegExp) => headers.some(([name]) => wanted.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has(/^host$/i) ? [] : [`Host: ${host}`]),
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(bytes === undefined || has(/^(content-length|transfer-encoding)$/i)
      ? []
      : [`Content-Length: ${bytes.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes ?? new Uint8Array()]);
}

/** Reads everything until the other side closes. */
function exchange(host: string, port: number, message: Buffer, odd: boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, host, () => socket.write(message));
    if (odd) socket.setTimeout(ODD_MS, () => socket.destroy());
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks)));
    // The connection was closed while sending; a response that came before counts.
    socket.on("error", (error) =>
      chunks.length > 0 || odd ? resolve(Buffer.concat(chunks)) : reject(error),
    );
  });
}

/** @throws Error if these bytes are not a response */
function read(bytes: Buffer): Answered {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) throw new Error(`no answer in ${bytes.length} bytes`);
  const [start = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${start} `)?.[1]);
  const rest = bytes.subarray(end + 4);
  if (status >= 100 && status < 200) return read(rest);
  const headers = new Headers();
  for (const line of lines) {
    const at = line.indexOf(":");
    headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  const body = headers.get("transfer-encoding") === "chunked" ? dechunked(rest) : rest;
  return { status, headers, body: new Uint8Array(decoded(body, headers.get("content-encoding"))) };
}

function dechunked(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf("\r\n", at);
    const length = Number.parseInt(bytes.toString("latin1", at, line), 16);
    if (length === 0 || Number.isNaN(length)) break;
    chunks.push(bytes.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(chunks);
}

function decoded(body: Buffer, encoding: string | null): Buffer {
  if (encoding === null || body.length === 0) return body;
  return encoding === "br" ? brotliDecompressSync(body) : unzipSync(body);
}
