/** Where this repository and its wrangler.toml are. */
import { dirname, join } from "node:path";

export const repository = dirname(dirname(dirname(import.meta.dirname)));
export const configPath = join(repository, "wrangler.toml");
