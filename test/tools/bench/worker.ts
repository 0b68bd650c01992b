/**
 * The benchmark's Worker: runs the pass engine of src/pkpass, and for comparison plain signatures, alternating in one
 * thread. bench.ts supplies keys and images and computes figures from the results.
 *
 * Making a pass here includes everything that the engine does for each pass in production: the stored JSON is parsed,
 * pass.json is rendered, hashed, listed in the manifest, signed and zipped. It does not include the database and the
 * HMAC of the token.
 */
import { importPKCS8 } from "jose";
import { joinPieces } from "../../../src/bytes.ts";
import { buildPass } from "../../../src/pkpass/build/build.ts";
import { compileSigner, type KeyAlgorithm, type ManifestSigner } from "../../../src/pkpass/build/cms.ts";
import { compilePack, type Pack, sha1 } from "../../../src/pkpass/build/pack.ts";
import { renderPass } from "../../../src/pkpass/build/render.ts";
import type { FieldOverrides, TemplatePass } from "../../../src/pkpass/schema/schema.ts";

/** The Worker's input, which is sent once. Bytes are in base64. */
export interface Setup {
  readonly keys: Record<KeyAlgorithm, { /** PEM. */ readonly pkcs8: string; readonly certificate: string }>;
  readonly intermediate: string;
  /** By path in the bundle. */
  readonly images: Record<string, string>;
  readonly template: TemplatePass;
  readonly values: FieldOverrides;
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  /** Milliseconds. */
  readonly signingTime: number;
}

/** One turn of a round: the operation, and how often it runs, one after the other. */
export interface Turn {
  readonly operation: OperationName;
  readonly count: number;
}

/** A round repeats its turns, every second time in reverse order. */
export interface Round {
  readonly turns: readonly Turn[];
  readonly times: number;
}

export type OperationName = keyof ReturnType<typeof operations>;

/** As many bytes as the signed attributes of a pass have. */
const MESSAGE = new Uint8Array(110).fill(7);

let ready: ReturnType<typeof operations> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/setup") {
      ready = operations(await open(await request.json<Setup>()));
      return new Response();
    }
    if (ready === undefined) return new Response("POST /setup first", { status: 409 });
    if (pathname === "/round") {
      return Response.json(await runRound(ready, await request.json<Round>()));
    }
    const bytes = joinPieces(pathname === "/P-256" ? await ready.passP256() : await ready.pass());
    return new Response(bytes);
  },
} satisfies ExportedHandler;

/** @returns milliseconds of each turn, summed over its repetitions */
async function runRound(all: ReturnType<typeof operations>, { turns, times }: Round): Promise<number[]> {
  const sums = turns.map(() => 0);
  const order = [...turns.entries()];
  for (let time = 0; time < times; time++) {
    for (const [index, { operation, count }] of time % 2 === 0 ? order : order.toReversed()) {
      const run = all[operation];
      const startedAt = performance.now();
      for (let i = 0; i < count; i++) await run();
      sums[index] = (sums[index] ?? 0) + performance.now() - startedAt;
    }
  }
  return sums;
}

interface Opened {
  readonly setup: Setup;
  readonly pack: Pack;
  readonly keys: Record<KeyAlgorithm, CryptoKey>;
  readonly signers: Record<KeyAlgorithm, ManifestSigner>;
}

async function open(setup: Setup): Promise<Opened> {
  const keys = {
    RSA: await importPKCS8(setup.keys.RSA.pkcs8, "RS256"),
    "P-256": await importPKCS8(setup.keys["P-256"].pkcs8, "ES256"),
  };
  const signer = (algorithm: KeyAlgorithm) =>
    compileSigner({
      algorithm,
      privateKey: keys[algorithm],
      certificate: bytesOf(setup.keys[algorithm].certificate),
      intermediate: bytesOf(setup.intermediate),
    });
  const images = Object.entries(setup.images).map(([path, base64]) => [path, bytesOf(base64)] as const);
  return {
    setup,
    pack: await compilePack(new Map(images)),
    keys,
    signers: { RSA: signer("RSA"), "P-256": signer("P-256") },
  };
}

function operations({ setup, pack, keys, signers }: Opened) {
  const { passTypeIdentifier, teamIdentifier, signingTime } = setup;
  // As text, as in the database.
  const template = JSON.stringify(setup.template);
  const values = JSON.stringify(setup.values);
  const overrides = "{}";
  let passes = 0;

  function render(): Uint8Array {
    passes++;
    return renderPass(
      JSON.parse(template),
      {
        values: JSON.parse(values),
        overrides: JSON.parse(overrides),
        without: [],
        barcodeMessage: `MEMBER-${passes}`,
        event: undefined,
        barcodeAltText: null,
        barcodeText: null,
        voided: false,
      },
      {
        passTypeIdentifier,
        teamIdentifier,
        serialNumber: `bench-${passes}`,
        authenticationToken: "ep1_Zp0cVgXxq3m1o9bK5hT7uE2yJ8sLrNwA4dFiGkMvQzY",
        webServiceURL: "https://passes.example.com",
      },
    );
  }
  const pass = (algorithm: KeyAlgorithm) => buildPass(pack, render(), signers[algorithm], signingTime);
  const passJson = render();

  return {
    signature: () => crypto.subtle.sign({ name: "RSASSA-PKCS1-v1_5" }, keys.RSA, MESSAGE),
    signatureP256: () => crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys["P-256"], MESSAGE),
    pass: () => pass("RSA"),
    passP256: () => pass("P-256"),
    render: async () => render(),
    sha1: () => sha1(passJson),
    cms: () => signers.RSA(MESSAGE, signingTime),
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(base64);
}
