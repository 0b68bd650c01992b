/**
 * The set-up and the overview of the dashboard for `npm run screenshots`, in each of their states.
 */
import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { noPassType } from "../../src/health/findings.ts";
import { type AppleControl, appleControl } from "../apple/control.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import type { DashboardScreen } from "./dashboard-screens.ts";
import type { Screen } from "./screens.ts";

/** The team of the instance, which has an APNs key. */
const TEAM = "EDGEPASS01";
const FINE = { status: "ok", findings: [], nextSteps: [] };
/** The health report of an empty deployment. */
const NEW = { status: "setup", findings: [noPassType()], nextSteps: [] };

export async function setUpScreens(
  screen: DashboardScreen,
  admin: Admin,
  appleOrigin: string,
): Promise<Screen[]> {
  const apple = appleControl(appleOrigin);
  const [bare, ofOtherTeam, unchecked, checked] = await Promise.all([
    makePassType(admin),
    makePassType(admin, apple, "ABCDE12345"),
    makePassType(admin, apple, TEAM),
    makePassType(admin, apple, TEAM),
  ]);
  await admin.send("POST", `/pass-types/${checked}/push-check`, {});
  const about = (passType: string) => `#/set-up?passType=${passType}`;
  return [
    screen("overview-new", "#/", undefined, { health: NEW }),
    screen("overview-fine", "#/", undefined, { health: FINE }),
    screen("set-up-new", about("new")),
    screen("set-up-certificate", about(bare)),
    screen("set-up-certificate-refused", about(bare), refuseCertificate),
    screen("set-up-apns-key", about(ofOtherTeam)),
    screen("set-up-push-check", about(unchecked)),
    screen("set-up-template", about(checked)),
    screen("set-up-first-pass", about(PASS_TYPE_IDENTIFIER), undefined, {
      health: FINE,
      passes: { items: [], nextCursor: null },
    }),
    screen("set-up-done", about(PASS_TYPE_IDENTIFIER), undefined, { health: FINE }),
  ];
}

async function refuseCertificate(page: Page): Promise<void> {
  const file = { name: "pass.cer", mimeType: "application/pkix-cert", buffer: Buffer.from("no certificate") };
  await page.locator(".file-drop input").first().setInputFiles(file);
  await page.locator(".problem").waitFor();
}

/** @param apple absent: it gets no certificate */
async function makePassType(admin: Admin, apple?: AppleControl, teamIdentifier = TEAM): Promise<string> {
  const passTypeIdentifier = `pass.com.example.${randomBytes(3).toString("hex")}`;
  const { csr } = await admin.send<{ csr: string }>("POST", "/pass-types", { passTypeIdentifier });
  if (apple !== undefined) {
    const { pem } = await apple.issue({ csr, passTypeIdentifier, teamIdentifier });
    await admin.send("PUT", `/pass-types/${passTypeIdentifier}/certificate`, { certificate: pem });
  }
  return passTypeIdentifier;
}
