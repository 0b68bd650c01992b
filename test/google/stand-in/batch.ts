/**
 * `POST /batch`: several calls in one request of the type multipart/mixed, as Google's samples write them. Whether Google counts such a
 * request as one is not documented; here each part counts.
 */
import { badRequest } from "./refusals.ts";

export interface BatchPart {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly body: string;
}

const REQUEST_LINE = /^(GET|POST|PUT|PATCH) (\/\S+)(?: HTTP\/1\.1)?$/;

/** @throws GoogleRefusal */
export function readBatch(contentType: string, body: string): BatchPart[] {
  const [, boundary] = /^multipart\/mixed;\s*boundary="?([^";]+)"?/i.exec(contentType) ?? [];
  if (boundary === undefined)
    throw badRequest("The content type of a batch is multipart/mixed, with a boundary.");
  const [, ...sections] = body.replaceAll("\r\n", "\n").split(`--${boundary}`);
  if (sections.pop()?.trim() !== "--")
    throw badRequest("Failed to parse batch request: it does not end with its boundary.");
  return sections.map(readPart);
}

/** The headers of the part, an empty line, the request line and its headers, an empty line, and the JSON. */
function readPart(section: string): BatchPart {
  const [, inner = "", ...rest] = section.split("\n\n");
  const [line = ""] = inner.trim().split("\n");
  const [, method, target] = REQUEST_LINE.exec(line.trim()) ?? [];
  if (method === undefined || target === undefined)
    throw badRequest(`Failed to parse batch request: "${line}" is no request line.`);
  return { method, target, body: rest.join("\n\n").trim() };
}

export function writeBatch(boundary: string, answers: readonly { status: number; body: string }[]): string {
  const parts = answers.map(
    ({ status, body }) =>
      `--${boundary}\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} \r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${body}\r\n`,
  );
  return `${parts.join("")}--${boundary}--\r\n`;
}
