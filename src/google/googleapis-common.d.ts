/**
 * Replaces the package of this name, which the types of Google Wallet's API import. It is a client for Node, and its types would
 * bring Node's globals into src. src/tsconfig.json maps the name to this file.
 */
export {};
