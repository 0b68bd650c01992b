/**
 * Reads a .pkpass that another tool made, or an attacker: the archive within fixed bounds of memory and work, then its
 * parts, each with what is wrong with it. What is wrong with the archive refuses all of it; what is wrong with one file
 * is a finding.
 *
 * Pure: no clock, no keys. Manifest and signature are judged in manifest.ts and verify.ts, what pass.json says in lint.ts.
 * Follows Apple's "Building a Pass" and "Creating the Source for a Pass".
 */
import { error, type Finding, pointerOf, warning } from "../finding.ts";
import { isWholePng, readPngHeader } from "../images/names.ts";
import { checkedChunks } from "../images/png-chunks.ts";
import { readStrings } from "../strings.ts";
import { type Files, openArchive } from "./archive.ts";
import { ArchiveFault, type FaultCode } from "./fault.ts";
import { jsonIn } from "./json-file.ts";

export interface ReadPkpass {
  readonly outcome: "read";
  /** Every file by its path, from the folder on that holds pass.json. */
  readonly files: Files;
  /** pass.json as JSON; undefined if it is absent or broken. */
  readonly pass: unknown;
  /** personalization.json, likewise. */
  readonly personalization: unknown;
  /** The images that are whole PNGs. */
  readonly images: Files;
  /** The pass.strings that can be read, by the name of their folder. */
  readonly strings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly findings: readonly Finding[];
}

/** The archive as a whole is refused. */
export interface ReadFault {
  readonly outcome: "refused";
  readonly code: FaultCode;
  /** The entry that it is about. */
  readonly path: string | undefined;
  readonly why: string;
}

/** A pass.json has some KB; a rule for each of its keys has to stay quick. */
const MOST_TEXT_BYTES = 512 * 1024;
/** Of all JSON and strings: what is parsed takes many times the memory of its bytes, and a Worker has 128 MB. */
const MOST_TEXT_BYTES_IN_ALL = 2 * 1024 * 1024;
/** More than iOS itself has. */
const MOST_LANGUAGES = 100;
const MOST_STRINGS = 20_000;
/** What packers and desktops leave behind, before everything else looks at the names. */
const LITTER = /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/;
const OWN_FILES = new Set(["pass.json", "manifest.json", "signature", "personalization.json"]);
const STRINGS_PATH = /^([^/]+)\.lproj\/pass\.strings$/;
const IMAGE_PATH = /^([^/]+\.lproj\/)?[^/]+\.png$/;

/** All that the file says of itself, without judging it. */
export function readPkpass(bytes: Uint8Array): ReadPkpass | ReadFault {
  try {
    const archive = openArchive(bytes);
    judgeTexts(archive);
    return partsOf(archive);
  } catch (fault) {
    if (!(fault instanceof ArchiveFault)) throw fault;
    return { outcome: "refused", code: fault.code, path: fault.path, why: fault.message };
  }
}

/** @throws ArchiveFault too_many_strings */
function partsOf(archive: Files): ReadPkpass {
  const { files, findings } = unwrapped(archive);
  const pass = jsonIn(files, "pass.json", "/pass", findings);
  const personalization = jsonIn(files, "personalization.json", "/personalization", findings);
  if (!files.has("pass.json")) findings.push(missingPass(files));
  const images = new Map<string, Uint8Array>();
  const strings: [string, Readonly<Record<string, string>>][] = [];
  let translations = 0;
  for (const [path, content] of files) {
    const language = STRINGS_PATH.exec(path)?.[1];
    if (language !== undefined) {
      const read = stringsIn(content, path, findings);
      if (read === undefined) continue;
      translations += Object.keys(read).length;
      if (translations > MOST_STRINGS) {
        const why = `The pass.strings have more than ${MOST_STRINGS} translations together.`;
        throw new ArchiveFault("too_many_strings", why, path);
      }
      strings.push([language, read]);
    } else if (IMAGE_PATH.test(path) && !LITTER.test(path)) {
      const fault = imageFault(content);
      if (fault === undefined) images.set(path, content);
      else findings.push(brokenImage(path, fault));
    } else if (!OWN_FILES.has(path)) {
      findings.push(strayFile(path));
    }
  }
  return {
    outcome: "read",
    files,
    pass,
    personalization,
    images,
    strings: Object.fromEntries(strings),
    findings,
  };
}

/** What is wrong with an image's bytes, or undefined. */
export function imageFault(bytes: Uint8Array): string | undefined {
  if (readPngHeader(bytes) !== undefined) {
    if (!isWholePng(bytes)) return "is cut short: its PNG has no end";
    return checkedChunks(bytes) === undefined
      ? "is damaged: a part of its PNG has a wrong checksum, or is of no known kind"
      : undefined;
  }
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  return isJpeg ? "is a JPEG, whatever its name says" : "is no PNG";
}

export function brokenImage(path: string, fault: string): Finding {
  return error(
    "broken_image",
    pointerOf(["images", path]),
    `${path} ${fault}.`,
    "Export the image anew as a PNG: Wallet shows nothing else.",
  );
}

/** Before any is parsed. @throws ArchiveFault, for texts that would take long, or much memory, to judge */
function judgeTexts(files: Files): void {
  let bytes = 0;
  let languages = 0;
  for (const [path, content] of files) {
    if (/\.(json|strings)$/.test(path)) bytes += content.length;
    if (path.endsWith(".lproj/pass.strings")) languages += 1;
    if (/\.(json|strings)$|(^|\/)signature$/.test(path) && content.length > MOST_TEXT_BYTES)
      throw new ArchiveFault(
        "file_too_large",
        `It has more than ${MOST_TEXT_BYTES} bytes, and no pass does.`,
        path,
      );
  }
  if (bytes > MOST_TEXT_BYTES_IN_ALL) {
    const why = `Its JSON and strings have more than ${MOST_TEXT_BYTES_IN_ALL} bytes together, and no pass does.`;
    throw new ArchiveFault("too_much_text", why, undefined);
  }
  if (languages > MOST_LANGUAGES) {
    const why = `It is translated into more than ${MOST_LANGUAGES} languages, and no pass is.`;
    throw new ArchiveFault("too_many_languages", why, undefined);
  }
}

/** Takes the files out of the one folder that all of them are in: who packs a folder gets that. */
function unwrapped(files: Files): { files: Files; findings: Finding[] } {
  if (files.has("pass.json")) return { files, findings: [] };
  const inside = [...files.keys()].find((path) => /^[^/]+\/pass\.json$/.test(path) && !LITTER.test(path));
  const folder = inside?.slice(0, -"pass.json".length);
  const all = [...files].filter(([path]) => !LITTER.test(path));
  if (folder === undefined || !all.every(([path]) => path.startsWith(folder))) return { files, findings: [] };
  const finding = error(
    "wrapped_in_folder",
    pointerOf(["files", folder.slice(0, -1)]),
    `All files are inside of a folder, "${folder.slice(0, -1)}", and Wallet looks for pass.json beside it.`,
    "Pack what is in the folder, not the folder: cd into it, then zip -r ../pass.pkpass .",
  );
  const taken = [...files].map(([path, content]): [string, Uint8Array] => [
    path.startsWith(folder) ? path.slice(folder.length) : path,
    content,
  ]);
  return { files: new Map(taken), findings: [finding] };
}

function stringsIn(content: Uint8Array, path: string, findings: Finding[]) {
  const read = readStrings(content);
  const pointer = pointerOf(["files", path]);
  if (read.outcome === "broken") {
    findings.push(
      error(
        "broken_strings",
        pointer,
        `${path} cannot be read: ${read.why}.`,
        'Write lines such as "Terms" = "Conditions"; and save them as UTF-8, or as UTF-16 with a byte order mark.',
      ),
    );
    return undefined;
  }
  const [doubt] = read.doubts;
  if (doubt !== undefined) {
    const more = read.doubts.length > 1 ? `, and there are more of the kind` : "";
    findings.push(
      warning("doubtful_strings", pointer, `${path}: ${doubt}${more}.`, "Correct the line, or remove it."),
    );
  }
  return read.strings;
}

function missingPass(files: Files): Finding {
  const alike = [...files.keys()].find((path) => path.toLowerCase() === "pass.json");
  const isCollection = [...files.keys()].some((path) => path.endsWith(".pkpass"));
  const cure =
    alike !== undefined
      ? `Rename ${alike} to pass.json.`
      : isCollection
        ? "Unpack it, and send one .pkpass of those in it."
        : "Add pass.json at the top of the archive.";
  return error("missing_pass_json", "/pass", "There is no pass.json.", cure);
}

function strayFile(path: string): Finding {
  const [why, cure] = LITTER.test(path)
    ? ["was left by a desktop, and is no part of a pass", "Pack without it: zip -X, and no Finder."]
    : path.endsWith(".pkpass")
      ? ["is a pass inside of a pass", "Send each pass by itself, or all of them as a .pkpasses file."]
      : ["is no file that Wallet knows", "Remove it."];
  return warning("stray_file", pointerOf(["files", path]), `${path} ${why}.`, cure);
}
