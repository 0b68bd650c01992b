/**
 * A client of the admin API of a running instance, over HTTP with the token, as operators use it.
 */

/** An error of the API, with its stable code. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(what: string, status: number, problem: { code?: string; detail?: string }) {
    super(`${what} was refused (${status} ${problem.code ?? ""}): ${problem.detail ?? ""}`);
    this.status = status;
    this.code = problem.code ?? "";
  }
}

export interface Admin {
  /**
   * @param path relative to /admin/v1.
   * @throws Refused
   */
  get<Answer>(path: string): Promise<Answer>;
  /**
   * @param path relative to /admin/v1.
   * @throws Refused
   */
  send<Answer>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: unknown): Promise<Answer>;
  /**
   * POSTs a file unchanged.
   * @param path relative to /admin/v1.
   * @throws Refused
   */
  sendFile<Answer>(path: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Answer>;
}

export function adminOf(origin: string, adminToken: string): Admin {
  async function call<Answer>(
    method: string,
    path: string,
    body?: BodyInit,
    contentType = "application/json",
  ): Promise<Answer> {
    const headers = { authorization: `Bearer ${adminToken}`, "content-type": contentType };
    const init = body === undefined ? { method, headers } : { method, headers, body };
    const response = await fetch(`${origin}/admin/v1${path}`, init);
    // An answer without a body is for a caller that expects none.
    if (response.status === 204) return undefined as Answer;
    if (response.ok) return response.json();
    throw new Refused(`${method} ${path}`, response.status, await response.json());
  }
  return {
    get: (path) => call("GET", path),
    send: (method, path, body) => call(method, path, JSON.stringify(body)),
    sendFile: (path, bytes, contentType) => call("POST", path, bytes, contentType),
  };
}
