/**
 * Types of the imports that esbuild turns into files of their own: styles and WebAssembly.
 */

/** The styles that a script imports become the stylesheet of its page. */
declare module "*.css" {}

/** The address of a file with a hash in its name. */
declare module "*.wasm" {
  const address: string;
  export default address;
}
