/**
 * Calls of Google's API with the access token of an issuer. It never throws for what Google answers.
 */
import { writeJson } from "../json.ts";
import { accessToken, type GoogleCaller } from "./access-token.ts";
import { type GoogleAnswer, readGoogleAnswer } from "./answers.ts";
import type { IssuerRow } from "./issuers.ts";
import { requestGoogle } from "./transport.ts";

export interface GoogleCall {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** Below /walletobjects/v1. */
  readonly path: string;
  readonly body?: object;
}

/** A token that Google refuses is replaced once: it may have been revoked before its end. */
export async function callGoogle(
  caller: GoogleCaller,
  issuer: IssuerRow,
  call: GoogleCall,
): Promise<GoogleAnswer> {
  const first = await accessToken(caller, issuer);
  if (!first.ok) return first;
  const answer = await send(caller, first.access.token, call);
  if (answer.ok || answer.status !== 401) return answer;
  const second = await accessToken(caller, issuer, first.access);
  if (!second.ok) return second;
  return send(caller, second.access.token, call);
}

function send(
  { config, fetch }: GoogleCaller,
  token: string,
  { method, path, body }: GoogleCall,
): Promise<GoogleAnswer> {
  return requestGoogle(
    fetch,
    `${config.google.api}/walletobjects/v1${path}`,
    {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: writeJson(body) }),
    },
    readGoogleAnswer,
  );
}
