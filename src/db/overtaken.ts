/**
 * Writes that depend on what was read before. If another request changes it in between, the write changes nothing and throws
 * `changed_meanwhile`: it was overtaken.
 */
import { ApiError } from "../errors.ts";

const ATTEMPTS = 3;

/**
 * Runs such a write again as long as it is overtaken, three times at most.
 * @param write reads, computes and writes. Each attempt must read again
 * @throws the error of the last attempt
 */
export async function retryOvertaken<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const wasOvertaken = error instanceof ApiError && error.code === "changed_meanwhile";
      if (!wasOvertaken || attempt >= ATTEMPTS) throw error;
    }
  }
}
