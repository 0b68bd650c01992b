/**
 * The life of a pass with the types of openapi-typescript and the client of openapi-fetch, written as their users do:
 * without a cast, and with ids as the answers have them.
 */
import createClient from "openapi-fetch";
import type { components, paths } from "../.edgepass/openapi-typescript.d.ts";
import { card, type Setting, type Story } from "./story.ts";

type Pass = components["schemas"]["Pass"];

export async function live(setting: Setting): Promise<Story> {
  const { baseUrl, passTypeIdentifier, icon, token } = setting;
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

  const passType = data(await client.POST("/admin/v1/pass-types", { body: { passTypeIdentifier } }));
  const certified = data(
    await client.PUT("/admin/v1/pass-types/{passTypeIdentifier}/certificate", {
      params: { path: { passTypeIdentifier } },
      body: { certificate: await setting.certify(passType.csr) },
    }),
  );
  const template = data(
    await client.POST("/admin/v1/templates", {
      body: { name: "Card", passTypeIdentifier, pass: card, images: { "icon.png": icon } },
    }),
  );

  const ofTemplate = { params: { path: { id: template.id } } };
  const first = data(await client.POST("/admin/v1/templates/{id}/passes", ofTemplate));
  const pass: Pass = data(
    await client.POST("/admin/v1/templates/{id}/passes", { ...ofTemplate, body: { values: { stamps: 3 } } }),
  );
  const ofPass = { params: { path: { id: pass.id } } };
  const changed = data(
    await client.PATCH("/admin/v1/passes/{id}", { ...ofPass, body: { values: { stamps: { add: 1 } } } }),
  );
  const redeemed = data(await client.POST("/admin/v1/passes/{id}/redeem", ofPass));
  const again = await client.POST("/admin/v1/passes/{id}/redeem", {
    ...ofPass,
    body: { redemptionId: "till-3/1041" },
  });
  const unredeemed = data(await client.POST("/admin/v1/passes/{id}/unredeem", ofPass));
  const voided = data(
    await client.POST("/admin/v1/passes/{id}/void", { ...ofPass, body: { reason: "refunded" } }),
  );
  const query = { limit: 20, templateId: template.id };
  const list = data(await client.GET("/admin/v1/passes", { params: { query } }));
  await client.DELETE("/admin/v1/passes/{id}", ofPass);
  const gone = await client.GET("/admin/v1/passes/{id}", ofPass);
  // @ts-expect-error an unknown pass is not a conflict: each status has its own codes
  if (gone.error?.code === "already_redeemed") throw new Error("A pass that was deleted is redeemed");

  return {
    certificates: certified.certificates.map(({ state }) => state),
    stamps: changed.values.stamps?.value,
    statuses: [pass, redeemed, unredeemed, voided].map(({ status }) => status),
    refused: again.error?.code,
    listed: list.items.map(({ id }) => id),
    issued: [first.id, pass.id],
    missing: gone.response.status,
  };
}

/** The body of a success. */
function data<Data>({ data, error }: { data?: Data; error?: { code: string; detail?: string } }): Data {
  if (data === undefined) throw new Error(`${error?.code}: ${error?.detail}`);
  return data;
}
