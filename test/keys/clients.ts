/**
 * Clients of the admin API with a key of their own.
 */
import { call } from "../harness.ts";

export interface MadeKey {
  readonly id: number;
  readonly key: string;
  readonly expiresAt: string | null;
  /** Only of a key with the role scanner. */
  readonly scanner?: { readonly url: string; readonly qrCode: string };
}

/** Makes a key. Throws on anything but 201. */
export async function makeKey(body: Record<string, unknown> = {}): Promise<MadeKey> {
  const answer = await call<MadeKey>("POST", "/keys", { name: "Gate", role: "admin", ...body });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** One call with this key, whatever it answers. */
export function callWith<Body = Record<string, unknown>>(
  { key }: Pick<MadeKey, "key">,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  return call<Body>(method, path, body, { ...headers, Authorization: `Bearer ${key}` });
}
