/**
 * A pass of every style to look at. Each is issued once: an instance that already has it keeps it.
 */
import type { Pass } from "../../../src/passes/show.ts";
import type { Template } from "../../../src/templates/show.ts";
import type { Sample } from "../../pkpass/samples/sample.ts";
import { templateOf } from "../../pkpass/samples/template.ts";
import type { Admin } from "./admin.ts";
import { DEMO, PASS_TYPE_IDENTIFIER } from "./provision.ts";
import type { ShowcaseImages } from "./showcase-images.ts";

export interface Shown {
  readonly name: string;
  /** The landingUrl of the pass. */
  readonly page: string;
}

interface List<Item> {
  items: Item[];
}

/**
 * For `npm start`. The passes are only created if there is no template but the demo's: otherwise their owner has deleted them,
 * or uses the instance for templates of their own.
 * @returns the passes in the order of the samples
 */
export async function showAtStart(
  admin: Admin,
  samples: readonly Sample[],
  draw: () => Promise<ShowcaseImages>,
): Promise<Shown[]> {
  const { items } = await admin.get<List<Template>>("/templates?limit=200");
  if (items.every(({ externalId }) => externalId === DEMO)) return await showAllStyles(admin, samples, draw);
  return await showAllStyles(
    admin,
    samples.filter((sample) => items.some(({ externalId }) => externalId === externalIdOf(sample))),
    draw,
  );
}

/**
 * Creates what is missing.
 * @param draw is called if a pass has to be created. A sample without pictures gets gradients
 * @returns the passes in the order of the samples, without those that were deleted
 */
export async function showAllStyles(
  admin: Admin,
  samples: readonly Sample[],
  draw: () => Promise<ShowcaseImages>,
): Promise<Shown[]> {
  const { items } = await admin.get<List<Template>>("/templates?limit=200");
  const shown = await Promise.all(
    samples.map(async (sample) => {
      const known = items.find(({ externalId }) => externalId === externalIdOf(sample));
      const pass =
        known === undefined
          ? await create(admin, sample, (await draw())[sample.name])
          : await firstPassOf(admin, known);
      return pass === undefined ? [] : [{ name: sample.name, page: pass.landingUrl }];
    }),
  );
  return shown.flat();
}

const externalIdOf = ({ name }: Sample) => `edgepass-style: ${name}`;

async function create(
  admin: Admin,
  sample: Sample,
  images: ShowcaseImages[string] | undefined,
): Promise<Pass> {
  const template = await admin.send<Template>("POST", "/templates", {
    ...templateOf(sample, images),
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
    externalId: externalIdOf(sample),
  });
  return await admin.send<Pass>("POST", `/templates/${template.id}/passes`, {});
}

async function firstPassOf(admin: Admin, { id }: Template): Promise<Pass | undefined> {
  const { items } = await admin.get<List<Pass>>(`/passes?templateId=${id}&limit=1`);
  return items[0];
}
