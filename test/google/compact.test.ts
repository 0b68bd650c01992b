/**
 * Resources are built from literals: what says nothing is left out, and a member that Google does not know does not compile.
 * The second is tested by the compiler (`npm run check:static`): an error that is expected and absent is an error.
 */
import { expect, test } from "vitest";
import { compact } from "../../src/google/compact.ts";
import type { ClassTypes, ObjectTypes } from "../../src/google/types.ts";

test("undefined, blank texts, empty lists and empty objects are left out, and zero and false stay", () => {
  const built = compact<ClassTypes["giftCard"]>({
    ...{ merchantName: " ", pinLabel: undefined, textModulesData: [], allowBarcodeRedemption: false },
    programLogo: { sourceUri: { uri: "" } },
    merchantLocations: [{ latitude: 0, longitude: 0 }],
  });
  expect(built).toEqual({
    allowBarcodeRedemption: false,
    merchantLocations: [{ latitude: 0, longitude: 0 }],
  });
});

test("a member that Google does not know does not compile", () => {
  // @ts-expect-error Google's name is programName.
  compact<ClassTypes["loyalty"]>({ programmeName: "Acme" });
  // @ts-expect-error Loyalty objects have no colour.
  compact<ObjectTypes["loyalty"]>({ hexBackgroundColor: "#000000" });
  // @ts-expect-error Google's name is uri, also inside.
  compact<ClassTypes["offer"]>({ titleImage: { sourceUri: { url: "https://a.example/" } } });
  // @ts-expect-error The type has to be named.
  compact({ programName: "Acme" });
  expect(compact<ClassTypes["loyalty"]>({ programName: "Acme" })).toEqual({ programName: "Acme" });
});
