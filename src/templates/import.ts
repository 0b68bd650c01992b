/**
 * Makes a template from a .pkpass, or from a template of Apple's Pass Designer. Parts that belong only to that pass are removed
 * (own-parts.ts), and repeated field keys are renamed (field-keys.ts). Everything else stays, including keys that Apple does
 * not document.
 *
 * Other values that may belong to one pass stay and are reported (pass-specific.ts). Manifest and signature are ignored,
 * because passes are built and signed by Edgepass. Parts that a template cannot have are reported.
 *
 * It stores nothing: create.ts does.
 */

import type { Strings } from "../db/schema.ts";
import { isObject, pointerTo } from "../json.ts";
import { type Finding, reportFindings, warning } from "../pkpass/finding.ts";
import { IMAGE_PATH, LANGUAGE } from "../pkpass/images/names.ts";
import type { ReadPkpass } from "../pkpass/read/read.ts";
import { withoutControlCharacters } from "./control-characters.ts";
import { renameRepeatedKeys } from "./field-keys.ts";
import { findTemplateFaults, invalidPass, isError, readImageSizes } from "./lint.ts";
import { withoutOwnParts } from "./own-parts.ts";
import type { Images } from "./packs.ts";
import { findPassSpecificValues } from "./pass-specific.ts";
import { replacePlaceholders } from "./placeholders.ts";

type Texts = Readonly<Record<string, string>>;

export interface ImportedTemplate {
  /** Undefined if the file has none. */
  readonly passTypeIdentifier: unknown;
  /** A name for the template: the description in the file. */
  readonly name: string;
  /** pass.json of a template. The linter has validated it. */
  readonly pass: Readonly<Record<string, unknown>>;
  readonly images: Images;
  readonly strings: Strings;
  /** personalization.json, if the file has one. The linter has validated it. */
  readonly personalization: unknown;
  /** "message" if the text under the barcode of each pass is its message. */
  readonly barcodeText: "message" | undefined;
  /** The findings in the file, and a finding for each part that the template does not have. */
  readonly findings: readonly Finding[];
}

/** Codes for parts that a template needs and that cannot be read. Other faults of the archive are not important. */
const UNREADABLE: ReadonlySet<string> = new Set(["missing_pass_json", "broken_image", "broken_strings"]);

/**
 * @param found the findings in the file
 * @param now milliseconds; an expirationDate before it is reported
 * @param name the name of the template, if the request gives one
 * @throws ApiError invalid_pass or number_not_exact, with all findings, if the template would be invalid
 */
export function templateFromPkpass(
  pkpass: ReadPkpass,
  found: readonly Finding[],
  now: number,
  name?: string,
): ImportedTemplate {
  const files = splitFiles(pkpass);
  const { images, left } = files;
  const { pass: content, personalization } = pkpass;
  const readable = withoutControlCharacters({ pass: content, strings: files.strings, personalization });
  const { strings } = readable;
  const whole = isObject(readable.pass) ? readable.pass : undefined;
  const own = withoutOwnParts(whole ?? {});
  const keyed = renameRepeatedKeys(own.pass);
  const filled = replacePlaceholders(keyed.pass, pkpass, name);
  const { pass } = filled;
  const unreadable = found.filter(isUnreadable);
  const judged =
    whole === undefined && unreadable.length > 0
      ? []
      : findTemplateFaults({
          pass: whole === undefined ? readable.pass : pass,
          images: readImageSizes(images),
          strings,
          personalization: readable.personalization,
        });
  // A missing icon.png may be derived from a sharper icon when the template is created (images.ts).
  const errors = [...unreadable, ...judged.filter((one) => isError(one) && one.code !== "missing_icon")];
  const mended = [...readable.findings, ...keyed.findings, ...filled.findings];
  const remaining = withoutMended(found, mended);
  const all = [...remaining, ...mended, ...left, ...own.findings, ...findPassSpecificValues(pass, now)];
  if (errors.length > 0) throw invalidPass(errors, reportFindings([...all, ...errors]));
  return {
    passTypeIdentifier: whole?.passTypeIdentifier,
    name: filled.name,
    pass,
    images,
    strings,
    personalization: readable.personalization,
    barcodeText: own.barcodeText,
    findings: reportFindings(all),
  };
}

/** The findings without those at a mended place, or directly below one: they do not apply to the template. */
function withoutMended(found: readonly Finding[], mended: readonly Finding[]): Finding[] {
  const places = new Set(mended.map(({ pointer }) => pointer));
  return found.filter(
    ({ pointer }) => !places.has(pointer) && !places.has(pointer.slice(0, pointer.lastIndexOf("/"))),
  );
}

function isUnreadable({ code, pointer }: Finding): boolean {
  const isOwn = pointer === "/pass" || pointer === "/personalization";
  return UNREADABLE.has(code) || (code === "invalid_json" && isOwn);
}

/** The images and strings that a template can have, and a finding for each file that is left out. */
function splitFiles({ strings: byFolder, images: byPath }: ReadPkpass) {
  const left: Finding[] = [];
  const strings = new Map<string, Texts>();
  for (const [folder, texts] of Object.entries(byFolder)) {
    const language = toLanguage(folder);
    if (LANGUAGE.test(language)) {
      const earlier = strings.get(language);
      if (earlier !== undefined && differ(earlier, texts))
        left.push(
          notImported(
            `${folder}.lproj/pass.strings`,
            `another folder for ${language} translates some of its texts differently`,
          ),
        );
      strings.set(language, { ...texts, ...earlier });
    } else left.push(notImported(`${folder}.lproj/pass.strings`, "iOS does not know this language"));
  }
  const images = new Map<string, Uint8Array>();
  for (const [path, bytes] of byPath) {
    const name = path.replace(/^[^/]+(?=\.lproj\/)/, toLanguage);
    if (images.has(name)) left.push(notImported(path, `another file is ${name} too`));
    else if (IMAGE_PATH.test(name)) images.set(name, bytes);
    else left.push(notImported(path, "Wallet does not know this image"));
  }
  return { strings: Object.fromEntries(strings), images, left };
}

/** Whether both have a text with different translations. */
function differ(one: Texts, other: Texts): boolean {
  return Object.entries(other).some(
    ([text, translation]) => Object.hasOwn(one, text) && one[text] !== translation,
  );
}

/** `en_GB`, as some tools write it, is `en-GB`. */
function toLanguage(folder: string): string {
  const [language = "", ...others] = folder.split(/[-_]/);
  return [language.toLowerCase(), ...others].join("-");
}

function notImported(path: string, why: string): Finding {
  const message = `${path} was not imported: ${why}.`;
  return warning(
    "not_imported",
    pointerTo(["files", path]),
    message,
    "Add a replacement to the template if it is needed.",
  );
}
