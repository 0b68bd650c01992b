/**
 * What the objects of a class take from template and event. If it is the same before and after a change of them, no object changes,
 * and the change is one call. Pure.
 */
import { writeJson } from "../json.ts";
import { renderClass, type SharedSource } from "./render.ts";

/**
 * A text that is the same as before if no object of the class can have changed. If in doubt it differs: then each object is rendered
 * once, and only those that differ are sent.
 */
export function objectBasisOf(source: SharedSource): string {
  return writeJson(renderClass(source).resource);
}
