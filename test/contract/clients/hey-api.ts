/**
 * The life of a pass with the functions of @hey-api/openapi-ts, written as their users do: without a cast, and with ids
 * as the answers have them.
 */

import {
  changePass,
  countPasses,
  createKey,
  createPassType,
  createTemplate,
  deletePass,
  installCertificate,
  issuePass,
  listPasses,
  listScans,
  type Pass,
  redeemPass,
  sendScans,
  showMe,
  showPass,
  showPassByExternalId,
  undoScan,
  unredeemPass,
  voidPass,
} from "../.edgepass/hey-api";
import { client } from "../.edgepass/hey-api/client.gen";
import { card, type Setting, type Story } from "./story.ts";

export async function live(setting: Setting): Promise<Story> {
  const { baseUrl, passTypeIdentifier, icon, token } = setting;
  client.setConfig({ baseUrl, auth: token });
  const throwOnError = true;

  const { data: passType } = await createPassType({ body: { passTypeIdentifier }, throwOnError });
  const { data: certified } = await installCertificate({
    path: { passTypeIdentifier },
    body: { certificate: await setting.certify(passType.csr) },
    throwOnError,
  });
  const { data: template } = await createTemplate({
    body: { name: "Card", passTypeIdentifier, pass: card, images: { "icon.png": icon } },
    throwOnError,
  });

  const ofTemplate = { path: { id: template.id }, throwOnError } as const;
  const externalId = `orders/${passTypeIdentifier}`;
  const { data: first } = await issuePass({ ...ofTemplate, body: { externalId } });
  const { data: pass }: { data: Pass } = await issuePass({ ...ofTemplate, body: { values: { stamps: 3 } } });
  const ofPass = { path: { id: pass.id }, throwOnError } as const;
  const addition = { ...ofPass, body: { values: { stamps: { add: 1, max: 10 } } } };
  const once = { ...addition, headers: { "Idempotency-Key": `${passTypeIdentifier} add` } };
  const added = await changePass(once);
  const repeated = await changePass(once);
  const { data: dry } = await changePass({ ...addition, query: { dryRun: "true" } });
  const { data: redeemed } = await redeemPass(ofPass);
  const refused = await redeemPass({ path: { id: pass.id }, body: { redemptionId: "till-3/1041" } });
  const { data: unredeemed } = await unredeemPass(ofPass);
  const scan = { scans: [{ scanId: passTypeIdentifier, code: pass.serialNumber }] };
  const { data: scanned } = await sendScans({ body: scan, throwOnError });
  const { data: again } = await sendScans({ body: scan, throwOnError });
  const { data: undone } = await undoScan({ path: { scanId: passTypeIdentifier }, throwOnError });
  const { data: voided } = await voidPass({ ...ofPass, body: { reason: "refunded" } });
  const late = { scanId: `${passTypeIdentifier}.late`, code: pass.serialNumber };
  const { data: refusedScan } = await sendScans({ body: { scans: [late] }, throwOnError });
  const { data: scans } = await listScans({ query: { passId: pass.id }, throwOnError });
  const { data: list } = await listPasses({ query: { limit: 20, templateId: template.id }, throwOnError });

  const { data: gate } = await createKey({
    body: { name: "Gate", role: "scanner", scope: { templates: [template.id] } },
    throwOnError,
  });
  const { data: me } = await showMe({ auth: gate.key, throwOnError });
  const atGate = { scans: [{ scanId: `${passTypeIdentifier}.gate`, code: first.serialNumber }] };
  const { data: byGate } = await sendScans({ auth: gate.key, body: atGate, throwOnError });
  const forbidden = await issuePass({ auth: gate.key, path: ofTemplate.path });
  const { data: counted } = await countPasses({
    query: { templateId: template.id, status: "redeemed" },
    throwOnError,
  });
  const { data: found } = await showPassByExternalId({ query: { externalId }, throwOnError });

  await deletePass(ofPass);
  const gone = await showPass({ path: { id: pass.id } });
  // @ts-expect-error no answer of this route has this code
  if (gone.error?.code === "already_redeemed") throw new Error("A pass that was deleted is redeemed");

  return {
    certificates: certified.certificates.map(({ state }) => state),
    stamps: repeated.data.values.stamps?.value,
    replayed: [added, repeated].map(({ response }) => response?.headers.get("Idempotency-Replayed")),
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
    missing: gone.response?.status ?? 0,
  };
}
