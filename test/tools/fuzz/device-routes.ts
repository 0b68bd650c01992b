/**
 * The routes for phones, with requests that they accept: existing passes and their tokens, registered devices, and any
 * input for a sign-up form. It is a part of routes.ts.
 */
import fc from "fast-check";
import { device, JSON_TYPE, pass } from "./route.ts";
import { named, some, text } from "./shapes.ts";
import type { Sent } from "./wire.ts";

const signUp = fc.record({
  personalizationToken: named(),
  requiredPersonalizationInfo: some({
    fullName: text(200),
    givenName: fc.option(text(200)),
    emailAddress: text(200),
    postalCode: text(),
    birthday: text(),
  }),
});

/** The requests of Apple's web service, and iOS's own one, under either prefix. */
export function deviceRoutes(prefix: string): fc.Arbitrary<Sent>[] {
  const holder = pass.chain((name) =>
    fc.constantFrom("serial", "serialTwice").map((serial) => ({
      address: `@{${name}.passType}/@{${name}.${serial}}`,
      headers: [["Authorization", `ApplePass @{${name}.token}`]] as Sent["headers"],
    })),
  );
  const registration = (method: string) =>
    fc.tuple(holder, device).map(([{ address, headers }, n]) => ({
      method,
      target: `${prefix}/devices/@{device.${n}}/registrations/${address}`,
      headers,
      ...(method === "POST" ? { body: { text: `{"pushToken":"@{pushToken.${n}}"}` } } : {}),
    }));
  const since = fc.oneof(
    fc.constant(""),
    fc.nat(500).map((tag) => `?passesUpdatedSince=${tag}`),
  );
  return [
    registration("POST"),
    registration("DELETE"),
    fc.tuple(device, since).map(([n, query]) => ({
      method: "GET",
      target: `${prefix}/devices/@{device.${n}}/registrations/@{passType}${query}`,
      headers: [],
    })),
    holder.map(({ address, headers }) => ({ method: "GET", target: `${prefix}/passes/${address}`, headers })),
    fc.tuple(holder, signUp).map(([{ address, headers }, json]) => ({
      method: "POST",
      target: `${prefix}/passes/${address}/personalize`,
      headers: [...headers, JSON_TYPE],
      body: { text: JSON.stringify(json) },
    })),
    fc.tuple(holder, text(100)).map(([{ address }, passState]) => ({
      method: "POST",
      target: `${prefix}/passes/${address}/passLifecycleUpdate`,
      headers: [],
      body: { text: JSON.stringify({ passState }) },
    })),
    fc.array(text(), { maxLength: 3 }).map((logs) => ({
      method: "POST",
      target: `${prefix}/log`,
      headers: [JSON_TYPE],
      body: { text: JSON.stringify({ logs }) },
    })),
  ];
}
