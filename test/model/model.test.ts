/**
 * A short run of the model with every test run: seeds in all weathers, a replay, and some planted bugs. `npm run soak`
 * runs it for as long as you like (soak.ts).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../tools/local/repository.ts";
import {
  createFixture,
  createSurroundings,
  type Fixture,
  type Surroundings,
} from "../tools/model/fixture.ts";
import { catchPlanted, planted } from "../tools/model/planted.ts";
import { harmlessInGoogle } from "../tools/model/planted-google.ts";
import { patched } from "../tools/model/program.ts";
import { run } from "../tools/model/run.ts";

const SEEDS = 4; // the long run is `npm run soak`
const STEPS = 200;
/** A calm one and a stormy one. */
const GOOGLE_SEEDS = [7, 14];
/** The machine may be busy with other things. */
const PATIENCE_MS = 300_000;

let surroundings: Surroundings;
let fixture: Fixture;

beforeAll(async () => {
  surroundings = await createSurroundings();
  fixture = await createFixture(surroundings);
}, PATIENCE_MS);

describe("the model", () => {
  it(
    "loses nothing, whatever fails",
    async () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { violations, lines, weather } = await run(fixture, { seed, steps: STEPS });
        if (violations.length === 0) continue;
        const again = `node test/tools/model/soak.ts --seed ${seed} --steps ${STEPS} --no-google --trace`;
        expect.fail([`seed ${seed}, ${weather}: ${again}`, ...violations, ...lines].join("\n"));
      }
    },
    PATIENCE_MS,
  );

  it(
    "loses nothing for a crowd of phones behind one address, with a stranger among them who guesses above every limit",
    async () => {
      const { violations, lines } = await run(fixture, { seed: 1, steps: STEPS, crowd: { phones: 60 } });
      expect(violations, lines.join("\n")).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "keeps Google Wallet up to date, whatever fails",
    async () => {
      for (const seed of GOOGLE_SEEDS) {
        const { violations, lines, googleCalls } = await run(fixture, {
          seed,
          steps: STEPS,
          google: "mostly",
        });
        expect(violations, [`--seed ${seed} --steps ${STEPS}`, ...lines].join("\n")).toEqual([]);
        expect(googleCalls).toBeGreaterThan(0);
      }
    },
    PATIENCE_MS,
  );

  it(
    "replays a seed exactly",
    async () => {
      const first = await run(fixture, { seed: 3, steps: 80 });
      const second = await run(fixture, { seed: 3, steps: 80 });
      expect(first.faults).toBeGreaterThan(0);
      expect({ hash: second.hash, events: second.events }).toEqual({
        hash: first.hash,
        events: first.events,
      });
    },
    PATIENCE_MS,
  );

  it("finds the place of each planted bug in the sources", async () => {
    for (const { patches } of [...planted, ...harmlessInGoogle]) {
      for (const [file, ofFile] of Map.groupBy(patches, (patch) => patch.file)) {
        patched(await readFile(join(repository, file), "utf8"), ofFile);
      }
    }
  });

  // Each begins with a seed that finds it early. If the code changes, another one may be needed.
  for (const [name, first] of [
    ["a registration keeps its old push token", 16],
    ["a list above a limit is answered 204", 12],
    ["a change of a template reaches its class without an event only", 1],
  ] as const) {
    it(
      `finds the planted bug: ${name}`,
      async () => {
        const bug = planted.find((one) => one.name === name);
        if (bug === undefined) throw new Error(`no bug is called "${name}"`);
        expect((await catchPlanted(surroundings, bug, undefined, first)).violation).toBeDefined();
      },
      PATIENCE_MS,
    );
  }
});
