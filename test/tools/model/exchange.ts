/** The request of a client and the Worker's response, whether or not the client received it. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The observers' state when the request arrived. */
  readonly mark: unknown;
  /** The faults that happened to the invocation. */
  readonly struck: readonly string[];
  /** Whether they explain an answer that the Worker cannot serve it. */
  readonly mayFail: boolean;
  /** Whether all of them were errors of D1. */
  readonly onlyD1: boolean;
}
