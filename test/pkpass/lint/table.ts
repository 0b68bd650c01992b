/** `npm run rules`: writes .github/RULES.md from the cases of the linter. Without --write it prints the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../tools/local/repository.ts";
import { rulesPage } from "./rules-page.ts";

if (process.argv.includes("--write")) writeFileSync(join(repository, ".github/RULES.md"), rulesPage());
else process.stdout.write(rulesPage());
