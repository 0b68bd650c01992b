/**
 * Removes the key `__proto__` from JSON of other tools. JavaScript takes it for an object's prototype when it copies an
 * object, so a value with this key would be lost silently, or change other keys.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";

const KEY = "__proto__";
/** All of them are removed, but only these are listed. */
const MAX_FINDINGS = 20;

/**
 * Removes the keys from the value itself. Its depth must be limited.
 * @param file its name, for the findings
 * @param pointer to the value
 */
export function removeProtoKeys(value: unknown, file: string, pointer: string): Finding[] {
  const findings: Finding[] = [];
  const path: string[] = [];
  const visit = (object: object) => {
    if (Object.hasOwn(object, KEY)) {
      if (findings.length < MAX_FINDINGS) findings.push(unusable(file, pointer + pointerTo([...path, KEY])));
      Reflect.deleteProperty(object, KEY);
    }
    for (const [key, member] of Object.entries(object)) {
      if (typeof member !== "object" || member === null) continue;
      path.push(key);
      visit(member);
      path.pop();
    }
  };
  if (typeof value === "object" && value !== null) visit(value);
  return findings;
}

function unusable(file: string, pointer: string): Finding {
  return warning(
    "unknown_key",
    pointer,
    `${file} has the key ${KEY}. Apple documents no such key, and Edgepass does not import it.`,
    "Choose another name, or remove the key.",
  );
}
