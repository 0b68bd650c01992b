/**
 * The Location of 201: the path of what was created. Follows RFC 9110 §10.2.2 and §15.3.2.
 */

/** @param path below /admin/v1, such as /passes/7 */
export function locatedAt(path: string): { readonly Location: string } {
  return { Location: `/admin/v1${path}` };
}
