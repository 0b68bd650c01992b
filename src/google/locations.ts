/**
 * Places where Google reminds of a pass: `merchantLocations`. Google's `locations` triggers nothing any more and is never
 * written. The radius is Google's, and it shows no text.
 */
import { toDouble } from "../json.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { compact } from "./compact.ts";
import type { MerchantLocation } from "./types.ts";

export const MAX_LOCATIONS = 10;

export function merchantLocations({ locations = [] }: TemplatePass): MerchantLocation[] {
  return locations
    .slice(0, MAX_LOCATIONS)
    .map(({ latitude, longitude }) =>
      compact<MerchantLocation>({ latitude: toDouble(latitude), longitude: toDouble(longitude) }),
    );
}
