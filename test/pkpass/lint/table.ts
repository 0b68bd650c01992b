/** Prints .github/RULES.md, or writes it: `node test/pkpass/lint/table.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../tools/local/repository.ts";
import { rulesPage } from "./rules-page.ts";

if (process.argv.includes("--write")) writeFileSync(join(repository, ".github/RULES.md"), rulesPage());
else process.stdout.write(rulesPage());
