/**
 * Texts with long addresses, in HTML: a line may end after a slash, and need not end in the middle of a word.
 */

/** The text, with a `<wbr>` after each single slash. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[^/]\/)(?=[^/\s])/);
  return <>{parts.flatMap((part, index) => (index === 0 ? [part] : [<wbr />, part]))}</>;
}
