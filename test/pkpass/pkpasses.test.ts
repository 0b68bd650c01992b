/**
 * Writing a .pkpasses: the chunks form one ZIP, and only one file at a time is in memory.
 *
 * Follows PKWARE's APPNOTE 6.3 and Apple's "Distributing and updating a pass".
 */
import { expect, test } from "vitest";
import { joinPieces } from "../../src/bytes.ts";
import { bytesOfPkpasses, type PkpassFile, writePkpasses } from "../../src/pkpass/build/pkpasses.ts";
import { checksumOf } from "../../src/pkpass/build/zip.ts";
import { openPkpasses } from "../apple/pkpasses.ts";

async function* each(files: Iterable<PkpassFile>): AsyncGenerator<PkpassFile> {
  yield* files;
}

async function whole(files: Iterable<PkpassFile>): Promise<Uint8Array> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writePkpasses(each(files))) pieces.push(Uint8Array.from(piece));
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** A file that comes in two pieces. */
const file = (name: string, length: number) => {
  const content = [0, 1].map((half) =>
    Uint8Array.from({ length: (length + half) >> 1 }, (_, at) => (at * 7 + length) % 256),
  );
  return { name, length, checksum: checksumOf(content), content } satisfies PkpassFile;
};
const bytesOf = ({ name, content }: ReturnType<typeof file>) => ({ name, bytes: joinPieces(content) });

test("one or ten files are written in order, whatever their length", async () => {
  const ten = Array.from({ length: 10 }, (_, n) => file(`${10 - n}-x.pkpass`, n * 1009));
  for (const files of [[file("1-a.pkpass", 1)], ten]) {
    expect(openPkpasses(await whole(files))).toEqual(files.map(bytesOf));
  }
});

test("the same files give the same bytes", async () => {
  const files = [file("1-a.pkpass", 500), file("2-b.pkpass", 700)];
  expect(await whole(files)).toEqual(await whole(files));
});

test("bytes are not copied, and the next file is requested only after they were consumed", async () => {
  const files = [file("1-a.pkpass", 500), file("2-b.pkpass", 700)];
  const asked: string[] = [];
  async function* watched() {
    for (const one of files) {
      asked.push(one.name);
      yield one;
    }
  }
  const pieces = writePkpasses(watched());
  expect(asked).toEqual([]);
  await pieces.next();
  for (const piece of files[0]?.content ?? []) expect((await pieces.next()).value).toBe(piece);
  expect(asked).toEqual(["1-a.pkpass"]);
  await pieces.next();
  expect(asked).toEqual(["1-a.pkpass", "2-b.pkpass"]);
});

test("the length is known from the names and lengths of the files", async () => {
  const names = ["1-a.pkpass", "10-ü.pkpass", "2-AB_07.pkpass", ".pkpass"];
  for (let count = 0; count <= names.length; count++) {
    const files = names.slice(0, count).map((name, n) => file(name, n * 1013));
    expect(bytesOfPkpasses(files)).toBe((await whole(files)).length);
  }
});
