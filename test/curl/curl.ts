/**
 * Runs the real curl with command lines that documentations print. No shell is involved: a line is split here according
 * to POSIX's "Shell Command Language" (2.2, quoting). There is one difference: `?` and `&` outside of quotes are
 * literal, because API references print addresses without quotes.
 */
import { inject } from "vitest";
import type { CurlRequest } from "./run-curl.ts";

/** The parsed output of curl with `-i`. */
export interface CurlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /**
   * The body, parsed.
   * @throws SyntaxError that contains the body, if it is not JSON
   */
  json<Body = unknown>(): Body;
}

/**
 * The arguments of a printed line, without "curl" itself.
 * @throws Error for syntax that a shell would not take literally, because then the line would be ambiguous
 */
export function argumentsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const { text, end } = quoted(line, at);
      word = (word ?? "") + text;
      at = end;
    } else if (char === "\\") {
      at += 1;
      word = (word ?? "") + line.charAt(at);
    } else if (/[;|<>()$`*[\]#~!]/.test(char)) {
      throw new Error(`"${char}" outside of quotes at ${at}: ${line}`);
    } else {
      word = (word ?? "") + char;
    }
  }
  if (word !== undefined) words.push(word);
  const [command, ...rest] = words;
  if (command !== "curl") throw new Error(`no line for curl: ${line}`);
  return rest;
}

/** The text inside the quotes that open at `start`, and the position of the closing quote. */
function quoted(line: string, start: number): { text: string; end: number } {
  const quote = line.charAt(start);
  let text = "";
  for (let at = start + 1; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === quote) return { text, end: at };
    if (quote === '"' && /[$`]/.test(char)) throw new Error(`"${char}" in double quotes at ${at}: ${line}`);
    if (quote === '"' && char === "\\" && /[$`"\\]/.test(line.charAt(at + 1))) {
      at += 1;
      text += line.charAt(at);
    } else {
      text += char;
    }
  }
  throw new Error(`a quote stays open: ${line}`);
}

/**
 * Runs curl with these arguments, which must include `-i`, and parses its output.
 * @throws Error if curl failed: no connection, an unknown option
 */
export async function curl(args: readonly string[]): Promise<CurlAnswer> {
  const printed = await runCurl(args);
  const text = printed.toString("utf8");
  const { head, body } = lastAnswer(text);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new Error(`curl printed no status; was it told -i? ${text}`);
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers.append(name, value);
  }
  return {
    status: Number(status),
    headers,
    body,
    json() {
      try {
        return JSON.parse(body);
      } catch {
        throw new SyntaxError(`${status}, and no JSON: ${JSON.stringify(body)}`);
      }
    },
  };
}

/** RFC 9110 §15.2: interim responses (100 Continue, for a large body) come before the final one. */
function lastAnswer(text: string): { head: string; body: string } {
  const end = text.indexOf("\r\n\r\n");
  const head = text.slice(0, Math.max(end, 0));
  const body = text.slice(end + 4);
  return /^HTTP\/[\d.]+ 1\d\d/.test(head) ? lastAnswer(body) : { head, body };
}

/**
 * Runs curl and returns its unparsed output.
 * @param folder where -O saves files
 * @throws Error if curl failed
 */
export async function runCurl(args: readonly string[], folder?: string): Promise<Buffer> {
  const request: CurlRequest = { args, folder };
  const response = await fetch(inject("curlRunner"), { method: "POST", body: JSON.stringify(request) });
  if (!response.ok) throw new Error(await response.text());
  return Buffer.from(await response.arrayBuffer());
}
