/**
 * What the page sends to its service worker, once at its start.
 */
export interface WorkerMessage {
  /** The path of the page's script. Each version has another one, since it contains a hash. */
  readonly started: string;
}
