/**
 * The rules that Passdock's API reference describes in words, and how its contradictions are resolved. D1 to D7 are its
 * seven operations, in the order of the reference.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { curl, runCurl } from "./curl.ts";
import { admin, bundle, issue, makePassType } from "./instance.ts";
import {
  api,
  ask,
  compactPage,
  created,
  expectRefusal,
  freshSerial,
  full,
  listed,
  pathOf,
  type Query,
  read,
  redeem,
  remove,
  show,
  update,
  updated,
} from "./passdock.ts";
import { expectSummary, type Full, SECONDS, type Summary } from "./passdock-shapes.ts";
import { templates } from "./passdock-templates.ts";

let passType: string;
let boarding: number;
beforeAll(async () => {
  passType = await makePassType();
  boarding = await templates.boardingPass(passType);
});

const UNKNOWN = 987_654_321;

/** A pass with the gate 12 that is voided or has expired. */
async function ended(how: "voided" | "expired", hash: object = {}): Promise<Summary> {
  const at = await created(boarding, { gate: "12", ...hash });
  if (how === "voided") await admin.send("POST", `/passes/${at.id}/void`, {});
  else await admin.send("PATCH", `/passes/${at.id}`, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  return at;
}

describe("D1, Get All Passes", () => {
  test("returns 50 passes per page, newest first, and an empty page after the end", async () => {
    const templateId = await templates.boardingPass(passType);
    const issued: number[] = [];
    for (let n = 0; n < 52; n++) issued.push((await issue(templateId)).id);
    const ids = async (page?: number) =>
      (await compactPage(templateId, page === undefined ? {} : { page })).map(({ id }) => id);
    expect(await ids()).toEqual(issued.toReversed().slice(0, 50));
    expect(await ids(1)).toEqual(await ids());
    expect(await ids(2)).toEqual(issued.toReversed().slice(50));
    expect(await ids(3)).toEqual([]);
    const whole = read<Full[]>(200, await ask(`/templates/${templateId}/passes`, { page: 2 }));
    expect(whole.map(({ id }) => id)).toEqual(await ids(2));
  });

  test("returns full objects with compact=false", async () => {
    const at = await created(boarding);
    const [first] = read<Full[]>(200, await ask(`/templates/${boarding}/passes`, { compact: false }));
    expect(first).toEqual(await full(at));
  });

  test.each<Query>([
    { page: "0" },
    { page: "-1" },
    { page: "x" },
    { page: "1.5" },
    { compact: "yes" },
    { compact: "" },
  ])("refuses %j with 400", async (query) => {
    expectRefusal(await ask(`/templates/${boarding}/passes`, query), 400);
  });

  test("does not return passes of another template", async () => {
    const other = await templates.generic(passType);
    const at = await created(other);
    expect((await compactPage(boarding)).map(({ id }) => id)).not.toContain(at.id);
    expect(await compactPage(other)).toHaveLength(1);
  });
});

describe("D2, Show Pass", () => {
  test("refuses an unknown pass, or one of another template, with 404", async () => {
    const at = await created(await templates.generic(passType));
    expectRefusal(await ask(`/templates/${boarding}/passes/${UNKNOWN}`), 404);
    expectRefusal(await ask(`/templates/${boarding}/passes/${at.id}`), 404);
  });

  test("downloads the pass with show=true", async () => {
    const at = await created(boarding);
    const asked = await runCurl(["-f", api(pathOf(at), { show: true })]);
    expect(asked.equals(await runCurl(["-f", at.download]))).toBe(true);
    expect(asked.subarray(0, 2).toString()).toBe("PK");
  });

  test("returns a link whose download needs no token and is accepted by Wallet", async () => {
    const serial_number = freshSerial();
    const { pass } = await bundle((await created(boarding, { serial_number, gate: "53" })).download);
    expect(pass).toMatchObject({
      serialNumber: serial_number,
      boardingPass: { headerFields: [{ key: "gate", value: "53" }] },
    });
  });
});

describe("D4, Update Pass", () => {
  test("changes the values in the request, and no others", async () => {
    const at = await created(boarding, { gate: "12", name: "James Smith" });
    const { header } = await updated(at, {
      gate: { value: "53", label: "PORTE", changeMessage: "Porte %@" },
    });
    expect(header).toEqual([{ key: "gate", value: "53", label: "PORTE", changeMessage: "Porte %@" }]);
    const { pass } = await bundle(at.download);
    expect(pass.boardingPass).toMatchObject({
      headerFields: [{ value: "53", label: "PORTE" }],
      secondaryFields: [{ value: "James Smith" }],
    });
  });

  test("accepts the same serial number, and refuses another one with 400", async () => {
    const serial_number = freshSerial();
    const at = await created(boarding, { serial_number, gate: "12" });
    expect(await updated(at, { serial_number, gate: "53" })).toMatchObject({ header: [{ value: "53" }] });
    expectRefusal(await update(at, { serial_number: freshSerial(), gate: "54" }), 400);
    expect(await show(at)).toMatchObject({ serial_number, header: [{ value: "53" }] });
  });

  test("redeems the pass, and undoes that, with redeemed in the hash", async () => {
    const at = await created(boarding, { redeemed: true });
    expect((await listed(at)).redeemed_at).toMatch(SECONDS);
    read<Summary>(200, await update(at, { redeemed: false }));
    expect((await listed(at)).redeemed_at).toBeNull();
    read<Summary>(200, await update(at, { redeemed: true }));
    expect((await listed(at)).redeemed_at).toMatch(SECONDS);
  });
});

describe.each(["voided", "expired"] as const)("D4 and D5, a pass that is %s", (how) => {
  const shown = (at: Summary) => admin.get<Pass>(`/passes/${at.id}`);

  test("is not redeemed: 400, and nothing changes", async () => {
    const at = await ended(how);
    const before = await shown(at);
    expectRefusal(await redeem(at, { redeemed: true }), 400);
    expectRefusal(await update(at, { gate: "53", redeemed: true }), 400);
    // 400 comes before 420 and 422.
    expectRefusal(await update(at, { departure: "tomorrow", gaat: "53", redeemed: true }), 400);
    expect(await shown(at)).toEqual(before);
  });

  test("stays redeemed with its first time if it was redeemed before: 200", async () => {
    const at = await ended(how, { redeemed: true });
    const { redeemedAt } = await shown(at);
    expectSummary(read(200, await redeem(at, { redeemed: true })), boarding);
    expect(await updated(at, { gate: "53", redeemed: true })).toMatchObject({ header: [{ value: "53" }] });
    expect((await shown(at)).redeemedAt).toBe(redeemedAt);
  });

  test("is changed as any other, and a redemption of it is undone: 200", async () => {
    const at = await ended(how, { redeemed: true });
    expect(await updated(at, { gate: "53" })).toMatchObject({ header: [{ value: "53" }] });
    expectSummary(read(200, await redeem(at, { redeemed: false })), boarding);
    expect(await updated(at, { gate: "54", redeemed: false })).toMatchObject({ header: [{ value: "54" }] });
    expect(await shown(at)).toMatchObject({ status: how, redeemedAt: null });
  });
});

describe("D5, Redeem a Pass", () => {
  test("answers 200 to a second request, and keeps the time of the first", async () => {
    const at = await created(boarding);
    expectSummary(read(200, await redeem(at, { redeemed: true })), boarding);
    const redeemedAt = async () => (await admin.get<Pass>(`/passes/${at.id}`)).redeemedAt; // in milliseconds
    const first = await redeemedAt();
    expect((await listed(at)).redeemed_at).toBe(first?.replace(/\.\d+Z$/, "Z"));
    expectSummary(read(200, await redeem(at, { redeemed: true })), boarding);
    expect(await redeemedAt()).toBe(first);
  });

  test("makes the pass void in its pass.json until the redemption is undone", async () => {
    const at = await created(boarding);
    expect((await bundle(at.download)).pass).not.toHaveProperty("voided");
    await redeem(at, { redeemed: true });
    expect((await bundle(at.download)).pass).toHaveProperty("voided", true);
    await redeem(at, { redeemed: false });
    expect((await bundle(at.download)).pass).not.toHaveProperty("voided");
    expect((await listed(at)).redeemed_at).toBeNull();
  });

  test("returns the full object with debug=true", async () => {
    const at = await created(boarding);
    const answer = read<Full>(200, await redeem(at, { redeemed: true, debug: true }));
    expect(answer).toEqual(await full(at));
  });

  test.each<Query>([{}, { redeemed: "" }, { redeemed: "yes" }, { redeemed: true, debug: "yes" }])(
    "refuses the query %j with 400",
    async (query) => {
      const at = await created(boarding);
      expectRefusal(await redeem(at, query), 400);
      expect((await listed(at)).redeemed_at).toBeNull();
    },
  );
});

describe("D6, Delete a Pass", () => {
  test("removes the pass from all lists, and every request for it gets 404", async () => {
    const message = freshSerial();
    const at = await created(boarding, { bar: { message } });
    expect((await remove(at)).status).toBe(200);
    expectRefusal(await remove(at), 404);
    expectRefusal(await ask(pathOf(at)), 404);
    expectRefusal(await update(at, { gate: "1" }), 404);
    expectRefusal(await redeem(at, { redeemed: true }), 404);
    expectRefusal(await ask("/passes/search", { code: message }), 404);
    expect((await compactPage(boarding)).map(({ id }) => id)).not.toContain(at.id);
  });
});

describe("D7, Search for a Pass", () => {
  const search = async (code: string) => read<Full>(200, await ask("/passes/search", { code }));

  test("finds the newest of several passes with the same code, in one template or in all", async () => {
    const other = await templates.generic(passType);
    const message = `two words ${freshSerial()}`;
    const older = await created(boarding, { bar: { message } });
    const newest = await created(other, { bar: { message } });
    const code = encodeURIComponent(message);
    expect(code).toContain("%20");
    const inAll = await curl(["-i", `${api("/passes/search")}&code=${code}`]);
    const inOne = await curl(["-i", `${api(`/templates/${boarding}/passes/search`)}&code=${code}`]);
    expect(read<Full>(200, inAll).id).toBe(newest.id);
    expect(read<Full>(200, inOne)).toEqual(await full(older));
  });

  test("finds a pass by the text that a scanner reads, which is the serial number if the pass has no message", async () => {
    const serial_number = freshSerial();
    const at = await created(boarding, { serial_number });
    expect((await search(serial_number)).id).toBe(at.id);
    const { pass } = await bundle(at.download);
    expect(pass.barcodes).toMatchObject([{ message: serial_number }]);
    const message = freshSerial();
    await updated(at, { bar: { message } });
    expect((await search(message)).id).toBe(at.id);
    expectRefusal(await ask("/passes/search", { code: serial_number }), 404);
  });

  test("refuses a request without a code with 400, and an unknown code with 404", async () => {
    expectRefusal(await ask("/passes/search"), 400);
    expectRefusal(await ask(`/templates/${boarding}/passes/search`), 400);
    expectRefusal(await ask("/passes/search", { code: freshSerial() }), 404);
    expectRefusal(await ask(`/templates/${boarding}/passes/search`, { code: freshSerial() }), 404);
  });
});
