/**
 * Recognises a template of Apple's Pass Designer (.pkpasstemplate), and removes what the editor keeps for itself.
 *
 * Such a template is a folder, which is zipped to be sent: pass.json, images, language folders and tooling.json. It is not
 * signed, and the identity in its pass.json is absent or a placeholder. Pass Builder signs passes without removing
 * tooling.json and `_id`, so finished passes have them too.
 * Follows Apple's Pass Builder 0.1.0 (github.com/apple/pass-builder).
 */
import { isObject, pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import type { Files } from "./archive.ts";
import { readJsonFile } from "./json-file.ts";

export const TOOLING_FILE = "tooling.json";
const FOLDER = /\.pkpasstemplate$/;
/** The editor's id of a field, a seat or an action. */
const EDITOR_ID = "_id";
const NO_ACTION = "Nothing needs to be done: Wallet ignores it, and an import leaves it out.";

/**
 * Whether the files are a template of Pass Designer: they have tooling.json or the folder name of a template, and neither a
 * manifest nor a signature. Unsigned files without tooling.json and such a name are a pass that somebody forgot to sign.
 * @param folder the folder that contained all files
 */
export function isDesignerTemplate(files: Files, folder: string | undefined): boolean {
  const isMarked = files.has(TOOLING_FILE) || FOLDER.test(folder ?? "");
  return isMarked && files.has("pass.json") && !files.has("manifest.json") && !files.has("signature");
}

/** The name of the document in Pass Designer. */
export function documentName(folder: string | undefined): string | undefined {
  return folder?.replace(FOLDER, "") || undefined;
}

/** pass.json without the editor's ids. It appends a finding if there are any. */
export function withoutEditorIds(pass: unknown, findings: Finding[]): unknown {
  const { value, count } = strip(pass, 0);
  if (count === 0) return pass;
  const message = `pass.json has "${EDITOR_ID}" in ${count === 1 ? "one place" : `${count} places`}, which only Pass Designer uses.`;
  findings.push(warning("editor_data", "/pass", message, NO_ACTION));
  return value;
}

/** Values without ids stay as they are. userInfo at the top belongs to the issuer's own app. */
function strip(value: unknown, depth: number): { value: unknown; count: number } {
  if (Array.isArray(value)) {
    const items = value.map((item) => strip(item, depth + 1));
    const count = items.reduce((total, item) => total + item.count, 0);
    return count === 0 ? { value, count } : { value: items.map((item) => item.value), count };
  }
  if (!isObject(value)) return { value, count: 0 };
  let count = Object.hasOwn(value, EDITOR_ID) ? 1 : 0;
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (key === EDITOR_ID) continue;
    const isOwn = depth === 0 && key === "userInfo";
    const stripped = isOwn ? { value: member, count: 0 } : strip(member, depth + 1);
    count += stripped.count;
    members.push([key, stripped.value]);
  }
  return count === 0 ? { value, count } : { value: Object.fromEntries(members), count };
}

/** The finding for tooling.json. */
export function* toolingFindings(files: Files): Iterable<Finding> {
  if (!files.has(TOOLING_FILE)) return;
  const pointer = pointerTo(["files", TOOLING_FILE]);
  const tooling = readJsonFile(files, TOOLING_FILE, pointer, []);
  const isCompatible = isObject(tooling) && tooling.automaticallyGenerateCompatiblePass === true;
  yield isCompatible
    ? warning(
        "editor_data",
        pointer,
        "tooling.json asks Pass Designer to generate a compatible pass for older versions of iOS. Edgepass does not generate it.",
        "Add the older style to pass.json, such as eventTicket or generic, if older iPhones should show the pass.",
      )
    : warning("editor_data", pointer, "tooling.json has settings of Pass Designer only.", NO_ACTION);
}
