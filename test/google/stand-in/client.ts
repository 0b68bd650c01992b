/** A client of the stand-in Google, for its own tests: signs what a service account signs, and calls the API. */
import { importPKCS8, type JWTPayload, SignJWT } from "jose";
import type { ServiceAccountKey } from "./accounts.ts";
import { GRANT_TYPE, SCOPE, TOKEN_URI } from "./assertion.ts";

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read JSON of many forms, and compare it
  readonly body: any;
}

export async function signed(claims: JWTPayload, key: ServiceAccountKey, alg = "RS256"): Promise<string> {
  const privateKey = await importPKCS8(key.private_key, alg);
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(privateKey);
}

export function clientOf(origin: string, key: ServiceAccountKey, now: () => number = Date.now) {
  async function read(response: Response): Promise<Answered> {
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  const client = {
    token: "",
    /** The claims of a correct assertion. */
    claims(more: JWTPayload = {}): JWTPayload {
      const iat = Math.floor(now() / 1000);
      return { iss: key.client_email, scope: SCOPE, aud: TOKEN_URI, iat, exp: iat + 3600, ...more };
    },
    async askToken(assertion: string, grantType = GRANT_TYPE): Promise<Answered> {
      const body = new URLSearchParams({ grant_type: grantType, assertion });
      const answered = await read(await fetch(`${origin}/token`, { method: "POST", body }));
      if (answered.status === 200) client.token = answered.body.access_token;
      return answered;
    },
    authorize: async (more: JWTPayload = {}) => client.askToken(await signed(client.claims(more), key)),
    async call(method: string, path: string, body?: unknown): Promise<Answered> {
      const headers = { authorization: `Bearer ${client.token}`, "content-type": "application/json" };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      return read(await fetch(`${origin}/walletobjects/v1${path}`, init));
    },
    /** The JWT of a link. */
    link(payload: unknown, more: JWTPayload = {}): Promise<string> {
      const iat = Math.floor(now() / 1000);
      const claims = { iss: key.client_email, aud: "google", typ: "savetowallet", iat, origins: [], payload };
      return signed({ ...claims, ...more }, key);
    },
    open: async (jwt: string) => read(await fetch(`${origin}/gp/v/save/${jwt}`)),
  };
  return client;
}

/** The least that a type needs, as Google's reference says. */
export function examples(issuerId: string) {
  const text = (value: string) => ({ defaultValue: { language: "en", value } });
  const image = { sourceUri: { uri: "https://passes.example.com/g/logo.png" } };
  const brand = { issuerName: "Edgepass Roasters", reviewStatus: "UNDER_REVIEW" };
  const airport = (airportIataCode: string) => ({ airportIataCode });
  const classes = {
    generic: {},
    eventTicket: { ...brand, eventName: text("Concert") },
    flight: {
      ...brand,
      flightHeader: { carrier: { carrierIataCode: "XY" }, flightNumber: "123" },
      origin: airport("ZRH"),
      destination: airport("LIS"),
      localScheduledDepartureDateTime: "2027-03-05T06:30:00",
    },
    loyalty: { ...brand, programName: "Coffee card", programLogo: image },
    offer: { ...brand, title: "Free coffee", provider: "Edgepass Roasters", redemptionChannel: "BOTH" },
    giftCard: { ...brand, merchantName: "Edgepass Roasters" },
    transit: { ...brand, transitType: "RAIL", logo: image },
  };
  const objects = {
    generic: { cardTitle: text("Edgepass"), header: text("Member 1") },
    eventTicket: { state: "ACTIVE" },
    flight: { state: "ACTIVE", passengerName: "Ada", reservationInfo: { confirmationCode: "ABC" } },
    loyalty: { state: "ACTIVE" },
    offer: { state: "ACTIVE" },
    giftCard: { state: "ACTIVE", cardNumber: "1" },
    transit: { state: "ACTIVE", tripType: "ONE_WAY" },
  };
  const classId = (type: string) => `${issuerId}.${type}-class`;
  return {
    text,
    types: Object.keys(classes) as (keyof typeof classes)[],
    class: (type: keyof typeof classes) => ({ id: classId(type), ...classes[type] }),
    object: (type: keyof typeof objects, suffix = `${type}-object`) => ({
      id: `${issuerId}.${suffix}`,
      classId: classId(type),
      ...objects[type],
    }),
  };
}
