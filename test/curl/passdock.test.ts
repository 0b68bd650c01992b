/**
 * Every curl line of Passdock's API reference, run with real curl as it is printed, and each response compared, field
 * by field, with the reference's sample responses. Host, ids and token are those of the instance, and a serial number
 * that the reference uses twice is replaced.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { curl } from "./curl.ts";
import { bundle, imageWithPlus, makePassType } from "./instance.ts";
import { compactPage, created, expectRefusal, freshSerial, listed, read, show } from "./passdock.ts";
import { type Aim, aimed, LINES } from "./passdock-lines.ts";
import {
  type CompactItem,
  expectCompact,
  expectFull,
  expectShown,
  expectSummary,
  FILLED,
  type Full,
  type Shown,
  type Summary,
  WITH_GATE_AND_DEPARTURE,
} from "./passdock-shapes.ts";
import { templates } from "./passdock-templates.ts";

let passType: string;
let boarding: number;
let generic: number;
beforeAll(async () => {
  passType = await makePassType();
  boarding = await templates.boardingPass(passType);
  generic = await templates.generic(passType);
});

const run = (line: string, aim: Aim) => curl(aimed(line, aim));
const [header] = WITH_GATE_AND_DEPARTURE.header;
const [auxiliary] = WITH_GATE_AND_DEPARTURE.auxiliary;
/** The values that the debug lines set. */
const gate = (value: string) => [{ ...header, value }];
const november = [{ ...auxiliary, value: "2012-11-14T08:12:19-08:00" }];
const scanned = "QRRSNDKAIUDS923";
const barcode = { ...WITH_GATE_AND_DEPARTURE.bar, message: scanned, altText: scanned };
const relevance = { locations: [{ latitude: 12.122342, longitude: 64.123353 }] };

/**
 * For a pass without a message of its own. It is empty in the sample; here it is the text that a scanner reads, the
 * serial number.
 */
const unset = (serialNumber: string) => ({ ...WITH_GATE_AND_DEPARTURE.bar, message: serialNumber });

/** The request for the pass in the list's sample. */
const filled = {
  serial_number: FILLED.serial_number,
  bar: { message: FILLED.bar.message },
  relevance: FILLED.relevance,
  gate: "56",
  from: "NYC",
  to: "SFO",
  name: "James Smith",
  departure: "2012-11-12T10:12:20-08:00",
  passport: "United States of America.",
};
describe("all lines together", () => {
  test("are the 20 lines that the reference prints", () => {
    const all = Object.values(LINES).flat();
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
  });
});

describe("Get All Passes", () => {
  let templateId: number;
  let older: Summary;
  let newest: Summary;
  beforeAll(async () => {
    templateId = await templates.boardingPass(passType);
    older = await created(templateId, { gate: "53", departure: "2012-12-18T14:34:10-02:00" });
    newest = await created(templateId, filled);
  });

  test(LINES.list[0], async () => {
    const list = read<Full[]>(200, await run(LINES.list[0], { templateId }));
    expect(list.map(({ id }) => id)).toEqual([newest.id, older.id]);
    const [first, second] = list as [Full, Full];
    expectFull(first, FILLED, templateId, {});
    expect(first.web_token).toBe(newest.web_token);
    const { serial_number } = await show(older);
    expectFull(second, WITH_GATE_AND_DEPARTURE, templateId, { serial_number, bar: unset(serial_number) });
  });

  test.each(LINES.list.slice(1))("%s", async (line) => {
    const list = read<CompactItem[]>(200, await run(line, { templateId }));
    expect(list.map(({ id }) => id)).toEqual([newest.id, older.id]);
    for (const item of list) expectCompact(item, templateId);
    expect(list[0]?.web_token).toBe(newest.web_token);
  });
});

describe("Show Pass", () => {
  test(LINES.show[0], async () => {
    const serial_number = freshSerial();
    const { id: passId } = await created(boarding, { ...filled, serial_number });
    const shown = read<Shown>(200, await run(LINES.show[0], { templateId: boarding, passId }));
    expectShown(shown, FILLED, boarding, { serial_number });
    const page = await curl(["-i", shown.render_html_url]);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ]);
  });
});

describe("Create Pass", () => {
  test(`${LINES.create[0]} (201, the serial number as printed)`, async () => {
    const summary = read<Summary>(201, await run(LINES.create[0], { templateId: boarding }));
    expectSummary(summary, boarding);
    expectShown(await show(summary), WITH_GATE_AND_DEPARTURE, boarding, {
      serial_number: "1234567",
      bar: unset("1234567"),
    });
  });

  test.each([LINES.create[1], LINES.create[2]])("%s (201)", async (line) => {
    const serialNumber = freshSerial();
    const summary = read<Summary>(201, await run(line, { templateId: boarding, serialNumber }));
    expectSummary(summary, boarding);
    const set = { serial_number: serialNumber, bar: unset(serialNumber) };
    expectShown(await show(summary), WITH_GATE_AND_DEPARTURE, boarding, set);
    expectCompact(await listed(summary), boarding);
  });

  test(`${LINES.create[3]} (200, with debug)`, async () => {
    const full = read<Full>(200, await run(LINES.create[3], { templateId: boarding }));
    expectFull(full, WITH_GATE_AND_DEPARTURE, boarding, {
      serial_number: "4567891",
      header: gate("53"),
      auxiliary: november,
      bar: barcode,
    });
  });

  test(`${LINES.create[4]} (200, with debug)`, async () => {
    const full = read<Full>(200, await run(LINES.create[4], { templateId: boarding }));
    expectFull(full, WITH_GATE_AND_DEPARTURE, boarding, {
      serial_number: "7891234",
      header: gate("98"),
      auxiliary: november,
      bar: unset("7891234"),
      relevance,
    });
  });
});

describe("Update Pass", () => {
  /** A pass to change, and the replacements for its lines. */
  const fresh = async () => {
    const serial_number = freshSerial();
    const at = await created(boarding, { serial_number, gate: "12", departure: "2012-01-01T00:00:00Z" });
    return { at, serial_number, aim: { templateId: boarding, passId: at.id } };
  };

  test.each([LINES.update[0], LINES.update[1]])("%s (200)", async (line) => {
    const { at, serial_number, aim } = await fresh();
    const summary = read<Summary>(200, await run(line, aim));
    expectSummary(summary, boarding);
    expect(summary).toEqual(at);
    expectShown(await show(at), WITH_GATE_AND_DEPARTURE, boarding, {
      serial_number,
      bar: unset(serial_number),
    });
  });

  test(`${LINES.update[2]} (200)`, async () => {
    const { at, aim } = await fresh();
    const summary = read<Summary>(200, await run(LINES.update[2], aim));
    expectSummary(summary, boarding);
    expect(summary).toEqual(at);
    expectCompact(await listed(at), boarding, true);
  });

  test(`${LINES.update[3]} (200, with debug)`, async () => {
    const { at, serial_number, aim } = await fresh();
    const full = read<Full>(200, await run(LINES.update[3], aim));
    const set = { serial_number, header: gate("53"), auxiliary: november, bar: barcode };
    expectFull(full, WITH_GATE_AND_DEPARTURE, boarding, set);
    expect(full).toMatchObject(at);
  });

  test(`${LINES.update[4]} (200, with debug)`, async () => {
    const { at, serial_number, aim } = await fresh();
    const full = read<Full>(200, await run(LINES.update[4], aim));
    const set = {
      serial_number,
      header: gate("98"),
      auxiliary: november,
      bar: unset(serial_number),
      relevance,
    };
    expectFull(full, WITH_GATE_AND_DEPARTURE, boarding, set);
    expect(full).toMatchObject(at);
  });
});

describe("the thumbnail of Create Pass and Update Pass", () => {
  const [line, change] = [LINES.create[5], LINES.update[5]];
  const { png, base64: image } = imageWithPlus(90, 90);
  const thumbnailOf = async ({ download }: Summary) => (await bundle(download)).files["thumbnail.png"];

  test(`${line} is refused for a boarding pass, whatever the image is (422)`, async () => {
    const serialNumber = freshSerial();
    expectRefusal(await run(line, { templateId: boarding, serialNumber }), 422);
    expectRefusal(await run(line, { templateId: boarding, serialNumber, image }), 422);
    await created(boarding, { serial_number: serialNumber }); // it is not in use yet
  });

  test(`${line} is refused as printed, because its text is not an image (422)`, async () => {
    const serialNumber = freshSerial();
    expectRefusal(await run(line, { templateId: generic, serialNumber }), 422);
    await created(generic, { serial_number: serialNumber });
  });

  test(`${line} with an image adds it to the pass, byte for byte (201)`, async () => {
    expect(image).toContain("+");
    const serialNumber = freshSerial();
    const summary = read<Summary>(201, await run(line, { templateId: generic, serialNumber, image }));
    expectSummary(summary, generic);
    expect(await thumbnailOf(summary)).toEqual(png);
  });

  test(`${change} is refused for a boarding pass, which stays as it was (422)`, async () => {
    const at = await created(boarding, { gate: "12" });
    const before = await show(at);
    expectRefusal(await run(change, { templateId: boarding, passId: at.id }), 422);
    expectRefusal(await run(change, { templateId: boarding, passId: at.id, image }), 422);
    expect(await show(at)).toEqual(before);
  });

  test(`${change} is refused as printed, because its text is not an image (422)`, async () => {
    const at = await created(generic, { gate: "12" });
    const before = await show(at);
    expectRefusal(await run(change, { templateId: generic, passId: at.id }), 422);
    expect(await show(at)).toEqual(before);
  });

  test(`${change} with an image adds it to the pass, byte for byte (200)`, async () => {
    const at = await created(generic, { gate: "12" });
    expect(await thumbnailOf(at)).toBeUndefined();
    const summary = read<Summary>(200, await run(change, { templateId: generic, passId: at.id, image }));
    expectSummary(summary, generic);
    expect(await thumbnailOf(at)).toEqual(png);
    expect((await show(at)).header).toMatchObject([{ value: "53" }]);
  });
});

describe("Redeem a Pass", () => {
  test.each([...LINES.redeem])("%s (200)", async (line) => {
    const redeemed = line.includes("redeemed=true");
    const at = await created(boarding, { redeemed: !redeemed });
    const summary = read<Summary>(200, await run(line, { templateId: boarding, passId: at.id }));
    expectSummary(summary, boarding);
    expect(summary).toEqual(at);
    expectCompact(await listed(at), boarding, redeemed);
  });
});

describe("Delete a Pass", () => {
  test(`${LINES.remove[0]} (200, without a body)`, async () => {
    const at = await created(boarding);
    const answer = await run(LINES.remove[0], { templateId: boarding, passId: at.id });
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expect((await compactPage(boarding)).map(({ id }) => id)).not.toContain(at.id);
  });
});

describe("Search for a Pass", () => {
  test(`${LINES.search[0]} (200)`, async () => {
    const serial_number = freshSerial();
    const bar = { message: "XADESA FKKA-CAD" };
    const at = await created(boarding, { ...filled, serial_number, bar });
    const full = read<Full>(200, await run(LINES.search[0], {}));
    const set = { serial_number, bar: { ...FILLED.bar, ...bar } };
    expectFull(full, FILLED, boarding, set);
    expect(full).toMatchObject(at);
  });
});
