/**
 * The labels of the editor's inputs whose rules only the service knows, by the pointer of their member. The panels show them, and a
 * refusal of the service names the input by its label. Pure.
 */
export const INPUT_LABELS = {
  "/name": "Name of the template",
  "/contact": "Contact (optional)",
  "/externalId": "External ID (optional)",
  "/passTypeIdentifier": "Pass type",
  "/join/slug": "Address",
  "/join/title": "Heading",
  "/join/text": "Text below the heading",
  "/join/consent": "What people agree to",
  "/join/cap": "Passes in total",
  "/join/perNetworkPerDay": "Per network and day",
  "/join/closesAt": "Closes at",
  "/join/tag": "Tag of the passes",
  "/google/language": "Language of the texts (optional)",
  "/google/venueAddress": "Address of the venue (optional)",
} as const;

export function inputLabelAt(pointer: string): string | undefined {
  const labels: Readonly<Record<string, string>> = INPUT_LABELS;
  return labels[pointer];
}
