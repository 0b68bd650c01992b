/**
 * The methods that a path of the admin API has, for 405 and its Allow. Follows RFC 9110 §10.2.1 and §15.5.6.
 */

interface Route {
  readonly method: string;
  /** Relative to /admin/v1, such as /passes/:id. */
  readonly path: string;
}

/** @returns none if no route has the path. A path without parameters comes first, as in the router. */
export function allowedMethods(routes: readonly Route[], path: string): string[] {
  const named = routes.filter((route) => route.path === path);
  const found = named.length > 0 ? named : routes.filter((route) => toPattern(route.path).test(path));
  const methods = new Set(found.map(({ method }) => method).filter((method) => method !== "ALL"));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

function toPattern(path: string): RegExp {
  // A parameter may have a pattern of its own, such as :serialNumber{.+}.
  const pattern = path.replaceAll(/:\w+(?:\{(.+?)\})?/g, (_, own?: string) => own ?? "[^/]+");
  return new RegExp(`^${pattern}$`);
}
