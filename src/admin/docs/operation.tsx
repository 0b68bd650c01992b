/**
 * One operation of the reference page: its call, its parameters, its body, its answers and its refusals.
 */
import type { WrittenContent, WrittenOperation } from "../openapi/write-operation.ts";
import { Member, Shape } from "./schema.tsx";
import { Inline, Paragraphs } from "./text.tsx";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: WrittenOperation;
}

/** One operation of the reference. */
export function Operation({ method, path, operation }: Call) {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const answers = Object.entries(responses);
  return (
    <article id={operationId}>
      <a class="anchor" href={`#${operationId}`}>
        {operationId}
      </a>
      <h3>{summary}</h3>
      <p class="call">
        <span class={`method ${method}`}>{method.toUpperCase()}</span>
        <code>{path}</code>
      </p>
      <Paragraphs text={description} />
      {parameters && (
        <>
          <h4>Parameters</h4>
          <table>
            {parameters.map(({ name, required, schema, description }) => (
              <Member
                name={name}
                schema={schema}
                mark={required ? "required" : undefined}
                description={description}
              />
            ))}
          </table>
        </>
      )}
      {requestBody && (
        <>
          <h4>{requestBody.required ? "Body" : "Body (optional)"}</h4>
          <Content content={requestBody.content} />
        </>
      )}
      <h4>Answer</h4>
      {answers
        .filter(([status]) => status < "400")
        .map(([status, { description, content }]) => (
          <>
            <p>
              <span class="status">{status}</span> <Inline text={description} />
            </p>
            {content && <Content content={content} />}
          </>
        ))}
      <h4>Refusals</h4>
      <ul>
        {answers
          .filter(([status]) => status >= "400")
          .map(([status, { description }]) => (
            <Refusals status={status} description={description} />
          ))}
      </ul>
    </article>
  );
}

function Content({ content }: { content: WrittenContent }) {
  return (
    <>
      {Object.entries(content).map(([type, { schema, example, examples = {} }]) => (
        <>
          <p class="soft">
            <code>{type}</code> {type.endsWith("json") && <Shape schema={schema} />}
          </p>
          {example !== undefined && <Example value={example} />}
          {Object.values(examples).map(({ summary, value }) => (
            <>
              <p class="soft">
                <Inline text={summary} />
              </p>
              <Example value={value} />
            </>
          ))}
        </>
      ))}
    </>
  );
}

function Example({ value }: { value: unknown }) {
  return (
    <pre>
      <code>{JSON.stringify(value, null, 2)}</code>
    </pre>
  );
}

/** The description of a refusal is a list of codes and their meanings, separated by semicolons (write-operation.ts). */
function Refusals({ status, description }: { status: string; description: string }) {
  return (
    <li>
      {description.split("; ").map((refusal) => {
        const [code, ...meaning] = refusal.split(": ");
        return (
          <div>
            <span class="status">{status}</span> <code>{code}</code>{" "}
            <span class="soft">{meaning.join(": ")}</span>
          </div>
        );
      })}
    </li>
  );
}
