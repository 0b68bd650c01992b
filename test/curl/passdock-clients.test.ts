/**
 * What clients of Passdock's API send in addition to the lines in its reference, and the effect of unescaped form
 * bodies on dates. Follows the reference's parameter tables, and Passdock's own libraries for Ruby and Node.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { curl } from "./curl.ts";
import { adminToken, bundle, makePassType, origin } from "./instance.ts";
import { api, ask, created, expectRefusal, form, freshSerial, pathOf, read, show } from "./passdock.ts";
import type { Full, Shown, Summary } from "./passdock-shapes.ts";
import { templates } from "./passdock-templates.ts";

let boarding: number;
beforeAll(async () => {
  boarding = await templates.boardingPass(await makePassType());
});

describe("clients may also send", () => {
  test("addresses that end in .json", async () => {
    const at = read<Summary>(
      201,
      await curl([
        "-i",
        "-d",
        form({ serial_number: freshSerial() }),
        api(`/templates/${boarding}/passes.json`),
      ]),
    );
    const shown = await show(at);
    expect(read<Shown>(200, await ask(`${pathOf(at)}.json`))).toEqual(shown);
    expect(read<Full[]>(200, await ask(`/templates/${boarding}/passes.json`))[0]?.id).toBe(at.id);
    const code = shown.serial_number;
    expect(read<Full>(200, await ask("/passes/search.json", { code })).id).toBe(at.id);
    read(200, await curl(["-i", "-X", "PUT", "-d", form({ gate: "1" }), api(`${pathOf(at)}.json`)]));
    expect((await curl(["-i", "-X", "DELETE", api(`${pathOf(at)}.json`)])).status).toBe(200);
  });

  test("the token in the form body, or as a bearer", async () => {
    const address = `${origin}/api/v1/templates/${boarding}/passes`;
    const data = form({ serial_number: freshSerial() }, `&api_token=${adminToken}`);
    const at = read<Summary>(201, await curl(["-i", "-d", data, address]));
    const bearer = ["-H", `Authorization: Bearer ${adminToken}`];
    expect(read<Full>(200, await curl(["-i", ...bearer, `${address}/${at.id}`])).id).toBe(at.id);
    const token = ["-d", `api_token=${adminToken}`];
    expect((await curl(["-i", "-X", "DELETE", ...token, `${address}/${at.id}`])).status).toBe(200);
  });

  test("nested form keys", async () => {
    const serial_number = freshSerial();
    const data = [
      `pass[serial_number]=${serial_number}`,
      "pass[gate]=53",
      "pass[departure][value]=2012-12-18T14:34:10-02:00",
      "pass[departure][label]=LEAVES",
    ].join("&");
    expect(await show(await created(boarding, data))).toMatchObject({
      serial_number,
      header: [{ value: "53" }],
      auxiliary: [{ value: "2012-12-18T14:34:10-02:00", label: "LEAVES" }],
    });
  });

  test("an unescaped + in a date, which a form turns into a space", async () => {
    const departure = "2012-12-18T14:34:10+02:00";
    const relevantDate = "2012-12-18T12:00:00+01:00";
    const at = await created(boarding, { departure, relevance: { relevantDate } });
    expect(await show(at)).toMatchObject({ auxiliary: [{ value: departure }], relevance: { relevantDate } });
    expect((await bundle(at.download)).pass).toMatchObject({
      boardingPass: { auxiliaryFields: [{ value: departure }] },
      relevantDate,
    });
  });

  test("latitude and longitude as strings, stored as numbers", async () => {
    const location = { latitude: "12.122342", longitude: "64.123353", relevantText: "Here" };
    const at = await created(boarding, { relevance: { locations: [location] } });
    const locations = [{ latitude: 12.122342, longitude: 64.123353, relevantText: "Here" }];
    expect((await show(at)).relevance).toEqual({ locations });
    expect((await bundle(at.download)).pass).toMatchObject({ locations });
  });

  test("debug, errors and thumbnail as keys of a JSON body", async () => {
    const send = (body: unknown) =>
      curl([
        ...["-i", "-H", "Content-Type: application/json", "-d", JSON.stringify(body)],
        api(`/templates/${boarding}/passes`),
      ]);
    const serial_number = freshSerial();
    const answer = read<Full>(200, await send({ debug: true, pass: { serial_number, gate: "53" } }));
    expect(answer).toMatchObject({ serial_number, header: [{ value: "53" }] });
    const pass = { serial_number: freshSerial(), seat: "1A" };
    expect(read(420, await send({ errors: true, pass }))).toEqual({
      code: 420,
      errors: [expect.stringContaining("seat")],
    });
    const thumbnail = { filename: "test.png", data: "no image" };
    expectRefusal(await send({ thumbnail, pass: { serial_number: freshSerial() } }), 422);
  });
});
