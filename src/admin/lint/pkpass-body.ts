/**
 * A .pkpass as the body of a request: which media types it comes as, and what is said of a file that is none.
 */
import { describeRoute } from "hono-openapi";
import { ApiError } from "../../errors.ts";
import { readBody } from "../../http/body.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { pointerTo } from "../../json.ts";
import { type ReadPkpass, readPkpass } from "../../pkpass/read/read.ts";

/** curl, browsers and mail programs name it differently. */
const TYPES = [
  "application/vnd.apple.pkpass",
  "application/octet-stream",
  "application/zip",
  "application/x-zip-compressed",
] as const;

/** Says in the API's document that the route takes a .pkpass. */
export const takesPkpass = describeRoute({
  requestBody: {
    required: true,
    content: { [TYPES[0]]: { schema: { type: "string", format: "binary" } } },
  },
});

/** Whether the Content-Type is one of a .pkpass. */
export function isPkpass(contentType: string | undefined): boolean {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return TYPES.some((known) => known === type);
}

/** The bundle that a request brings. @throws ApiError unsupported_media_type, body_too_large or unreadable_pkpass */
export async function pkpassIn(request: Request): Promise<ReadPkpass> {
  const contentType = request.headers.get("content-type") ?? undefined;
  refuseForm(contentType);
  if (!isPkpass(contentType)) {
    const given = contentType === undefined ? "" : ` (this was ${contentType.slice(0, 100)})`;
    throw new ApiError("unsupported_media_type", `Send Content-Type: ${TYPES[0]}${given}.`);
  }
  const read = readPkpass(await readBody(request, MAX_BODY_BYTES.pkpass));
  if (read.outcome === "read") return read;
  const { code: reason, path, why } = read;
  throw new ApiError("unreadable_pkpass", path === undefined ? why : `"${path}": ${why}`, {
    ...(path === undefined ? {} : { pointer: pointerTo(["files", path]) }),
    extra: { reason },
  });
}

/** What browsers and curl -F make of a file is the file with more around it. @throws ApiError unsupported_media_type */
export function refuseForm(contentType: string | undefined): void {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(contentType ?? "")) return;
  throw new ApiError(
    "unsupported_media_type",
    `Send the file itself, not a form: curl --data-binary @card.pkpass -H "Content-Type: ${TYPES[0]}".`,
  );
}
