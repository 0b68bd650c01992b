/**
 * What a key may do, in words: what it reaches, until when, and whether it can scan at all.
 */
import type { Me } from "./me.ts";
import { endWords, eventDayWords, timeFrom } from "./times.ts";

/** "Berlin, 12 June only", "Berlin, 12 June, and 3 more", or "All passes". */
export function scopeWords({ scope, resources }: Pick<Me, "scope" | "resources">, now: number): string {
  if (scope === null) return "All passes";
  if (resources === null) return "Only some passes";
  const { events, projects, templates } = resources;
  const names = [
    ...events.map(({ name, date }) => [name, eventDayWords(date ?? "", now)].filter(Boolean).join(", ")),
    ...projects.map(({ name }) => name),
    ...templates.map(({ name }) => name),
  ];
  const [first, ...others] = names;
  if (first === undefined) return "No passes: what this key was for has been deleted";
  return others.length === 0 ? `${first} only` : `${first}, and ${others.length} more`;
}

/** "Until Saturday 18:00". Empty if the key does not end. */
export function keyEndWords({ expiresAt }: Pick<Me, "expiresAt">, now: number): string {
  const end = timeFrom(expiresAt);
  return end === undefined ? "" : `Until ${endWords(end, now)}`;
}

/** Whether the role of the key may send scans. A role that this page does not know may. */
export function canScan({ role }: Pick<Me, "role">): boolean {
  return role !== "reader";
}
