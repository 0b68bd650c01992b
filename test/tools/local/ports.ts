/** Finds a port of 127.0.0.1: any free one, or the requested one if it is free. */
import { createServer } from "node:net";
import { listen } from "../../apple/listen.ts";
import { CannotStart } from "./cannot-start.ts";

/** Below it, only programs with a permission of the system may listen. workerd crashes there, even if root has started it. */
const FIRST_UNRESERVED = 1024;

/**
 * The port, which was free a moment ago; any free one for 0.
 * @throws CannotStart if the port is in use or reserved
 */
export async function freePort(port: number): Promise<number> {
  if (port > 0 && port < FIRST_UNRESERVED) {
    throw new CannotStart(
      `Port ${port} is reserved: workerd is not permitted to listen below ${FIRST_UNRESERVED}. Choose another: PORT=8787 npm start`,
    );
  }
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
      `Port ${port} is taken. Stop what listens there (lsof -i :${port} names it; after a kill -9 it may be a workerd that was left), or choose another: PORT=${port + 1} npm start`,
    );
  }
}

export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
