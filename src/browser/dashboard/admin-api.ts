/**
 * The calls of the admin API that the dashboard makes. A key that is refused with 401 is reported, whichever call it was.
 */
import { type Me, parseMe } from "../me.ts";
import {
  type Answer,
  BROWSER_NETWORK,
  type Call,
  type Network,
  type Parse,
  request,
  requestBytes,
} from "../request.ts";

export interface AdminApi {
  me(): Promise<Answer<Me>>;
  get<T>(path: string, parse: Parse<T>): Promise<Answer<T>>;
  /** An image at an address with its hash. */
  image(path: string): Promise<Answer<Uint8Array<ArrayBuffer>>>;
  send<T>(call: Call, parse: Parse<T>): Promise<Answer<T>>;
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** An answer without a body. */
export const parseNothing: Parse<null> = () => null;

/** @param onRefused called when the key no longer works */
export function createAdminApi(
  key: string,
  onRefused: (refusal: Refusal) => void,
  network: Network = BROWSER_NETWORK,
): AdminApi {
  const reported = <T>(answer: Answer<T>): Answer<T> => {
    if (answer.kind === "refused" && answer.status === 401) onRefused(answer);
    return answer;
  };
  const send = async <T>(call: Call, parse: Parse<T>): Promise<Answer<T>> =>
    reported(await request(network, key, call, parse));
  return {
    me: () => send({ method: "GET", path: "/me" }, parseMe),
    get: (path, parse) => send({ method: "GET", path }, parse),
    image: async (path) => reported(await requestBytes(network, key, path, "image/png")),
    send,
  };
}
