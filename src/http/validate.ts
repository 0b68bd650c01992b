/**
 * Validates the input of a client with a zod schema. A mismatch becomes an ApiError with pointers to the faults.
 *
 * Follows RFC 9457 (problem details) and RFC 6901 (JSON Pointer).
 */
import * as z from "zod";
import { ApiError, type ErrorCode, isErrorCode } from "../errors.ts";
import { findValues, isBeyondDoubles, isExactNumber, pointerTo } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { limitText } from "../pkpass/finding.ts";
import { describeIssue, explainIssues } from "../pkpass/lint/issue-texts.ts";
import { safeParseExactly } from "../pkpass/schema/exact-number.ts";
import { hasControlCharacter, isForMachines } from "../pkpass/text/control-characters.ts";

/** An integer id in a path. */
export const numericId = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "must be a positive integer")
    .transform(Number),
});

/**
 * Members of a body that have their own error codes, because Wallet and not the API defines the rules for their
 * content.
 */
const CODE_BY_MEMBER: Readonly<Record<string, ErrorCode>> = {
  pass: "invalid_pass",
  images: "invalid_image",
  personalization: "invalid_pass",
};

/** A longer list would not help anyone, and an error response must stay small. */
const MAX_REPORTED_FAULTS = 200;

/**
 * Parses a value with a schema.
 * @param code the code of the error. With invalid_body, a fault in pass, images or personalization has its own code.
 * @throws ApiError with a pointer to the first fault, and all faults if there are several
 */
export function validate<Schema extends z.ZodType<object>>(
  schema: Schema,
  value: unknown,
  code: ErrorCode,
): z.output<Schema> {
  const parsed = parse(schema, value, code);
  if (parsed.success) return parsed.data;
  throw toApiError(explainIssues(parsed.error.issues), code, schema);
}

/**
 * zod passes all issues of an array as arguments of one call, and a few hundred thousand arguments overflow the stack.
 */
function parse<Schema extends z.ZodType<object>>(schema: Schema, value: unknown, code: ErrorCode) {
  try {
    return safeParseExactly(schema, value, describeIssue);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = "Too many validation errors to list. Check the item types of the arrays in the body.";
    throw new ApiError(code, detail);
  }
}

function toApiError(issues: readonly z.core.$ZodIssue[], code: ErrorCode, schema: z.ZodType): ApiError {
  const [first] = issues;
  if (first === undefined) return new ApiError(code, "The value does not match the schema.", { pointer: "" });
  const path = pathOf(first);
  const memberCode = ownCode(first) ?? (path.length > 1 ? CODE_BY_MEMBER[String(path[0])] : undefined);
  const faults = issues.slice(0, MAX_REPORTED_FAULTS).map((issue) => ({
    pointer: pointerTo(pathOf(issue)),
    message: messageOf(issue),
  }));
  const detail = (code === "invalid_parameter" && unknownParameter(first, schema)) || messageOf(first);
  return new ApiError(code === "invalid_body" ? (memberCode ?? code) : code, detail, {
    pointer: pointerTo(path),
    ...(issues.length > 1 ? { extra: { faults } } : {}),
  });
}

/** What is wrong with an unknown parameter, and which ones there are; undefined for another issue. */
function unknownParameter(issue: z.core.$ZodIssue, schema: z.ZodType): string | undefined {
  if (issue.code !== "unrecognized_keys" || !(schema instanceof z.ZodObject)) return undefined;
  const known = Object.keys(schema.shape).join(", ") || "no parameters";
  return `"${limitText(issue.keys[0] ?? "")}" is not a known parameter. This route takes ${known}.`;
}

/** The code that the schema gives to the issue itself. */
function ownCode(issue: z.core.$ZodIssue): ErrorCode | undefined {
  const code: unknown = issue.code === "custom" ? issue.params?.errorCode : undefined;
  return isErrorCode(code) ? code : undefined;
}

/** zod reports an unknown key with the path of its object; this function reports the path of the key. */
function pathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
}

function messageOf(issue: z.core.$ZodIssue): string {
  const where = limitText(pathOf(issue).map(String).join("."));
  if (issue.code === "unrecognized_keys") return `"${where}" is not a known key.`;
  const said = limitText(issue.message);
  const subject = where === "" ? "The body" : `"${where}"`;
  if (/^(must|is) /.test(said)) return `${subject} ${said}`;
  return where === "" ? said : `${subject}: ${said}`;
}

/**
 * Refuses a JSON value with an unpaired surrogate in a text or key, which remains when a program cuts an emoji in half.
 * D1 would store other characters, and Wallet could not read the pass.
 * @throws ApiError invalid_body
 */
export function refuseUnpairedSurrogates(value: unknown): void {
  const path = findText(value, (text) => !text.isWellFormed());
  if (path === undefined) return;
  const detail = "A text or key contains half a character (an unpaired surrogate).";
  throw new ApiError("invalid_body", detail, { pointer: pointerTo(path) });
}

/**
 * Refuses a JSON value with a control character in a text or key that people read.
 * @throws ApiError invalid_body
 */
export function refuseControlCharacters(body: unknown): void {
  const path = findText(body, (text, at) => hasControlCharacter(text) && !isForMachines(at));
  if (path === undefined) return;
  const detail = "A text or key contains a control character. Only line breaks and tabs are allowed.";
  throw new ApiError("invalid_body", detail, { pointer: pointerTo(path) });
}

type TextFault = (text: string, path: readonly PropertyKey[]) => boolean;

/** @returns the path to the text with the fault, or to the object whose key has it; undefined if there is none */
function findText(value: unknown, isFault: TextFault, path: PropertyKey[] = []): PropertyKey[] | undefined {
  if (typeof value === "string") return isFault(value, path) ? path : undefined;
  if (typeof value !== "object" || value === null || isExactNumber(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (isFault(key, path)) return path;
    const found = findText(member, isFault, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Refuses what could not be stored as it was sent: the key `__proto__`, which JavaScript may drop when it copies an object,
 * and numbers that are larger than every double or very long.
 * @param path of the value in the body
 * @throws ApiError key_not_allowed or number_not_exact
 */
export function refuseUnstorable(value: unknown, path: readonly PropertyKey[] = []): void {
  const isTooLong = (member: unknown) =>
    isExactNumber(member) && member.rawJSON.length > MAX_CHARACTERS.exactNumber;
  const [found] = findValues(
    value,
    (member, key) => key === "__proto__" || isBeyondDoubles(member) || isTooLong(member),
    1,
  );
  if (found === undefined) return;
  const [code, detail]: [ErrorCode, string] =
    found.path.at(-1) === "__proto__"
      ? ["key_not_allowed", "Edgepass cannot store the key __proto__. Choose another name."]
      : [
          "number_not_exact",
          `The number is larger than every double (1.8e308), or has more than ${MAX_CHARACTERS.exactNumber} digits. Send it as a string.`,
        ];
  throw new ApiError(code, detail, { pointer: pointerTo([...path, ...found.path]) });
}
