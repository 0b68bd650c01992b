/**
 * Bundles (several passes in one download) of the admin API: valid and invalid requests.
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../../src/passes/show.ts";
import { ADMIN_TOKEN, admin, get, refused } from "../../harness.ts";
import { filesAt, idsOf, linkTo, makeThree, opened } from "../../passes/bundle-client.ts";

const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
let templateId: number;
let three: [Pass, Pass, Pass];

beforeAll(async () => {
  ({ templateId, three } = await makeThree("pass.test.admin-bundles"));
});

test("GET /bundles returns the same file as the link, supports conditional requests, and needs the key", async () => {
  const path = `/admin/v1/bundles/download?passIds=${idsOf(three).join(",")}`;
  const response = await get(path, KEY);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="passes.pkpasses"');
  const etag = response.headers.get("etag") ?? "";
  expect(await opened(response)).toEqual(await filesAt(await linkTo(three)));
  expect((await get(path, { ...KEY, "If-None-Match": etag })).status).toBe(304);
  expect((await get(path)).status).toBe(401);
  expect((await get(path, { "If-None-Match": etag })).status).toBe(401);
});

test("passIds that are not a list of 1 to 10 ids are refused with a pointer", async () => {
  const { id } = three[0];
  const bodies: [passIds: unknown, pointer: string][] = [
    [[], "/passIds"],
    [Array.from({ length: 11 }, (_, n) => n + 1), "/passIds"],
    [undefined, "/passIds"],
    [`${id}`, "/passIds"],
    [{ 0: id, length: 1 }, "/passIds"],
    [[id, `${id}`], "/passIds/1"],
    [[id, 0], "/passIds/1"],
    [[id, -1], "/passIds/1"],
    [[1.5], "/passIds/0"],
    [[2 ** 53], "/passIds/0"],
    [[null], "/passIds/0"],
    [[[id]], "/passIds/0"],
  ];
  for (const [passIds, pointer] of bodies) {
    await refused(["POST", "/bundles", { passIds }], { status: 400, code: "invalid_body", pointer });
  }
  await refused(["POST", "/bundles", { passIds: [id], more: 1 }], {
    status: 400,
    code: "invalid_body",
    pointer: "/more",
  });
  const queries = [
    "",
    "?passIds=",
    `?passIds=${id},`,
    `?passIds=${id},0`,
    "?passIds=1.5",
    "?passIds=a",
    `?passIds=${id}%00`,
  ];
  const eleven = `?passIds=${Array.from({ length: 11 }, (_, n) => n + 1)}`;
  for (const query of [...queries, eleven, `?passIds=${id},${"9".repeat(16)}`]) {
    await refused(["GET", `/bundles/download${query}`], {
      status: 400,
      code: "invalid_parameter",
      pointer: "/passIds",
    });
  }
  await refused(["GET", `/bundles/download?passIds=${id}&passIds=${three[1].id}`], {
    status: 400,
    code: "invalid_parameter",
    pointer: "/passIds",
  });
  await refused(["GET", `/bundles/download?passIds=${id}&token=1`], {
    status: 400,
    code: "invalid_parameter",
    pointer: "/token",
  });
});

test("a repeated, unknown or deleted pass is refused with a pointer to it", async () => {
  const [{ id }, { id: other }] = three;
  const { id: deleted } = await admin.issue(templateId);
  await admin.delete(deleted);
  const lists: [passIds: number[], status: number, code: string, at: number][] = [
    [[id, other, id], 422, "duplicate_pass", 2],
    [[id, id, other, other], 422, "duplicate_pass", 1],
    [[id, 999_999_999], 404, "pass_not_found", 1],
    [[id, other, deleted], 404, "pass_not_found", 2],
    [[999_999_998, 999_999_999], 404, "pass_not_found", 0],
    [[Number.MAX_SAFE_INTEGER], 404, "pass_not_found", 0],
  ];
  for (const [passIds, status, code, at] of lists) {
    const refusal = { status, code, pointer: `/passIds/${at}` };
    const { detail } = await refused(["POST", "/bundles", { passIds }], refusal);
    expect(detail).toContain(String(passIds[at]));
    if (passIds[0] === Number.MAX_SAFE_INTEGER) continue;
    await refused(["GET", `/bundles/download?passIds=${passIds}`], refusal);
  }
});
