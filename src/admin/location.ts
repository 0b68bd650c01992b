/**
 * The Location of 201: the path of what was created. Follows RFC 9110 §10.2.2 and §15.3.2.
 */

/** Not an interface: Hono takes headers as a record. */
export type Location = { readonly Location: string };

interface HasId {
  readonly id: number;
}

export const atPass = ({ id }: HasId) => locatedAt(`/passes/${id}`);
export const atTemplate = ({ id }: HasId) => locatedAt(`/templates/${id}`);
export const atProject = ({ id }: HasId) => locatedAt(`/projects/${id}`);
export const atEvent = ({ projectId, id }: HasId & { readonly projectId: number }) =>
  locatedAt(`/projects/${projectId}/events/${id}`);
export const atPassType = ({ passTypeIdentifier }: { readonly passTypeIdentifier: string }) =>
  locatedAt(`/pass-types/${passTypeIdentifier}`);
/** The new key of a pass type is shown by its signing request. */
export const atSigningRequest = ({ passTypeIdentifier }: { readonly passTypeIdentifier: string }) =>
  locatedAt(`/pass-types/${passTypeIdentifier}/csr`);
/** No route shows a single key. */
export const atApnsKeys = () => locatedAt("/apns-keys");
export const atGoogleIssuer = ({ issuerId }: { readonly issuerId: string }) =>
  locatedAt(`/google-issuers/${issuerId}`);
/** No route shows a single key. */
export const atKeys = () => locatedAt("/keys");

/** @param path below /admin/v1 */
function locatedAt(path: string): Location {
  return { Location: `/admin/v1${path}` };
}
