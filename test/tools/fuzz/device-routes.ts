/**
 * The routes for phones, with requests that they accept: passes that exist and their tokens, devices that have
 * registered, and whatever a person may enter into a sign-up sheet. As routes.ts, whose part it is.
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

/** The calls of Apple's web service, and iOS's own one, below either prefix. */
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
