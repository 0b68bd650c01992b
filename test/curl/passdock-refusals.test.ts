/**
 * The codes of Passdock's API reference for each fault, and their precedence if there are several faults: 401, 404,
 * 400, 421, 420, 422. A refusal changes nothing.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { curl } from "./curl.ts";
import { imageWithPlus, makePassType, origin } from "./instance.ts";
import {
  api,
  ask,
  compactPage,
  create,
  created,
  expectRefusal,
  form,
  freshSerial,
  listed,
  read,
  redeem,
  show,
  update,
} from "./passdock.ts";
import type { Summary } from "./passdock-shapes.ts";
import { templates } from "./passdock-templates.ts";

let passType: string;
let boarding: number;
let at: Summary;
beforeAll(async () => {
  passType = await makePassType();
  boarding = await templates.boardingPass(passType);
  at = await created(boarding, { gate: "12" });
});

const UNKNOWN = 987_654_321;

/** What neither creating nor updating accepts, once for each code. The others are in test/dialects/passdock-refusals.test.ts. */
const wrong: [string, code: number, pass: Record<string, unknown>][] = [
  ["a key that the template does not have", 420, { seat: "1A" }],
  ["a date field without a date", 422, { departure: "tomorrow" }],
  ["redeemed that is neither true nor false", 400, { redeemed: "maybe" }],
];

describe("D3, Create Pass, refuses", () => {
  test.each(wrong)("%s with %i", async (_, code, pass) => {
    const serial_number = freshSerial();
    expectRefusal(await create(boarding, { serial_number, ...pass }), code);
    await created(boarding, { serial_number }); // it is not in use yet
  });

  test("a pass without a serial number with 421", async () => {
    expectRefusal(await create(boarding, form({ gate: "53" })), 421);
    expectRefusal(await create(boarding, form({ serial_number: "", gate: "53" })), 421);
  });

  test("a serial number that is in use with 400", async () => {
    const serial_number = freshSerial();
    const first = await created(boarding, { serial_number, gate: "12" });
    expectRefusal(await create(boarding, { serial_number, gate: "53" }), 400);
    expect(await show(first)).toMatchObject({ header: [{ value: "12" }] });
  });

  test("a request without a pass, or with a pass that is not JSON, with 400", async () => {
    expectRefusal(await create(boarding, "debug=false"), 400);
    expectRefusal(await create(boarding, 'pass={"serial_number":"1'), 400);
    const json = ["-H", "Content-Type: application/json"];
    const address = api(`/templates/${boarding}/passes`);
    for (const body of ["{}", '{"pass":', "[]", "null"]) {
      expectRefusal(await curl(["-i", ...json, "-d", body, address]), 400);
    }
  });
});

describe("D4, Update Pass, refuses", () => {
  test.each(wrong)("%s with %i", async (_, code, pass) => {
    const before = await show(at);
    expectRefusal(await update(at, { gate: "98", ...pass }), code);
    expect(await show(at)).toEqual(before);
    expect((await listed(at)).redeemed_at).toBeNull();
  });

  test("a request without a pass with 400", async () => {
    expectRefusal(await update(at, "debug=false"), 400);
    expectRefusal(await update(at, 'pass={"gate":'), 400);
  });
});

describe("debug and errors", () => {
  test("errors=true returns what is wrong, in a form and in the address", async () => {
    const said = { code: 420, errors: [expect.stringContaining("seat")] };
    const pass = form({ serial_number: freshSerial(), seat: "1A" });
    expect(read(420, await create(boarding, `errors=true&${pass}`))).toEqual(said);
    expect(read(420, await create(boarding, pass, { errors: true }))).toEqual(said);
    expect(read(420, await create(boarding, pass, { errors: false }))).toEqual({ code: 420 });
  });

  test.each([
    ["401", 401, () => curl(["-i", `${origin}/api/v1/templates/${boarding}/passes?errors=true`])],
    ["404", 404, () => curl(["-i", api(`/templates/${boarding}/passes/${UNKNOWN}`, { errors: true })])],
    ["400", 400, () => curl(["-i", api("/passes/search", { errors: true })])],
    ["421", 421, () => create(boarding, form({}), { errors: true })],
    ["422", 422, () => create(boarding, { departure: "tomorrow" }, { errors: true })],
  ])("errors=true has a text for %s", async (_, code, answer) => {
    const { errors, ...rest } = read<{ errors: string[] }>(code, await answer());
    expect(rest).toEqual({ code });
    expect(errors.length).toBeGreaterThan(0);
    for (const text of errors) expect(text).toMatch(/\w{2}/);
  });

  test.each(["debug", "errors"])("%s that is neither true nor false is refused with 400", async (name) => {
    const before = await compactPage(boarding);
    for (const value of ["yes", "1"]) {
      const answer = await create(boarding, { gate: "53" }, { [name]: value });
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({ code: 400 });
    }
    expect(await compactPage(boarding)).toEqual(before);
  });
});

describe("authentication", () => {
  const operations: [string, string, string[]][] = [
    ["D1", "", []],
    ["D2", "/ID", []],
    ["D3", "", ["-d", 'pass={"serial_number":"never"}']],
    ["D4", "/ID", ["-X", "PUT", "-d", 'pass={"gate":"98"}']],
    ["D5", "/ID/redeem", ["-X", "PUT"]],
    ["D6", "/ID", ["-X", "DELETE"]],
    ["D7", "/search", []],
  ];

  test.each(operations)(
    "%s is refused with 401 without a token, or with a wrong one",
    async (_, path, args) => {
      const address = `${origin}/api/v1/templates/${boarding}/passes${path.replace("ID", `${at.id}`)}`;
      for (const query of ["", "?api_token=", "?api_token=75778a65dfdae310a107d2ef0bbd3780"]) {
        const answer = await curl(["-i", ...args, address + query]);
        expectRefusal(answer, 401);
        expect(answer.headers.has("www-authenticate")).toBe(true);
      }
      expect(await show(at)).toMatchObject({ header: [{ value: "12" }] });
    },
  );

  test.each(operations)("%s is refused with 404 for an unknown template", async (_, path, args) => {
    const query = { redeemed: true, code: "any" };
    const address = api(`/templates/${UNKNOWN}/passes${path.replace("ID", `${at.id}`)}`, query);
    expectRefusal(await curl(["-i", ...args, address]), 404);
    expect((await listed(at)).redeemed_at).toBeNull();
  });
});

describe("among several codes", () => {
  const bad = { departure: "tomorrow" };
  const unknownKey = { seat: "1A" };

  test("401 comes before 404", async () => {
    const address = `${origin}/api/v1/templates/${UNKNOWN}/passes`;
    expectRefusal(await curl(["-i", "-d", "pass=", `${address}?api_token=wrong`]), 401);
  });

  test("404 comes before 400", async () => {
    expectRefusal(await create(UNKNOWN, "pass={"), 404);
    expectRefusal(await create(UNKNOWN, {}, { debug: "yes" }), 404);
    expectRefusal(await update({ ...at, id: UNKNOWN }, "pass={"), 404);
    expectRefusal(await ask(`/templates/${UNKNOWN}/passes`, { page: "0" }), 404);
    expectRefusal(await ask(`/templates/${UNKNOWN}/passes/search`), 404);
    expectRefusal(await redeem({ ...at, id: UNKNOWN }, { redeemed: "maybe" }), 404);
  });

  test("400 comes before 421", async () => {
    expectRefusal(await create(boarding, form({ gate: "53" }), { debug: "yes" }), 400);
    expectRefusal(await create(boarding, form({ redeemed: "maybe" })), 400);
  });

  test("400 comes before 420 and 422", async () => {
    expectRefusal(await update(at, { serial_number: freshSerial(), ...unknownKey, ...bad }), 400);
    const serial_number = freshSerial();
    await created(boarding, { serial_number });
    expectRefusal(await create(boarding, { serial_number, ...unknownKey }), 400);
  });

  test("421 comes before 420 and 422", async () => {
    expectRefusal(await create(boarding, form({ ...bad, ...unknownKey })), 421);
    expectRefusal(await create(boarding, form(bad)), 421);
  });

  test("420 comes before 422", async () => {
    expectRefusal(await create(boarding, { ...bad, ...unknownKey }), 420);
    expectRefusal(await update(at, { ...bad, ...unknownKey }), 420);
  });
});

describe("thumbnails", () => {
  const { base64: data } = imageWithPlus(90, 90);
  const more = `&thumbnail=${JSON.stringify({ filename: "test.png", data })}`;

  test.each(["generic", "eventTicketWithBackground", "eventTicketWithThumbnail"] as const)(
    "are accepted by a template of the kind %s",
    async (kind) => {
      const templateId = await templates[kind](passType);
      await created(templateId, form({ serial_number: freshSerial() }, more));
    },
  );

  test.each(["boardingPass", "coupon", "storeCard", "eventTicketWithStrip"] as const)(
    "are refused with 422 by a template of the kind %s",
    async (kind) => {
      const templateId = await templates[kind](passType);
      expectRefusal(await create(templateId, form({ serial_number: freshSerial() }, more)), 422);
    },
  );

  test.each([
    ["without a filename", { data }],
    ["without data", { filename: "test.png" }],
    ["that is not a hash", "test.png"],
    ["that is not base64", { filename: "test.png", data: "THE_BASE_64_ENCODED_IMAGE" }],
    ["that is not a PNG", { filename: "test.png", data: Buffer.from("GIF89a").toString("base64") }],
  ])("are refused with 422: a thumbnail %s", async (_, thumbnail) => {
    const templateId = await templates.generic(passType);
    const pass = form({ serial_number: freshSerial() }, `&thumbnail=${JSON.stringify(thumbnail)}`);
    expectRefusal(await create(templateId, pass), 422);
  });
});
