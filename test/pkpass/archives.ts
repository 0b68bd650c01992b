/**
 * Writes ZIP archives record by record, so that each field can be wrong.
 *
 * Follows PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { deflateSync } from "fflate";
import { crc32 } from "../../src/pkpass/crc32.ts";

/** One entry, and the fields with wrong values. */
export interface Member {
  readonly path: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** 8: deflated. */
  readonly method?: number;
  /** The bytes in the archive, if they are not the content's. */
  readonly compressed?: Uint8Array;
  readonly bytes?: number;
  readonly compressedBytes?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly externalAttributes?: number;
  readonly extra?: Uint8Array;
  readonly disk?: number;
  /** The offset in the directory. */
  readonly headerAt?: number;
  /** Values of the local header only. */
  readonly local?: {
    readonly path?: string;
    readonly bytes?: number;
    readonly method?: number;
    readonly flags?: number;
  };
}

export interface ArchiveLies {
  readonly before?: Uint8Array;
  /** Between the entries and the directory. */
  readonly gap?: Uint8Array;
  readonly after?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly count?: number;
  readonly disk?: number;
  readonly directoryAt?: number;
  readonly directoryBytes?: number;
}

export const bytesOf = (text: string | Uint8Array) =>
  typeof text === "string" ? new TextEncoder().encode(text) : text;

export function archive(members: readonly Member[], lies: ArchiveLies = {}): Uint8Array {
  const parts: Uint8Array[] = [lies.before ?? new Uint8Array()];
  const centrals: Uint8Array[] = [];
  for (const member of members) {
    const { name, data, common } = recordsOf(member);
    const headerAt = member.headerAt ?? sum(parts);
    const localName = member.local?.path === undefined ? name : bytesOf(member.local.path);
    parts.push(
      record(0x04034b50, [...common(member.local ?? {}), [2, localName.length], [2, 0]]),
      localName,
      data,
    );
    const extra = member.extra ?? new Uint8Array();
    centrals.push(
      record(0x02014b50, [
        [2, 0x031e],
        ...common({}),
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [2, member.disk ?? 0],
        [2, 0],
        [4, member.externalAttributes ?? 0],
        [4, headerAt],
      ]),
      name,
      extra,
    );
  }
  if (lies.gap !== undefined) parts.push(lies.gap);
  const comment = lies.comment ?? new Uint8Array();
  const count = lies.count ?? members.length;
  const end = record(0x06054b50, [
    [2, lies.disk ?? 0],
    [2, lies.disk ?? 0],
    [2, count],
    [2, count],
    [4, lies.directoryBytes ?? sum(centrals)],
    [4, lies.directoryAt ?? sum(parts)],
    [2, comment.length],
  ]);
  return joined([...parts, ...centrals, end, comment, lies.after ?? new Uint8Array()]);
}

/** DEFLATE of this many zeros, made without as many in memory: stored blocks of it would not be a bomb. */
export function deflatedZeros(bytes: number): Uint8Array {
  return deflateSync(new Uint8Array(bytes), { level: 9 });
}

function recordsOf(member: Member) {
  const content = bytesOf(member.content ?? "");
  const method = member.method ?? 0;
  const data = member.compressed ?? (method === 8 ? deflateSync(content) : content);
  const common = (lie: NonNullable<Member["local"]>): [2 | 4, number][] => [
    [2, 20],
    [2, lie.flags ?? member.flags ?? 0],
    [2, lie.method ?? method],
    [2, 0],
    [2, 0x21],
    [4, member.crc ?? crc32(content)],
    [4, member.compressedBytes ?? data.length],
    [4, lie.bytes ?? member.bytes ?? content.length],
  ];
  return { name: bytesOf(member.path), data, common };
}

function record(signature: number, fields: readonly (readonly [2 | 4, number])[]): Uint8Array {
  const out = new Uint8Array(4 + fields.reduce((length, [bytes]) => length + bytes, 0));
  const view = new DataView(out.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((length, part) => length + part.length, 0);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(sum(parts));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
