/**
 * Reads a .pkpass of another tool, or of an attacker: the archive with limited memory and work, then its files. A fault of
 * the archive rejects it as a whole; a fault of one file is a finding.
 *
 * Pure: no clock and no keys. manifest.ts and verify.ts check manifest and signature, lint.ts checks the content.
 * Follows Apple's "Building a Pass" and "Creating the Source for a Pass".
 */
import { pointerTo } from "../../json.ts";
import { PARSED } from "../../memory.ts";
import { error, type Finding, warning } from "../finding.ts";
import { isWholePng, readPngHeader } from "../images/names.ts";
import { hasValidChunks } from "../images/png-chunks.ts";
import { readStrings } from "../strings.ts";
import { type Files, openArchive, TEXT_PATH } from "./archive.ts";
import {
  documentName,
  isDesignerTemplate,
  TOOLING_FILE,
  toolingFindings,
  withoutEditorIds,
} from "./designer.ts";
import { ArchiveFault, type FaultCode } from "./fault.ts";
import { readJsonFile } from "./json-file.ts";

export interface ReadPkpass {
  readonly outcome: "read";
  /** `template`: of Apple's Pass Designer, not signed and without an identity (designer.ts). */
  readonly kind: "pass" | "template";
  /** The name of the document in Pass Designer; undefined if the file does not have it. */
  readonly documentName: string | undefined;
  /** All files by path, relative to the folder of pass.json. */
  readonly files: Files;
  /** pass.json, parsed, without the ids of Pass Designer; undefined if it is absent or invalid. */
  readonly pass: unknown;
  /** personalization.json, likewise. */
  readonly personalization: unknown;
  /** The images that are complete PNGs. */
  readonly images: Files;
  /** The translations by language folder, without those that cannot be read. */
  readonly strings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly findings: readonly Finding[];
}

/** The archive is rejected as a whole. */
export interface ReadFault {
  readonly outcome: "refused";
  readonly code: FaultCode;
  /** The entry with the fault. */
  readonly path: string | undefined;
  readonly why: string;
}

/** iOS itself has fewer languages. */
const MAX_LANGUAGES = 100;
/** Files that archive tools and desktops add. They are recognised before other names. */
const SYSTEM_FILE = /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/;
const KNOWN_FILES = new Set([
  "pass.json",
  "manifest.json",
  "signature",
  "personalization.json",
  TOOLING_FILE, // designer.ts reports it
]);
const STRINGS_PATH = /^([^/]+)\.lproj\/pass\.strings$/;
const IMAGE_PATH = /^([^/]+\.lproj\/)?[^/]+\.png$/;
const PDF_PATH = /^([^/]+\.lproj\/)?[^/]+\.pdf$/i;

/** Reads the files of a .pkpass, and reports those that are invalid. It does not check the content. */
export function readPkpass(bytes: Uint8Array): ReadPkpass | ReadFault {
  try {
    const archive = openArchive(bytes);
    checkTextSizes(archive);
    return readFiles(archive);
  } catch (fault) {
    if (!(fault instanceof ArchiveFault)) throw fault;
    return { outcome: "refused", code: fault.code, path: fault.path, why: fault.message };
  }
}

/** @throws ArchiveFault too_many_strings */
function readFiles(archive: Files): ReadPkpass {
  const { files, folder } = unwrapFolder(archive);
  const isTemplate = isDesignerTemplate(files, folder);
  const findings: Finding[] = [...toolingFindings(files)];
  // A template is a folder. Finder zips the folder itself, and adds files of its own.
  if (folder !== undefined && !isTemplate) findings.push(wrappedInFolder(folder));
  const pass = withoutEditorIds(readJsonFile(files, "pass.json", "/pass", findings), findings);
  const personalization = readJsonFile(files, "personalization.json", "/personalization", findings);
  if (!files.has("pass.json")) findings.push(missingPass(files));
  const images = new Map<string, Uint8Array>();
  const strings: [string, Readonly<Record<string, string>>][] = [];
  let translations = 0;
  for (const [path, content] of files) {
    const language = STRINGS_PATH.exec(path)?.[1];
    if (language !== undefined) {
      const read = readStringsFile(content, path, findings);
      if (read === undefined) continue;
      translations += Object.keys(read).length;
      if (translations > PARSED.translations) {
        const why = `The pass.strings files have more than ${PARSED.translations} translations in total.`;
        throw new ArchiveFault("too_many_strings", why, path);
      }
      strings.push([language, read]);
    } else if (IMAGE_PATH.test(path) && !SYSTEM_FILE.test(path)) {
      const fault = findImageFault(content);
      if (fault === undefined) images.set(path, content);
      else findings.push(brokenImage(path, fault));
    } else if (PDF_PATH.test(path) && !SYSTEM_FILE.test(path)) {
      findings.push(pdfImage(path));
    } else if (!KNOWN_FILES.has(path) && !(isTemplate && SYSTEM_FILE.test(path))) {
      findings.push(strayFile(path));
    }
  }
  return {
    outcome: "read",
    kind: isTemplate ? "template" : "pass",
    documentName: isTemplate ? documentName(folder) : undefined,
    files,
    pass,
    personalization,
    images,
    strings: Object.fromEntries(strings),
    findings,
  };
}

/** What is wrong with the image, as the predicate of a sentence; undefined if it is a complete PNG. */
export function findImageFault(bytes: Uint8Array): string | undefined {
  if (readPngHeader(bytes) !== undefined) {
    if (!isWholePng(bytes)) return "is truncated: the PNG has no end";
    return hasValidChunks(bytes)
      ? undefined
      : "is damaged: a chunk of the PNG has a wrong checksum or an unknown type";
  }
  if (bytes.length === 0) return "is empty";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "is a JPEG, despite its name";
  return isPdf(bytes) ? "is a PDF, and not a PNG" : "is not a PNG";
}

export function brokenImage(path: string, fault: string): Finding {
  return error(
    "broken_image",
    pointerTo(["images", path]),
    `${path} ${fault}.`,
    "Export the image again as a PNG, the only format that Apple documents.",
  );
}

/** ISO 32000-1 §7.5.2: the header. */
function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 5)) === "%PDF-";
}

/** Runs before anything is parsed. @throws ArchiveFault for text files that would take too much time or memory */
function checkTextSizes(files: Files): void {
  let bytes = 0;
  let languages = 0;
  for (const [path, content] of files) {
    if (TEXT_PATH.test(path)) bytes += content.length;
    if (path.endsWith(".lproj/pass.strings")) languages += 1;
    if ((TEXT_PATH.test(path) || /(^|\/)signature$/.test(path)) && content.length > PARSED.fileBytes)
      throw new ArchiveFault("file_too_large", `The file is larger than ${PARSED.fileBytes} bytes.`, path);
  }
  if (bytes > PARSED.archiveTextBytes) {
    const why = `The JSON and strings files are larger than ${PARSED.archiveTextBytes} bytes in total.`;
    throw new ArchiveFault("too_much_text", why, undefined);
  }
  if (languages > MAX_LANGUAGES) {
    const why = `There are more than ${MAX_LANGUAGES} languages.`;
    throw new ArchiveFault("too_many_languages", why, undefined);
  }
}

/**
 * If all files are in one folder, removes it from their paths. The cause is that the folder was packed instead of its
 * content.
 */
function unwrapFolder(files: Files): { files: Files; folder: string | undefined } {
  if (files.has("pass.json")) return { files, folder: undefined };
  const inside = [...files.keys()].find(
    (path) => /^[^/]+\/pass\.json$/.test(path) && !SYSTEM_FILE.test(path),
  );
  const prefix = inside?.slice(0, -"pass.json".length);
  const all = [...files].filter(([path]) => !SYSTEM_FILE.test(path));
  if (prefix === undefined || !all.every(([path]) => path.startsWith(prefix)))
    return { files, folder: undefined };
  const taken = [...files].map(([path, content]): [string, Uint8Array] => [
    path.startsWith(prefix) ? path.slice(prefix.length) : path,
    content,
  ]);
  return { files: new Map(taken), folder: prefix.slice(0, -1) };
}

function wrappedInFolder(folder: string): Finding {
  return error(
    "wrapped_in_folder",
    pointerTo(["files", folder]),
    `All files are in the folder "${folder}", but Wallet looks for pass.json at the top of the archive.`,
    "Pack the content of the folder, not the folder: cd into it, then zip -r ../pass.pkpass .",
  );
}

function readStringsFile(content: Uint8Array, path: string, findings: Finding[]) {
  const read = readStrings(content);
  const pointer = pointerTo(["files", path]);
  if (read.outcome === "broken") {
    findings.push(
      error(
        "broken_strings",
        pointer,
        `${path} cannot be read: ${read.why}.`,
        'Write lines such as "Terms" = "Conditions"; and save the file as UTF-8, or as UTF-16 with a byte order mark.',
      ),
    );
    return undefined;
  }
  const [suspicion] = read.suspicions;
  if (suspicion !== undefined) {
    const more = read.suspicions.length > 1 ? ". Other lines may also be wrong" : "";
    findings.push(
      warning(
        "suspicious_strings",
        pointer,
        `${path}: ${suspicion}${more}.`,
        "Correct the line, or remove it.",
      ),
    );
  }
  return read.strings;
}

function missingPass(files: Files): Finding {
  const otherCase = [...files.keys()].find((path) => path.toLowerCase() === "pass.json");
  const isCollection = [...files.keys()].some((path) => path.endsWith(".pkpass"));
  const cure =
    otherCase !== undefined
      ? `Rename ${otherCase} to pass.json.`
      : isCollection
        ? "This is a .pkpasses bundle: unpack it, and send one of the .pkpass files in it."
        : "Add pass.json at the top of the archive.";
  return error("missing_pass_json", "/pass", "pass.json is missing.", cure);
}

/** Apple's Pass Builder (github.com/apple/pass-builder, 0.1.0) reads PDF images. The documentation has none. */
function pdfImage(path: string): Finding {
  return warning(
    "pdf_image",
    pointerTo(["files", path]),
    `${path} is a PDF. Apple's Pass Builder takes PDF images, but Apple documents only PNG, and Edgepass does not read it.`,
    "Export it as PNG images with the suffixes @2x and @3x.",
  );
}

function strayFile(path: string): Finding {
  const [why, cure] = SYSTEM_FILE.test(path)
    ? [
        "was added by the operating system, and is not part of a pass",
        "Pack without it: use zip -X, not Finder.",
      ]
    : path.endsWith(".pkpass")
      ? ["is a pass inside a pass", "Send each pass on its own, or all of them as a .pkpasses bundle."]
      : ["is not a file that Wallet knows", "Remove it."];
  return warning("stray_file", pointerTo(["files", path]), `${path} ${why}.`, cure);
}
