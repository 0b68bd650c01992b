/** The paths of this repository and its wrangler.toml. */
import { dirname, join } from "node:path";

export const repository = dirname(dirname(dirname(import.meta.dirname)));
export const configPath = join(repository, "wrangler.toml");
