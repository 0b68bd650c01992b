/**
 * The subject as the rules look at it: the fields with their paths, the images with slot, density and language.
 *
 * Pure; it judges nothing. Follows Apple's "Pass", "PassFields" and "Creating the source for a pass".
 */
import { IMAGE_PATH } from "../images/names.ts";
import { SECTIONS, STYLES, type Style } from "../schema/fields.ts";
import { type Json, listOf, objectOf, textsOf } from "./json.ts";
import type { ImageFacts, LintSubject } from "./subject.ts";

export type Section = (typeof SECTIONS)[number];

export interface ViewedField {
  readonly style: Style;
  readonly section: Section;
  readonly field: Json;
  readonly path: readonly PropertyKey[];
}

export interface ViewedImage {
  /** In the bundle: `fr.lproj/logo@2x.png`. */
  readonly path: string;
  /** `fr`; undefined at the root of the bundle. */
  readonly language: string | undefined;
  readonly slot: string;
  /** Pixels a point. */
  readonly density: number;
  /** In points. */
  readonly width: number;
  readonly height: number;
}

export interface View {
  readonly subject: LintSubject;
  /** A finished file: nobody mends it any more. */
  readonly isFile: boolean;
  /** What is absent is missing. Not for one pass: that is told of its template. */
  readonly isWhole: boolean;
  readonly pass: Json;
  readonly styles: readonly Style[];
  readonly schemes: readonly string[];
  readonly fields: readonly ViewedField[];
  readonly images: readonly ViewedImage[];
  /** Every language that has strings or images, as the subject names it. */
  readonly languages: ReadonlySet<string>;
  /** Semantic tags of the pass and of all its fields. */
  readonly tags: ReadonlySet<string>;
}

export function viewOf(subject: LintSubject): View {
  const pass = objectOf(subject.pass);
  const styles = STYLES.filter((style) => pass[style] !== undefined);
  const fields = styles.flatMap((style) => fieldsOf(style, objectOf(pass[style])));
  const images = [...subject.images].flatMap(([path, facts]) => viewedImage(path, facts) ?? []);
  const languages = new Set(Object.keys(subject.strings));
  for (const { language } of images) if (language !== undefined) languages.add(language);
  const tags = new Set(Object.keys(objectOf(pass.semantics)));
  for (const { field } of fields) for (const tag of Object.keys(objectOf(field.semantics))) tags.add(tag);
  return {
    subject,
    isFile: subject.kind === "file",
    isWhole: subject.kind !== "pass",
    pass,
    styles,
    schemes: textsOf(pass.preferredStyleSchemes),
    fields,
    images,
    languages,
    tags,
  };
}

function fieldsOf(style: Style, fields: Json): ViewedField[] {
  return SECTIONS.flatMap((section) =>
    listOf(fields[section]).map((field, index) => {
      return { style, section, field: objectOf(field), path: ["pass", style, section, index] };
    }),
  );
}

/** Undefined: Wallet has no use for the file. A language that iOS does not know is one here, and judged elsewhere. */
function viewedImage(path: string, { width, height }: ImageFacts): ViewedImage | undefined {
  const [name = "", folder, ...deeper] = path.split("/").reverse();
  const match = IMAGE_PATH.exec(name);
  if (match === null || deeper.length > 0 || folder?.endsWith(".lproj") === false) return undefined;
  const density = Number(match.at(-1)?.charAt(1) ?? 1);
  return {
    path,
    language: folder?.slice(0, -".lproj".length),
    slot: match.at(-2) ?? "",
    density,
    width: width / density,
    height: height / density,
  };
}
