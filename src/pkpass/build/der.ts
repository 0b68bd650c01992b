/**
 * The signed attributes of a CMS signature as the bytes that are signed: the DER of a SET OF, and not of the [0] that is
 * in the file (RFC 5652 §5.4).
 */
import type { Attribute } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";

const SET = 0x31;

/**
 * Encodes the attributes in the given order. DER demands an order (X.690 §11.6), but not all tools follow it, and
 * Wallet accepts their signatures.
 */
export function encodeSetOf(attributes: readonly Attribute[]): Uint8Array {
  const members = attributes.map((attribute) => new Uint8Array(AsnConvert.serialize(attribute)));
  const length = members.reduce((total, member) => total + member.length, 0);
  return Uint8Array.from([SET, ...encodeLength(length), ...members.flatMap((member) => [...member])]);
}

/** X.690 §8.1.3: one byte below 128, else the number of bytes and the bytes. */
function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [0x80 + digits.length, ...digits];
}
