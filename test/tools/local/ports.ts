/** Finds a port of 127.0.0.1: any free one, or the requested one if it is free. */
import { createServer } from "node:net";
import { listen } from "../../apple/listen.ts";
import { CannotStart } from "./cannot-start.ts";

/**
 * The port, which was free a moment ago; any free one for 0.
 * @throws CannotStart if the port is in use
 */
export async function freePort(port: number): Promise<number> {
  const server = createServer();
  try {
    const free = await listen(server, port);
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    await closed.promise;
    return free;
  } catch (error) {
    if (!isPortTaken(error)) throw new CannotStart(`Port ${port} cannot be used: ${String(error)}`);
    throw new CannotStart(
      `Port ${port} is taken. Stop what listens there (after a kill -9, a workerd may be left: pkill -9 workerd), or choose another: PORT=${port + 1} npm start`,
    );
  }
}

export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
