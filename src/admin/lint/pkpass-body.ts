/**
 * A .pkpass file as a request body: its media types, and the errors for a body that is not a .pkpass.
 */
import type { MiddlewareHandler } from "hono";
import { ApiError } from "../../errors.ts";
import { readBody } from "../../http/body.ts";
import type { AppEnv, RequestContext } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { pointerTo } from "../../json.ts";
import { type ReadPkpass, readPkpass } from "../../pkpass/read/read.ts";
import { BODY_REFUSALS, fileContent } from "../openapi/operation.ts";
import { describe } from "../openapi/parts.ts";

/** Apple's type, and those that curl, browsers and mail programs send instead. */
const MEDIA_TYPES = [
  "application/vnd.apple.pkpass",
  "application/octet-stream",
  "application/zip",
  "application/x-zip-compressed",
] as const;

/** Describes in the OpenAPI document that the route takes a .pkpass. The handler reads it with `readPkpassBody`. */
export const takesPkpass = describe<MiddlewareHandler<AppEnv>>((_, next) => next(), {
  body: { required: true, content: fileContent(MEDIA_TYPES[0]) },
  refusals: [...BODY_REFUSALS, "unreadable_pkpass"],
});

/** Whether the Content-Type is one of a .pkpass. */
export function isPkpassType(contentType: string | undefined): boolean {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return MEDIA_TYPES.some((known) => known === type);
}

/**
 * Reads the .pkpass in the body of a request.
 * @throws ApiError unsupported_media_type, body_too_large or unreadable_pkpass
 */
export async function readPkpassBody(c: RequestContext): Promise<ReadPkpass> {
  const contentType = c.req.raw.headers.get("content-type") ?? undefined;
  refuseForm(contentType);
  if (!isPkpassType(contentType)) {
    const given = contentType === undefined ? "" : ` (this was ${contentType.slice(0, 100)})`;
    throw new ApiError("unsupported_media_type", `Send Content-Type: ${MEDIA_TYPES[0]}${given}.`);
  }
  const read = readPkpass(await readBody(c, MAX_BODY_BYTES.pkpass));
  if (read.outcome === "read") return read;
  const { code: reason, path, why } = read;
  throw new ApiError("unreadable_pkpass", path === undefined ? why : `"${path}": ${why}`, {
    ...(path === undefined ? {} : { pointer: pointerTo(["files", path]) }),
    extra: { reason },
  });
}

/**
 * Refuses a form. Browsers and curl -F wrap the file in one.
 * @throws ApiError unsupported_media_type
 */
export function refuseForm(contentType: string | undefined): void {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(contentType ?? "")) return;
  throw new ApiError(
    "unsupported_media_type",
    `Send the file itself, not a form: curl --data-binary @card.pkpass -H "Content-Type: ${MEDIA_TYPES[0]}".`,
  );
}
