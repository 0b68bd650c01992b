/**
 * A schema of the OpenAPI document as HTML: an object as the table of its members, anything else as its type.
 */
import { writeJson } from "../../json.ts";
import { type JsonSchema, nameOf } from "../openapi/json-schema.ts";
import { Inline, Paragraphs } from "./text.tsx";

/** The members of an object; the type of anything else. */
export function Shape({ schema }: { schema: JsonSchema }) {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) return <Type schema={schema} />;
  // Only an answer does not say whether it takes further members. Most of its members are always there.
  const isAnswer = additionalProperties === undefined;
  return (
    <table>
      {Object.entries(properties).map(([name, member]) => (
        <Member name={name} schema={member} mark={markOf(required.includes(name), isAnswer)} />
      ))}
    </table>
  );
}

function markOf(isRequired: boolean, isAnswer: boolean): MemberProps["mark"] {
  if (isAnswer) return isRequired ? undefined : "optional";
  return isRequired ? "required" : undefined;
}

interface MemberProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly mark: "required" | "optional" | undefined;
  readonly description?: string | undefined;
}

/** A member of an object, or a parameter. */
export function Member({ name, schema, mark, description = schema.description }: MemberProps) {
  const inner = schema.properties === undefined ? schema.items : schema;
  return (
    <tr>
      <td>
        <code>{name}</code> {mark && <span class={mark}>{mark}</span>}
      </td>
      <td>
        <span class="soft">
          <Type schema={schema} />
          <Inline text={limitsOf(schema)} />
        </span>
        <Paragraphs text={description} />
        {inner?.properties !== undefined && nameOf(inner) === undefined && <Shape schema={inner} />}
      </td>
    </tr>
  );
}

function Type({ schema }: { schema: JsonSchema }) {
  const name = nameOf(schema);
  const { anyOf, items, type, format, additionalProperties, properties } = schema;
  if (name !== undefined) return <a href={`#schema-${name}`}>{name}</a>;
  if (anyOf !== undefined) {
    return (
      <>
        {anyOf.map((one, at) => (
          <>
            {at > 0 && " or "}
            <Type schema={one} />
          </>
        ))}
      </>
    );
  }
  if (schema.enum !== undefined) return <Inline text={orList(schema.enum)} />;
  if (items !== undefined) {
    return (
      <>
        array of <Type schema={items} />
      </>
    );
  }
  if (properties === undefined && typeof additionalProperties === "object") {
    return (
      <>
        object: key → <Type schema={additionalProperties} />
      </>
    );
  }
  const words = [type ?? "anything"].flat().map((word) => (word === "null" ? "null" : word));
  return <>{words.join(" or ") + (format === undefined ? "" : ` (${format})`)}</>;
}

function orList(values: readonly unknown[]): string {
  return values.map((value) => `\`${writeJson(value)}\``).join(" or ");
}

/** The bound of an id is far above any real id, so it is not shown. */
const NO_BOUND = 1e12;

/** What the schema says besides its type, with a comma before it. */
function limitsOf(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maxLength, maxItems, pattern, deprecated } = schema;
  const maximum = Number(schema.maximum) < NO_BOUND ? schema.maximum : undefined;
  const limits = [
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    minimum !== undefined && maximum === undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `greater than ${exclusiveMinimum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxItems !== undefined && `at most ${maxItems} items`,
    pattern !== undefined && `matches \`${pattern}\``,
    schema.default !== undefined && `default \`${writeJson(schema.default)}\``,
    schema["x-since"] !== undefined && `since iOS ${schema["x-since"]}`,
    Array.isArray(schema["x-known"]) && `such as ${orList(schema["x-known"])}`,
    deprecated === true &&
      (schema["x-instead"] === undefined ? "deprecated" : `deprecated: use \`${schema["x-instead"]}\``),
  ];
  return limits.map((limit) => (limit === false ? "" : `, ${limit}`)).join("");
}
