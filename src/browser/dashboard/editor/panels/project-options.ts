/**
 * The projects that a template can be put into, for a choice. Pure.
 */
import type { Named } from "../../admin-answers.ts";

/**
 * @param projects those that have arrived so far
 * @param chosen the project of the draft. It is always an option
 */
export function projectOptions(
  projects: readonly Named[],
  chosen: number | null,
  mayHaveNone: boolean,
): readonly (readonly [value: string, text: string])[] {
  const isMissing = chosen !== null && !projects.some(({ id }) => id === chosen);
  return [
    ...(mayHaveNone || chosen === null ? [["", "None"] as const] : []),
    ...projects.map(({ id, name }) => [String(id), name] as const),
    ...(isMissing ? [[String(chosen), `Project ${chosen}`] as const] : []),
  ];
}
