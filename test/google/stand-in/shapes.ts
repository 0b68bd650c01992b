/**
 * Reads the tables of Google's resources (shared-shapes.ts, class-shapes.ts, object-shapes.ts) and compares a JSON value with them.
 *
 * A shape is one text: its members, separated by spaces, each with its type. `*` means required, `[]` means a list. A type is a
 * primitive, the name of another shape, or the words of an enum: `transitType*:BUS|RAIL`.
 */

/** What is wrong with one member. `unknown` is a name that the shape does not have. */
export interface Fault {
  readonly kind: "unknown" | "missing" | "invalid";
  /** `textModulesData[0].id`; empty for the resource itself. */
  readonly at: string;
  readonly message: string;
}

export type Json = unknown;
export type JsonMembers = Readonly<Record<string, Json>>;

export function isMembers(value: Json): value is JsonMembers {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: Json) => typeof value === "string" && value !== "";
const matches = (pattern: RegExp) => (value: Json) => typeof value === "string" && pattern.test(value);
const DATE = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?`;
const OFFSET = String.raw`(Z|[+-]\d\d:?\d\d)`;

const PRIMITIVES: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ["string", (value: Json) => typeof value === "string"],
  ["text", isText],
  ["boolean", (value: Json) => typeof value === "boolean"],
  ["number", (value: Json) => typeof value === "number" && Number.isFinite(value)],
  ["int", (value: Json) => Number.isInteger(value)],
  // JSON has no 64-bit integers, so Google writes them as text.
  ["int64", matches(/^-?\d{1,19}$/)],
  ["colour", matches(/^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$/)],
  ["id", matches(/^\d+\.[A-Za-z0-9._-]+$/)],
  ["moduleId", matches(/^[^.\s]+$/)],
  ["language", matches(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)],
  ["country", matches(/^[A-Z]{2}$/)],
  ["currency", matches(/^[A-Z]{3}$/)],
  ["digits", matches(/^\d+$/)],
  // A local instance has no TLS, so its own images are the exception.
  ["https", matches(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])\S+$/)],
  ["address", matches(/^[a-z][a-z0-9+.-]*:\S+/)],
  ["date", matches(new RegExp(`^${DATE}${OFFSET}?$`))],
  ["offsetDate", matches(new RegExp(`^${DATE}${OFFSET}$`))],
  ["localDate", matches(new RegExp(`^${DATE}$`))],
  ["airport", matches(/^[A-Z]{3}$/)],
  ["iata", matches(/^[A-Z0-9]{2}$/)],
  ["icao", matches(/^[A-Z]{3}$/)],
  ["fieldPath", matches(/^(class|object)\.[A-Za-z]+((\.[A-Za-z]+)|(\['[^'\]]+'\]))*$/)],
]);

interface Member {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
}
export type Shapes = ReadonlyMap<string, ReadonlyMap<string, Member>>;

const MEMBER = /^(\w+)(\*?):([\w|]+)(\[\])?$/;

export function readShapes(texts: Readonly<Record<string, string>>): Shapes {
  return new Map(Object.entries(texts).map(([shape, text]) => [shape, readShape(shape, text)]));
}

function readShape(shape: string, text: string): ReadonlyMap<string, Member> {
  const members = text.split(/\s+/).filter(Boolean);
  return new Map(
    members.map((member) => {
      const [, name, star, type, list] = MEMBER.exec(member) ?? [];
      if (name === undefined || type === undefined)
        throw new Error(`The shape ${shape} has a malformed member: ${member}`);
      return [name, { name, type, isRequired: star === "*", isList: list === "[]" }];
    }),
  );
}

/** The faults of a value that should have this shape. */
export function compare(shapes: Shapes, shape: string, value: Json, at = ""): Fault[] {
  const members = shapes.get(shape);
  if (members === undefined) throw new Error(`There is no shape ${shape}`);
  if (!isMembers(value)) return [invalid(at, value)];
  const within = (name: string) => (at === "" ? name : `${at}.${name}`);
  const missing = [...members.values()].filter(
    ({ name, isRequired }) => isRequired && value[name] === undefined,
  );
  return [
    ...missing.map(({ name }) => fault("missing", within(name), `${within(name)} is required.`)),
    ...Object.entries(value).flatMap(([name, given]) => {
      const member = members.get(name);
      if (member === undefined) return [unknown(at, name)];
      return member.isList
        ? compareList(shapes, member, given, within(name))
        : compareOne(shapes, member, given, within(name));
    }),
  ];
}

function compareList(shapes: Shapes, member: Member, value: Json, at: string): Fault[] {
  if (!Array.isArray(value)) return [invalid(at, value)];
  return value.flatMap((each, index) => compareOne(shapes, member, each, `${at}[${index}]`));
}

function compareOne(shapes: Shapes, { type }: Member, value: Json, at: string): Fault[] {
  if (shapes.has(type)) return compare(shapes, type, value, at);
  const primitive = PRIMITIVES.get(type);
  if (primitive === undefined && /[a-z]/.test(type)) throw new Error(`There is no type ${type}`);
  const fits = primitive ?? ((given: Json) => type.split("|").some((word) => word === given));
  return fits(value) ? [] : [invalid(at, value)];
}

function fault(kind: Fault["kind"], at: string, message: string): Fault {
  return { kind, at, message };
}

function invalid(at: string, value: Json): Fault {
  return fault("invalid", at, `Invalid value at '${at}': ${JSON.stringify(value)}`);
}

function unknown(at: string, name: string): Fault {
  const where = at === "" ? "" : ` at '${at}'`;
  return fault(
    "unknown",
    at,
    `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`,
  );
}
