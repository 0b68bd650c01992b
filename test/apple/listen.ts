/** Opens and closes a server of the stand-in Apple, on 127.0.0.1 only. */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

/** Listens on the port (0: any free one) and returns the port. Rejects if the port is in use. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no TCP address.");
  return address.port;
}

/** Closes an HTTP/1.1 server and all of its connections. */
export async function closeHttp(server: HttpServer): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
