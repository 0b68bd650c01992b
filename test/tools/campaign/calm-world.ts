/**
 * The world of a campaign: the Worker's own code in virtual time, where nothing fails. D1, R2, the queue and the network take as long
 * as in the model (model/isolate.ts).
 */
import type { TemplateEntry } from "../model/books.ts";
import { Client } from "../model/client.ts";
import { Faults } from "../model/faults.ts";
import { BEGINS_AT, drive, type Fixture } from "../model/fixture.ts";
import { Random } from "../model/random.ts";
import { Schedule } from "../model/schedule.ts";
import { World, type WorldParts } from "../model/world.ts";

type Listeners = Pick<WorldParts, "outbound" | "onCall" | "onResult" | "consumers">;

const MINUTE_MS = 60_000;
const CRON = "* * * * *";
const ISOLATES = 6;

/** @param name also seeds its random numbers */
export function beginCampaign(fixture: Fixture, name: string) {
  const random = new Random(name);
  const schedule = new Schedule(random, BEGINS_AT, 0);
  const { database, objects, books } = fixture.begin();
  const template = first(books.templates);
  const createWorld = (listeners: Listeners) =>
    new World({
      schedule,
      faults: new Faults(random, "calm", schedule.now),
      program: fixture.program,
      database,
      objects,
      settings: fixture.settings,
      isolates: ISOLATES,
      ...listeners,
    });
  return { random, schedule, database, template, createWorld };
}

function first(templates: readonly TemplateEntry[]): TemplateEntry {
  const [template] = templates;
  if (template === undefined) throw new Error("the fixture has no template");
  return template;
}

/** The operator's requests. Each returns the body of its answer. @throws Error if one is refused */
export function operatorOf(world: World) {
  const admin = new Client("admin", world);
  return async (method: string, path: string, body: unknown) => {
    const answer = await drive(world, admin.call(method, path, body));
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}`);
    return answer.body;
  };
}

/** The cron trigger of each minute, which looks for lost messages. */
export function startCron(world: World): void {
  const { schedule } = world;
  schedule.at(schedule.now + MINUTE_MS, "cron", () => {
    startCron(world);
    void world.cron(CRON);
    return undefined;
  });
}
