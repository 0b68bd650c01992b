/**
 * What the mapping of one of Google's types consists of.
 */
import { type CardContent, NOTHING } from "./card-content.ts";
import type { Draft } from "./compact.ts";
import type { ClassTypes, GoogleType, ObjectTypes } from "./types.ts";

/** The content of a single pass. */
export interface ObjectContent extends CardContent {
  readonly serialNumber: string;
  /** The background colour, if the pass itself sets it. The class has the others. */
  readonly ownColour: string | undefined;
}

/** What a type requires of template and event, and they do not have. */
export interface MissingData {
  readonly what: string;
  /** RFC 6901: where it belongs. */
  readonly pointer: string;
}

export interface TypeMapping<Type extends GoogleType> {
  /** Why a template cannot have this type. Its passes are generic then, because Google would refuse them. */
  missing(shared: CardContent): readonly MissingData[];
  /** The keys of the fields that Google shows as the title of the card, from members of class or object. */
  titleKeys(shared: CardContent): readonly string[];
  /** The members that only this type has. */
  classMembers(shared: CardContent): Draft<ClassTypes[Type]>;
  objectMembers(own: ObjectContent): Draft<ObjectTypes[Type]>;
}

/** For types that demand a logo. */
export function missingLogo({ images }: CardContent): MissingData[] {
  return images.logo === undefined ? [{ what: "a logo", pointer: "/images" }] : [];
}

/** The text that identifies a card: what its barcode says, or else its serial number. */
export function cardNumberOf({ barcodes, serialNumber }: ObjectContent): string {
  return barcodes[0]?.message.trim() || serialNumber.trim() || NOTHING;
}
