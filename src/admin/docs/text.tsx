/**
 * Descriptions of the OpenAPI document as HTML. Of Markdown they use paragraphs and `code`.
 */
import { Breakable } from "../../breakable.tsx";

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

/** A text with `code`, whose addresses may continue on the next line. */
export function Inline({ text }: { text: string }) {
  return (
    <>{text.split("`").map((part, at) => (at % 2 === 1 ? <code>{part}</code> : <Breakable text={part} />))}</>
  );
}

function asSentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`;
}
