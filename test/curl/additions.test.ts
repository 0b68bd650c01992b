/**
 * A stamp card over real HTTP: twelve tills, each a curl of its own, add a stamp at the same time.
 */
import { expect, test } from "vitest";
import { curl } from "./curl.ts";
import { adminToken, bundle, issue, makePassType, makeTemplate, origin } from "./instance.ts";

test("twelve tills add a stamp at once to a card with ten places: ten get 200, two get 409, and the card has ten", async () => {
  const storeCard = { primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }] };
  const card = { description: "Card", organizationName: "Edgepass", storeCard };
  const pass = await issue(await makeTemplate(await makePassType(), card));
  const line = [
    "-i",
    "-X",
    "PATCH",
    "-H",
    `Authorization: Bearer ${adminToken}`,
    "-H",
    "Content-Type: application/json",
  ];
  const body = '{"values": {"stamps": {"add": 1, "max": 10}}}';
  const tills = Array.from({ length: 12 }, () =>
    curl([...line, "-d", body, `${origin}/admin/v1/passes/${pass.id}`]),
  );
  const answers = await Promise.all(tills);
  const counts = answers.map(({ status }) => status).sort();
  expect(counts).toEqual([...Array(10).fill(200), 409, 409]);
  for (const refused of answers.filter(({ status }) => status === 409))
    expect(refused.json()).toMatchObject({ code: "value_out_of_range", value: 10, max: 10 });
  expect((await bundle(pass.downloadUrl)).pass).toMatchObject({
    storeCard: { primaryFields: [{ value: 10 }] },
  });
});
