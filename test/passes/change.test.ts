/**
 * A change of a pass's images that was computed from other images (`basedOnPack`, src/passes/change.ts): it is written as a
 * whole, or not at all if another request has replaced them meanwhile.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { createContext } from "../../src/http/context.ts";
import { changePass } from "../../src/passes/change.ts";
import { drawPng } from "../apple/png.ts";
import { admin, stored } from "../harness.ts";

const PASS_TYPE = "pass.test.change";
const context = createContext({ env, executionCtx: createExecutionContext() }, Date.now() + 60_000);
const images = new Map([["thumbnail.png", drawPng(10, 10, () => [1, 2, 3, 255])]]);
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

test("everything else in the request is written together with the images", async () => {
  const { id } = await admin.issue(templateId);
  const { id: eventId } = await admin.makeEvent();
  const rest = { externalId: "outside", tags: ["a"], eventId };
  const { pass } = await changePass(context, id, {
    ...rest,
    values: { points: { value: "1" } },
    images,
    basedOnPack: null,
  });
  expect(pass).toMatchObject({ ...rest, values: { points: { value: "1" } } });
  expect(Object.keys(pass.images)).toEqual(["thumbnail.png"]);
});

test("the request is refused if other images were written in between, even if they are the same ones", async () => {
  const { id } = await admin.issue(templateId);
  await changePass(context, id, { values: { points: { value: "first" } }, images, basedOnPack: null });
  const before = await stored();
  const late = changePass(context, id, {
    values: { points: { value: "second" } },
    images,
    basedOnPack: null,
  });
  await expect(late).rejects.toMatchObject({ code: "changed_meanwhile" });
  expect({ ...(await stored()), objects: undefined }).toEqual({ ...before, objects: undefined });
});
