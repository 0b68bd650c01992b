/**
 * Descriptions of the OpenAPI document as HTML. Of Markdown they use paragraphs and `code`; addresses are links.
 */

/** A description as paragraphs. */
export function Paragraphs({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <>
      {text.split("\n\n").map((paragraph) => (
        <p>
          <Inline text={asSentence(paragraph)} />
        </p>
      ))}
    </>
  );
}

/** A text with `code`. */
export function Inline({ text }: { text: string }) {
  return (
    <>{text.split("`").map((part, at) => (at % 2 === 1 ? <code>{part}</code> : <Linked text={part} />))}</>
  );
}

/** A dot or a bracket after it is no part of an address. */
const ADDRESS = /(https:\/\/\S*[\w/])/;

function Linked({ text }: { text: string }) {
  return <>{text.split(ADDRESS).map((part, at) => (at % 2 === 1 ? <a href={part}>{part}</a> : part))}</>;
}

function asSentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`;
}
