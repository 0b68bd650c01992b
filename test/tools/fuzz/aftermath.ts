/**
 * Checks after an attack that the service still returns everything that it stores: each list can be read to its end,
 * each pass shown and downloaded, each page opened. It uses only the APIs, so it works with every instance.
 */
import { openArchive } from "../../apple/iphone-zip.ts";
import type { Send } from "./wire.ts";
import type { World } from "./world.ts";

interface Shown {
  readonly id: number;
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly downloadUrl: string;
  readonly landingUrl: string;
}
interface Page {
  readonly items: readonly Shown[];
  readonly nextCursor: string | null;
}

const LISTS = ["/templates", "/projects", "/device-logs", "/dead-letters", "/pass-types", "/apns-keys"];

/**
 * Returns the faults.
 * @param most how many passes are opened, the newest first
 */
export async function faultsOfRest(world: World, send: Send, most: number): Promise<string[]> {
  const faults: string[] = [];
  for (const list of LISTS) await world.admin("GET", list).catch((error) => faults.push(`${list}: ${error}`));
  const passes = await allPasses(world);
  for (const pass of passes.slice(0, most)) {
    await world.admin("GET", `/passes/${pass.id}`).catch((error) => faults.push(String(error)));
    const download = await send({ method: "GET", target: pathIn(pass.downloadUrl), headers: [] });
    const page = await send({ method: "GET", target: pathIn(pass.landingUrl), headers: [] });
    const expected = pass.passTypeIdentifier === world.passTypeIdentifier ? 200 : 503;
    if (download?.status !== expected) faults.push(`the download of pass ${pass.id}: ${download?.status}`);
    if (page?.status !== 200) faults.push(`the page of pass ${pass.id}: ${page?.status}`);
    if (download?.status === 200) faults.push(...faultsOfBundle(download.body, pass));
  }
  return faults;
}

async function allPasses(world: World): Promise<Shown[]> {
  const passes: Shown[] = [];
  for (let cursor = ""; ; ) {
    const { items, nextCursor } = await world.admin<Page>("GET", `/passes?limit=200${cursor}`);
    passes.push(...items);
    if (nextCursor === null) return passes;
    cursor = `&cursor=${nextCursor}`;
  }
}

function faultsOfBundle(bytes: Uint8Array, { id, serialNumber }: Shown): string[] {
  const json = JSON.parse(new TextDecoder().decode(openArchive(bytes)["pass.json"]));
  return json.serialNumber === serialNumber ? [] : [`the bundle of pass ${id} is of "${json.serialNumber}"`];
}

function pathIn(url: string): string {
  return new URL(url).pathname;
}
