/**
 * Names of persons, from the components of a semantic tag. Follows Apple's "SemanticTagType.PersonNameComponents".
 */
import type { Semantics } from "../pkpass/collect-semantics.ts";

/** "Freja Andersen"; undefined without a name. */
export function personName(name: Semantics["passengerName"]): string | undefined {
  const { namePrefix, givenName, middleName, familyName, nameSuffix } = name ?? {};
  const text = [namePrefix, givenName, middleName, familyName, nameSuffix].filter(Boolean).join(" ");
  return text === "" ? undefined : text;
}
