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
  const clientOf = (key: string) =>
    createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
  const client = clientOf(token);

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
  const externalId = `orders/${passTypeIdentifier}`;
  const first = data(
    await client.POST("/admin/v1/templates/{id}/passes", { ...ofTemplate, body: { externalId } }),
  );
  const pass: Pass = data(
    await client.POST("/admin/v1/templates/{id}/passes", { ...ofTemplate, body: { values: { stamps: 3 } } }),
  );
  const ofPass = { params: { path: { id: pass.id } } };
  const addition = { ...ofPass, body: { values: { stamps: { add: 1, max: 10 } } } };
  const header = { "Idempotency-Key": `${passTypeIdentifier} add` };
  const once = { ...addition, params: { ...ofPass.params, header } };
  const added = await client.PATCH("/admin/v1/passes/{id}", once);
  const repeated = await client.PATCH("/admin/v1/passes/{id}", once);
  const trial = { ...ofPass.params, query: { dryRun: "true" } } as const;
  const dry = data(await client.PATCH("/admin/v1/passes/{id}", { ...addition, params: trial }));
  const redeemed = data(await client.POST("/admin/v1/passes/{id}/redeem", ofPass));
  const refused = await client.POST("/admin/v1/passes/{id}/redeem", {
    ...ofPass,
    body: { redemptionId: "till-3/1041" },
  });
  const unredeemed = data(await client.POST("/admin/v1/passes/{id}/unredeem", ofPass));
  const scanId = passTypeIdentifier;
  const scan = { body: { scans: [{ scanId, code: pass.serialNumber }] } };
  const scanned = data(await client.POST("/admin/v1/scans", scan));
  const again = data(await client.POST("/admin/v1/scans", scan));
  const undone = data(await client.POST("/admin/v1/scans/{scanId}/undo", { params: { path: { scanId } } }));
  const voided = data(
    await client.POST("/admin/v1/passes/{id}/void", { ...ofPass, body: { reason: "refunded" } }),
  );
  const late = { scanId: `${scanId}.late`, code: pass.serialNumber };
  const refusedScan = data(await client.POST("/admin/v1/scans", { body: { scans: [late] } }));
  const scans = data(await client.GET("/admin/v1/scans", { params: { query: { passId: pass.id } } }));
  const query = { limit: 20, templateId: template.id };
  const list = data(await client.GET("/admin/v1/passes", { params: { query } }));

  const gate = data(
    await client.POST("/admin/v1/keys", {
      body: { name: "Gate", role: "scanner", scope: { templates: [template.id] } },
    }),
  );
  const gateClient = clientOf(gate.key);
  const me = data(await gateClient.GET("/admin/v1/me"));
  const atGate = { scans: [{ scanId: `${scanId}.gate`, code: first.serialNumber }] };
  const byGate = data(await gateClient.POST("/admin/v1/scans", { body: atGate }));
  const forbidden = await gateClient.POST("/admin/v1/templates/{id}/passes", ofTemplate);
  const ofRedeemed = { templateId: template.id, status: "redeemed" } as const;
  const counted = data(await client.GET("/admin/v1/passes/count", { params: { query: ofRedeemed } }));
  const found = data(
    await client.GET("/admin/v1/passes/by-external-id", { params: { query: { externalId } } }),
  );

  await client.DELETE("/admin/v1/passes/{id}", ofPass);
  const gone = await client.GET("/admin/v1/passes/{id}", ofPass);
  // @ts-expect-error an unknown pass is not a conflict: each status has its own codes
  if (gone.error?.code === "already_redeemed") throw new Error("A pass that was deleted is redeemed");

  return {
    certificates: certified.certificates.map(({ state }) => state),
    stamps: data(repeated).values.stamps?.value,
    replayed: [added, repeated].map(({ response }) => response.headers.get("Idempotency-Replayed")),
    dryRun: [dry.values.stamps?.value, dry.differences?.[0]?.after],
    scans: [scanned.results[0], again.results[0], undone, refusedScan.results[0]].map(
      (result) => result?.outcome,
    ),
    counted: scans.counts?.total,
    statuses: [pass, redeemed, unredeemed, voided].map(({ status }) => status),
    refused: refused.error?.code,
    gate: [me.role, byGate.results[0]?.outcome, forbidden.error?.code === "forbidden_role"],
    redeemed: counted,
    found: found.id,
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
