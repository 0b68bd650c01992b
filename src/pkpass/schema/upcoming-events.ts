/**
 * The upcoming events of a poster event ticket (iOS 26), such as the other matches of a season ticket. Their fields come
 * from the template only: the values of a pass do not change them.
 *
 * Follows Apple's "UpcomingPassInformationEntry".
 */
import * as z from "zod";
import { exactNumber } from "./exact-number.ts";
import { finishedField } from "./fields.ts";
import { eventUrls } from "./poster.ts";
import { date, flag, openEnum, since, storeIdentifiers, text } from "./primitives.ts";
import { semantics } from "./semantics.ts";

const MAX_IMAGE_BYTES = 2 * 1024 * 1024;

/** The phone downloads it; it is not a file of the .pkpass. */
const remoteImage = z
  .looseObject({
    URLs: z
      .array(
        z
          .looseObject({
            URL: z
              .string()
              .regex(/^https:\/\//i, "must be an https address")
              .meta({ format: "uri" }),
            SHA256: z.string(),
            scale: exactNumber().optional(),
            size: exactNumber({ maximum: MAX_IMAGE_BYTES }).optional(),
          })
          .meta({ title: "ImageURLEntry" }),
      )
      .optional(),
    reuseExisting: flag.optional(),
  })
  .meta({ title: "Image" });

const dateInformation = z
  .looseObject({
    date: date.optional(),
    timeZone: text.optional(),
    isAllDay: flag.optional(),
    ignoreTimeComponents: flag.optional(),
    isUnannounced: flag.optional(),
    isUndetermined: flag.optional(),
  })
  .meta({ title: "DateInformation" });

const entry = z
  .looseObject({
    identifier: text,
    name: text,
    type: openEnum(["event"]),
    isActive: flag.optional(),
    dateInformation: dateInformation.optional(),
    images: z
      .looseObject({ headerImage: remoteImage.optional(), venueMap: remoteImage.optional() })
      .meta({ title: "Images" })
      .optional(),
    URLs: z.looseObject(eventUrls).meta({ title: "URLs" }).optional(),
    additionalInfoFields: z.array(finishedField).optional(),
    backFields: z.array(finishedField).optional(),
    auxiliaryStoreIdentifiers: storeIdentifiers.optional(),
    semantics: semantics.optional(),
  })
  .meta({ id: "UpcomingPassInformationEntry" });

export const upcomingPassInformation = since("26.0", z.array(entry));
