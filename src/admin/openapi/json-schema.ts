/**
 * zod schemas as JSON Schema 2020-12, the dialect of OpenAPI 3.1. A schema with a name (`.meta({ id: "Pass" })`) is
 * written once, under components, and referred to everywhere else.
 */
import * as z from "zod";
import { isObject, parseJson, writeJson } from "../../json.ts";
import { describeField } from "./fields.ts";

/** The keywords that this program reads, and all others. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

/**
 * Whether the schema describes what a client sends or what it receives: the two differ if a schema has defaults or
 * transforms.
 */
export type Direction = "input" | "output";

export interface SchemaWriter {
  /**
   * Writes a schema, or a reference to it if it has a name.
   * @throws Error if two schemas have the same name
   */
  readonly write: (schema: z.ZodType, direction: Direction) => JsonSchema;
  /** The named schemas among those written so far, sorted by name. */
  readonly components: () => Record<string, JsonSchema>;
}

/** Creates the writer of one document. */
export function createSchemaWriter(): SchemaWriter {
  const named = new Map<string, JsonSchema>();
  const written = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };

  function addNamed(name: string, schema: JsonSchema): void {
    const other = named.get(name);
    if (other !== undefined && writeJson(other) !== writeJson(schema)) {
      throw new Error(`Two different schemas have the id ${name}`);
    }
    named.set(name, schema);
  }

  return {
    write(schema, direction) {
      const known = written[direction].get(schema);
      if (known !== undefined) return known;
      const { root, definitions } = convert(schema, direction);
      for (const [name, definition] of Object.entries(definitions)) addNamed(name, definition);
      written[direction].set(schema, root);
      return root;
    },
    components: () => Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** zod writes a root in full even if it has a name. So the schema is converted as a member of an object. */
function convert(schema: z.ZodType, io: Direction) {
  const wrapped = z.toJSONSchema(z.object({ root: schema }), {
    io,
    unrepresentable: "any",
    override,
  });
  const text = writeJson(wrapped).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/');
  // zod writes JSON Schema.
  const { properties, $defs = {} } = parseJson(text) as Converted;
  const definitions = Object.entries($defs).map(([name, { id: _, ...definition }]) => [
    name,
    describeMembers(definition, io, name),
  ]);
  return {
    root: describeMembers(properties.root, io),
    definitions: Object.fromEntries(definitions) as Record<string, JsonSchema>,
  };
}

interface Definitions {
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

interface Converted extends Definitions {
  readonly properties: { readonly root: JsonSchema };
}

/** A schema with all that it refers to, under $defs. */
export function selfContained(schema: z.ZodType, io: Direction): JsonSchema {
  const written = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  // zod writes JSON Schema, with functions that JSON leaves out. A root with a name refers to itself.
  const { id: _, $ref, ...rest } = parseJson(writeJson<object>(written)) as JsonSchema & Definitions;
  const named = rest.$defs?.[$ref?.replace("#/$defs/", "") ?? ""];
  return describeMembers({ ...rest, ...named }, io);
}

/** The name of the schema that is referred to; undefined if the schema is written in full. */
export function nameOf({ $ref }: JsonSchema): string | undefined {
  return /^#\/components\/schemas\/(\w+)$/.exec(String($ref))?.[1];
}

/**
 * Describes the members of an object, where the schema does not (fields.ts). An object of pass.json takes further members:
 * Apple describes those.
 */
function describeMembers(schema: JsonSchema, direction: Direction, component = ""): JsonSchema {
  if (schema.properties === undefined || isObject(schema.additionalProperties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, member]) => {
    const { default: absent, description = describeField(component, name), ...rest } = member;
    // Generators such as openapi-typescript require a member that has a default, also of what a client sends.
    const texts = [
      description,
      direction === "input" && absent !== undefined && `Default: ${writeJson(absent)}`,
    ];
    const text = texts.filter(Boolean).join(". ");
    const kept = direction === "input" ? rest : member;
    return [name, text === "" ? kept : { ...kept, description: text }];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/**
 * Keywords that this program defines, such as the metadata of pkpass/schema. OpenAPI reserves the prefix x- for them.
 */
const OWN_KEYWORDS = ["since", "known", "instead"];

interface Written {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Changes what zod wrote for one schema. */
function override({ zodSchema, jsonSchema }: Written): void {
  for (const keyword of OWN_KEYWORDS) {
    if (jsonSchema[keyword] === undefined) continue;
    jsonSchema[`x-${keyword}`] = jsonSchema[keyword];
    delete jsonSchema[keyword];
  }
  // zod forbids additional members in every output object, but a later version of the API may add members to a
  // response.
  if (zodSchema._zod.def.type === "object" && zodSchema._zod.def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
  // zod's own regular expression for a time has 250 characters, and the format has the same meaning.
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  // The bounds of z.int() are only those of JavaScript's safe integers.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
