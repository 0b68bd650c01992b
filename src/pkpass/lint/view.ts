/**
 * Prepares the subject for the rules: fields with their paths, images with slot, density and language.
 *
 * It reports no findings. Follows Apple's "Pass", "PassFields" and "Creating the source for a pass".
 */
import type { JsonObject } from "../../json.ts";
import { IMAGE_PATH } from "../images/names.ts";
import { filledTags } from "../scheme-tags.ts";
import { SECTIONS, type Section, STYLES, type Style } from "../styles.ts";
import { asArray, asObject, asStrings } from "./narrow.ts";
import type { LintImage, LintSubject } from "./subject.ts";

export interface ViewedField {
  readonly style: Style;
  readonly section: Section;
  readonly field: JsonObject;
  readonly path: readonly PropertyKey[];
}

export interface ViewedImage {
  /** In the .pkpass: `fr.lproj/logo@2x.png`. */
  readonly path: string;
  /** `fr`; undefined for an image that is not in a language folder. */
  readonly language: string | undefined;
  readonly slot: string;
  /** Pixels per point. */
  readonly density: number;
  /** In points. */
  readonly width: number;
  readonly height: number;
}

export interface View {
  readonly subject: LintSubject;
  /** Whether it is a finished .pkpass, in which Edgepass does not correct anything. */
  readonly isFile: boolean;
  /** Whether to report missing parts. False for a single pass, because they are reported for its template. */
  readonly isWhole: boolean;
  readonly pass: JsonObject;
  readonly styles: readonly Style[];
  readonly schemes: readonly string[];
  readonly fields: readonly ViewedField[];
  readonly images: readonly ViewedImage[];
  /** Every language that has strings or images, as the subject names it. */
  readonly languages: ReadonlySet<string>;
  /** Semantic tags of the pass and of all its fields, without those that are empty. */
  readonly tags: ReadonlySet<string>;
}

export function createView(subject: LintSubject): View {
  const pass = asObject(subject.pass);
  const styles = STYLES.filter((style) => pass[style] !== undefined);
  const fields = styles.flatMap((style) => viewFields(style, asObject(pass[style])));
  const images = [...subject.images].flatMap(([path, image]) => viewImage(path, image) ?? []);
  const languages = new Set(Object.keys(subject.strings));
  for (const { language } of images) if (language !== undefined) languages.add(language);
  const tags = new Set(filledTags(pass.semantics));
  for (const { field } of fields) for (const tag of filledTags(field.semantics)) tags.add(tag);
  return {
    subject,
    isFile: subject.kind === "file",
    isWhole: subject.kind !== "pass",
    pass,
    styles,
    schemes: asStrings(pass.preferredStyleSchemes),
    fields,
    images,
    languages,
    tags,
  };
}

function viewFields(style: Style, fields: JsonObject): ViewedField[] {
  return SECTIONS.flatMap((section) =>
    asArray(fields[section]).map((field, index) => {
      return { style, section, field: asObject(field), path: ["pass", style, section, index] };
    }),
  );
}

/** Undefined if Wallet does not use the file. Languages that iOS does not know are accepted here, and reported by strings.ts. */
function viewImage(path: string, { width, height }: LintImage): ViewedImage | undefined {
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
