/**
 * The whole stand-in Apple, which is started as one unit: certificate authority, push service, the bridge that the
 * local Worker needs to reach it, and a control server. The control server serves the authority's files, as Apple does,
 * and lets a test control the stand-in (control.ts has the functions). It does not simulate a phone; iphone.ts does.
 * Everything listens on 127.0.0.1 only.
 */
import { createServer, type IncomingMessage } from "node:http";
import { buffer, json } from "node:stream/consumers";
import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from "jose";
import * as z from "zod";
import { type StandInApns, startApns } from "./apns.ts";
import { faultSchema } from "./apns-faults.ts";
import { startBridge } from "./bridge.ts";
import { createCa, restoreCa, type StandInCa } from "./ca.ts";
import type { ProviderTokenKey } from "./control.ts";
import { secondOpinion } from "./inspect.ts";
import { closeHttp, listen } from "./listen.ts";
import { PORTAL } from "./portal.ts";

export interface StandInApple {
  /** The control server, http://127.0.0.1:port */
  origin: string;
  /** Where the Worker sends its pushes: the bridge in front of the push service. */
  apnsOrigin: string;
  ca: StandInCa;
  apns: StandInApns;
  /** Ends every connection and frees all ports. */
  close(): Promise<void>;
}

const issueSchema = z.strictObject({
  csr: z.string(),
  passTypeIdentifier: z.string(),
  teamIdentifier: z.string(),
  notBefore: z.coerce.date().optional(),
  notAfter: z.coerce.date().optional(),
  intermediate: z.enum(["current", "other-generation", "stranger"]).optional(),
});
const keySchema = z.strictObject({
  keyId: z.string(),
  teamIdentifier: z.string(),
  publicKeyJwk: z.custom<JWK>((value) => typeof value === "object" && value !== null).optional(),
});
const topicSchema = z.strictObject({ topic: z.string(), teamIdentifier: z.string() });
const tokenSchema = z.looseObject({ token: z.string() });

/**
 * Starts all servers. With `savedCa`, the output of `ca.save()`, it uses the same authority as before. `port` is the
 * port of the control server. Default: any free one.
 */
export async function startApple(options: { savedCa?: string; port?: number } = {}): Promise<StandInApple> {
  // The certificates contain the address of their issuers' certificates, so the port is opened before the authority is
  // created.
  const ready = Promise.withResolvers<(request: IncomingMessage) => Promise<Answer>>();
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await (await ready.promise)(request);
    response.writeHead(status, headers).end(body);
  });
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;

  const aia = { aiaOrigin: origin };
  const ca = options.savedCa === undefined ? await createCa(aia) : await restoreCa(options.savedCa, aia);
  const apns = await startApns();
  const bridge = await startBridge({ target: apns.origin, ca: apns.certificatePem });
  const routes = createRoutes(ca, apns);
  ready.resolve((request) => answer(request, routes, ca));

  return {
    origin,
    apnsOrigin: bridge.origin,
    ca,
    apns,
    async close() {
      await Promise.all([closeHttp(server), bridge.close(), apns.close()]);
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}
type Routes = Record<string, (request: { url: URL; body: unknown }) => Answer | Promise<Answer>>;
/** The only route whose body is a file. */
const INSPECT = "/control/inspect";

function createRoutes(ca: StandInCa, apns: StandInApns): Routes {
  return {
    "GET /root.pem": () => ({
      status: 200,
      headers: { "content-type": "text/plain" },
      body: ca.rootPem,
    }),
    "GET /portal": () => ({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: PORTAL,
    }),
    // Two addresses without a certificate, for tests of fetching one.
    "GET /redirect.cer": () => ({ status: 302, headers: { location: "/wwdr.cer" } }),
    "GET /huge.cer": () => ({
      status: 200,
      headers: { "content-type": "application/pkix-cert" },
      body: new Uint8Array(1_048_576),
    }),

    "POST /control/issue": async ({ body }) => {
      const { csr, ...request } = issueSchema.parse(body);
      return jsonAnswer({ pem: (await ca.issue(csr, request)).pem });
    },
    "POST /control/keys": async ({ body }) => {
      const { publicKeyJwk, ...key } = keySchema.parse(body);
      if (publicKeyJwk) {
        await apns.registerKey({ ...key, publicKeyJwk });
        return jsonAnswer(key);
      }
      const pair = await generateKeyPair("ES256", { extractable: true });
      await apns.registerKey({ ...key, publicKeyJwk: await exportJWK(pair.publicKey) });
      const made: ProviderTokenKey = { ...key, privateKey: await exportPKCS8(pair.privateKey) };
      return jsonAnswer(made);
    },
    "POST /control/topics": ({ body }) => {
      const topic = topicSchema.parse(body);
      apns.registerTopic(topic);
      return jsonAnswer(topic);
    },
    "POST /control/faults": ({ body }) => {
      const { token, ...rest } = tokenSchema.parse(body);
      apns.fault(token, faultSchema.parse(rest));
      return jsonAnswer({ token });
    },
    "GET /control/history": ({ url }) =>
      jsonAnswer({ items: apns.history(url.searchParams.get("token") ?? undefined) }),
    "POST /control/reset": () => {
      apns.reset();
      return jsonAnswer({});
    },
  };
}

/**
 * Answers from the routes, then from the authority's files. If a request fails, the response contains the reason, in
 * JSON.
 */
async function answer(request: IncomingMessage, routes: Routes, ca: StandInCa): Promise<Answer> {
  try {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === INSPECT) return jsonAnswer(await secondOpinion(await buffer(request), ca.rootPem));
    const route = routes[`${request.method} ${url.pathname}`];
    if (route) return await route({ url, body: request.method === "POST" ? await json(request) : undefined });

    const file = request.method === "GET" ? ca.answer(url.pathname) : undefined;
    if (file) return { status: 200, headers: { "content-type": file.contentType }, body: file.body };
    return jsonAnswer({ error: `There is no ${request.method} ${url.pathname} here.` }, 404);
  } catch (error) {
    return jsonAnswer({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}

function jsonAnswer(body: unknown, status = 200): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
