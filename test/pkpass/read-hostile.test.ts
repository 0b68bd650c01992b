/**
 * Hostile and ambiguous archives: each is rejected, and the work is limited by the size of the file and its declared
 * sizes. The tests count bytes, not time.
 *
 * Follows PKWARE's APPNOTE 6.3, and known ZIP bombs (overlapping entries, wrong sizes).
 */
import { Inflate } from "fflate";
import { expect, test, vi } from "vitest";
import { LIMITS } from "../../src/pkpass/read/archive.ts";
import { inflateExactly } from "../../src/pkpass/read/inflate.ts";
import { type ReadFault, readPkpass } from "../../src/pkpass/read/read.ts";
import { type ArchiveLies, archive, bytesOf, deflatedZeros, joined, type Member } from "./archives.ts";

const PASS: Member = { path: "pass.json", content: "{}" };
const named = (...paths: (string | Uint8Array)[]): Member[] => paths.map((path) => ({ path, content: "x" }));
const MEGABYTE = 1024 * 1024;
const zeros = deflatedZeros(9 * MEGABYTE);
const bomb = (bytes: number): Member => ({
  path: "icon.png",
  method: 8,
  compressed: zeros,
  bytes,
  crc: 0,
});
const large = (path: string): Member => ({
  path,
  method: 8,
  compressed: new Uint8Array(100_000),
  bytes: 9 * MEGABYTE,
});
const asString = (path: string): Member => ({ path, content: " ".repeat(400_000) });
const translated = (language: string, count: number): Member => ({
  path: `${language}.lproj/pass.strings`,
  content: Array.from({ length: count }, (_, i) => `"${i}"="";`).join(""),
  method: 8,
});
/** Info-ZIP's second name of an entry (APPNOTE 4.6.9). */
const secondName = (name: string) =>
  joined([Uint8Array.of(0x75, 0x70, 5 + name.length, 0, 1, 0, 0, 0, 0), bytesOf(name)]);

const HOSTILE: [what: string, code: ReadFault["code"], members: Member[], lies?: ArchiveLies][] = [
  ["a name that leaves the archive", "invalid_name", named("../pass.json")],
  ["a name that leaves the archive in the middle", "invalid_name", named("en.lproj/../../x")],
  ["an absolute name", "invalid_name", named("/pass.json")],
  ["a drive letter", "invalid_name", named("C:pass.json")],
  ["a backslash", "invalid_name", named("en.lproj\\pass.strings")],
  ["a NUL in a name", "invalid_name", named("icon.png\u0000.txt")],
  ["a line feed in a name", "invalid_name", named("icon\n.png")],
  ["a C1 control character in a name", "invalid_name", named("icon\u0085.png")],
  ["a name with a dot for a folder", "invalid_name", named("./pass.json")],
  ["a name with an empty folder", "invalid_name", named("en.lproj//pass.strings")],
  ["no name", "invalid_name", named("")],
  ["a name that is not UTF-8", "invalid_name", named(Uint8Array.of(0xe9, 0x2e, 0x70, 0x6e, 0x67))],
  ["a very long name", "invalid_name", named("a".repeat(600))],
  ["a second name in an extra field", "invalid_name", [{ ...PASS, extra: secondName("../pass.json") }]],
  ["the same name twice", "duplicate_name", named("icon.png", "icon.png")],
  ["the same name in upper case", "duplicate_name", named("icon.png", "ICON.PNG")],
  ["the same name, composed and decomposed", "duplicate_name", named("\u00e9.png", "e\u0301.png")],
  ["the same name by Unicode's folding", "duplicate_name", named("stra\u00dfe", "STRASSE")],
  ["a file that is a folder too", "duplicate_name", named("icon.png", "icon.png/x")],
  ["a file with a folder's name", "duplicate_name", named("a", "a/")],
  ["a symbolic link", "not_a_regular_file", [{ ...PASS, externalAttributes: 0o120777 * 0x10000 }]],
  ["a device", "not_a_regular_file", [{ ...PASS, externalAttributes: 0o020666 * 0x10000 }]],
  ["an encrypted entry", "encrypted", [{ ...PASS, flags: 1 }]],
  ["an entry encrypted in its own header only", "encrypted", [{ ...PASS, local: { flags: 1 } }]],
  ["a masked header", "encrypted", [{ ...PASS, flags: 0x2000 }]],
  ["bzip2", "unsupported_compression", [{ ...PASS, method: 12, compressed: bytesOf("{}") }]],
  ["a ZIP64 size", "zip64", [{ ...PASS, bytes: 0xffffffff }]],
  ["a ZIP64 size in its own header only", "zip64", [{ ...PASS, local: { bytes: 0xffffffff } }]],
  ["a ZIP64 offset", "zip64", [{ ...PASS, headerAt: 0xffffffff }]],
  ["a ZIP64 extra field", "zip64", [{ ...PASS, extra: Uint8Array.of(1, 0, 4, 0, 0, 0, 0, 0) }]],
  ["a ZIP64 directory", "zip64", [PASS], { count: 0xffff }],
  ["an archive over two disks", "multi_disk_archive", [PASS], { disk: 1 }],
  ["an entry on another disk", "multi_disk_archive", [{ ...PASS, disk: 1 }]],
  ["bytes after the end", "stray_bytes", [PASS], { after: bytesOf("<script>") }],
  ["bytes before the first entry", "stray_bytes", [PASS], { before: bytesOf("#!/bin/sh\n") }],
  ["bytes between directory and end", "stray_bytes", [PASS], { directoryBytes: 10 }],
  ["a second end in the comment", "ambiguous_end", [PASS], { comment: archive([]) }],
  ["more entries than are there", "broken_directory", [PASS], { count: 2 }],
  ["fewer entries than are there", "broken_directory", [PASS, ...named("a")], { count: 1 }],
  ["an entry without a local header", "broken_directory", [{ ...PASS, headerAt: 5 }]],
  ["an entry that begins behind the archive", "broken_directory", [{ ...PASS, headerAt: 1_000_000 }]],
  ["a broken extra field", "broken_directory", [{ ...PASS, extra: Uint8Array.of(9, 9, 200, 0) }]],
  ["a local header with another name", "header_mismatch", [{ ...PASS, local: { path: "evil.json" } }]],
  ["a local header with another size", "header_mismatch", [{ ...PASS, local: { bytes: 1 } }]],
  ["a local header with another method", "header_mismatch", [{ ...PASS, local: { method: 8 } }]],
  ["two entries of the same bytes", "header_mismatch", [PASS, { ...PASS, path: "b.json", headerAt: 0 }]],
  [
    "an entry that reaches into the directory",
    "overlapping_entries",
    [{ ...PASS, compressedBytes: 60, bytes: 60 }],
  ],
  ["a stored entry with two sizes", "size_mismatch", [{ ...PASS, bytes: 3 }]],
  ["a folder with content", "size_mismatch", [{ ...PASS, path: "en.lproj/" }]],
  ["a bomb that declares its size", "compression_bomb", [bomb(9 * MEGABYTE)]],
  ["a bomb that declares less", "size_mismatch", [bomb(500_000)]],
  ["a bomb that declares a byte", "size_mismatch", [bomb(1)]],
  ["a stream that holds less than it declares", "size_mismatch", [{ ...PASS, method: 8, bytes: 40 }]],
  [
    "data that is not a DEFLATE stream",
    "size_mismatch",
    [{ ...PASS, method: 8, compressed: bytesOf("\u0007hello") }],
  ],
  ["a truncated stream", "size_mismatch", [{ ...bomb(900_000), compressed: zeros.subarray(0, 400) }]],
  ["another checksum", "checksum_mismatch", [{ ...PASS, crc: 1 }]],
  ["a file above the limit", "file_too_large", [{ ...PASS, method: 8, bytes: LIMITS.fileBytes + 1 }]],
  ["files above the limit in total", "unpacked_too_large", ["a", "b", "c", "d", "e"].map(large)],
  ["a pass.json of a megabyte", "file_too_large", [{ ...PASS, content: new Uint8Array(MEGABYTE) }]],
  ["six JSON files of 400 KB", "too_much_text", Array.from({ length: 6 }, (_, i) => asString(`f${i}.json`))],
  [
    "six languages of 400 KB",
    "too_much_text",
    [PASS, ...Array.from({ length: 6 }, (_, i) => asString(`l${i}.lproj/pass.strings`))],
  ],
  [
    "101 languages",
    "too_many_languages",
    [PASS, ...Array.from({ length: 101 }, (_, i) => ({ path: `l${i}.lproj/pass.strings` }))],
  ],
  [
    "20,001 translations in two languages",
    "too_many_strings",
    [PASS, translated("en", 1), translated("fr", 20_000)],
  ],
  [
    "a small text that unpacks to many times its size",
    "compression_bomb",
    [{ ...asString("pass.json"), method: 8 }],
  ],
  ["a name with ten folders", "invalid_name", named(`${"a/".repeat(10)}x`)],
  ["very many entries", "too_many_entries", Array.from({ length: 501 }, (_, i) => ({ path: `f${i}` }))],
];

test.each(HOSTILE)("%s is rejected: %s", (_what, code, members, lies) => {
  const read = readPkpass(archive(members, lies));
  expect(read).toMatchObject({ outcome: "refused", code });
  expect(read.outcome === "refused" && read.why).toMatch(/^[A-Z].+\.$/);
});

test("an archive at the limits is read", () => {
  const languages = Array.from({ length: 99 }, (_, i) => ({ path: `l${i}.lproj/pass.strings` }));
  expect(readPkpass(archive([PASS, translated("en", 20_000), ...languages]))).toMatchObject({
    outcome: "read",
  });
  const texts = Array.from({ length: 5 }, (_, i) => asString(`f${i}.json`));
  expect(readPkpass(archive([PASS, ...texts]))).toMatchObject({ outcome: "read" });
});

test("too much text in total is rejected before any of it is parsed", () => {
  const parse = vi.spyOn(JSON, "parse");
  try {
    readPkpass(archive([PASS, ...Array.from({ length: 6 }, (_, i) => asString(`f${i}.json`))]));
    expect(parse).not.toHaveBeenCalled();
    readPkpass(archive([PASS]));
    expect(parse).toHaveBeenCalled();
  } finally {
    parse.mockRestore();
  }
});

test("overlapping entries are rejected: they make a bomb with a low compression ratio", () => {
  const inner: Member = { path: "inner.png", content: "x" };
  const outer: Member = { path: "outer.png", content: archive([inner]) };
  const insideOuter = { ...inner, headerAt: 30 + "outer.png".length };
  expect(readPkpass(archive([outer, insideOuter]))).toMatchObject({ code: "overlapping_entries" });
  expect(readPkpass(archive([outer, inner]))).toMatchObject({ outcome: "read" });
});

test.each([
  ["nothing", new Uint8Array()],
  ["text", bytesOf("this is no archive")],
  ["a RAR", bytesOf("Rar!\u001a\u0007\u0000 and more")],
  ["only the first half", archive([PASS]).subarray(0, 40)],
])("%s is not a ZIP", (_what, bytes) => {
  expect(readPkpass(bytes)).toMatchObject({ outcome: "refused", code: "not_a_zip" });
});

test("an archive above the size limit is rejected before it is parsed", () => {
  expect(readPkpass(new Uint8Array(LIMITS.archiveBytes + 1))).toMatchObject({ code: "archive_too_large" });
});

test("at most the declared size and one slice more are inflated, whatever the stream contains", () => {
  const push = vi.spyOn(Inflate.prototype, "push");
  try {
    expect(inflateExactly(zeros, 100_000)).toBeUndefined();
    const fed = push.mock.calls.reduce((bytes, [chunk]) => bytes + chunk.length, 0);
    // 4096 bytes of a stream make at most 4 MB: it stops after the first slice.
    expect(push).toHaveBeenCalledTimes(1);
    expect(fed).toBeLessThanOrEqual(4096);
    expect(zeros.length).toBeGreaterThan(2 * 4096);
  } finally {
    push.mockRestore();
  }
});

test("nothing is inflated before the whole directory is checked", () => {
  const push = vi.spyOn(Inflate.prototype, "push");
  try {
    readPkpass(archive([bomb(500_000), { path: "../x" }]));
    readPkpass(archive([...["a", "b", "c", "d", "e"].map(large)]));
    expect(push).not.toHaveBeenCalled();
  } finally {
    push.mockRestore();
  }
});

test("changing any byte or truncating anywhere gives a result or a rejection, but never throws", () => {
  const whole = archive([PASS, { path: "en.lproj/pass.strings", content: '"a" = "b";', method: 8 }]);
  for (let at = 0; at < whole.length; at++) {
    expect(readPkpass(whole.subarray(0, at)).outcome).toBe("refused");
    for (const byte of [0, 1, 0x7f, 0x80, 0xff]) readPkpass(whole.with(at, byte));
  }
});

test("archives of common tools are read: deflate, data descriptors, folders, Unix modes, a comment", () => {
  const descriptor = new Uint8Array(16);
  const read = readPkpass(
    archive(
      [
        {
          path: "pass.json",
          content: '{"a":1}',
          method: 8,
          flags: 0x0808,
          externalAttributes: 0o100644 * 0x10000,
        },
        { path: "en.lproj/", externalAttributes: 0o040755 * 0x10000 + 0x10 },
        { path: "en.lproj/pass.strings", content: '"a" = "b";' },
      ],
      { gap: descriptor, comment: bytesOf("made by hand") },
    ),
  );
  expect(read).toMatchObject({ outcome: "read", pass: { a: 1 }, strings: { en: { a: "b" } }, findings: [] });
});
