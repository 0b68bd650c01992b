/**
 * What esbuild makes of files that are no scripts.
 */

/** Styles of a script become the stylesheet of its page. */
declare module "*.css" {}

/** A file with a hash in its name. */
declare module "*.wasm" {
  const address: string;
  export default address;
}
