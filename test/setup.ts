/**
 * Before each test file: its own empty D1 gets its tables.
 */
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env as EdgepassEnv } from "../src/config.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import("../src/index.ts");
    }
    interface Env extends EdgepassEnv {
      MIGRATIONS: D1Migration[];
      APPLE_ORIGIN: string;
    }
  }
}

await applyD1Migrations(env.DB, env.MIGRATIONS);
