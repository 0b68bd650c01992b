/**
 * The next steps of the operator of a new deployment, until the first push arrives on a phone: each step with its call. Pure.
 */
import type { PassType } from "../identities/pass-types.ts";
import { offersApple } from "../templates/offered-wallets.ts";

export interface NextStep {
  readonly code: string;
  /** What to do, for people. */
  readonly message: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly path: string;
  /** An example of the body, if the call has one in JSON. */
  readonly body?: object;
}

export interface SetupState {
  readonly passTypes: readonly PassType[];
  /** Teams that have an APNs key. */
  readonly teamsWithKey: ReadonlySet<string>;
  /** Pass types whose pushes were neither delivered nor checked yet. */
  readonly uncheckedPassTypes: ReadonlySet<string>;
  /** Whether a push was ever delivered. Then the setup is complete, except for newer pass types. */
  readonly hasDelivered: boolean;
  readonly hasPhones: boolean;
  /** The ids of issuers of Google Wallet that were not checked yet. Google Wallet is optional: without an issuer there is no step. */
  readonly uncheckedIssuers: readonly string[];
  /** The newest template that is not deleted, and the newest pass of all. */
  readonly templateId: number | undefined;
  readonly passId: number | undefined;
}

/** A report lists at most this many steps. */
const MAX_STEPS = 20;

/** The steps that can be done now, in their order. Empty if the setup is complete. */
export function findNextSteps(state: SetupState): NextStep[] {
  const { passTypes, teamsWithKey, uncheckedPassTypes } = state;
  if (passTypes.length === 0) return [createPassType()];
  const forApple = passTypes.filter(({ wallets }) => offersApple(wallets));
  const steps = forApple.flatMap(({ passTypeIdentifier, certificates, teamIdentifier }) => {
    if (certificates.length === 0) return [downloadCsr(passTypeIdentifier), install(passTypeIdentifier)];
    if (teamIdentifier === null || !teamsWithKey.has(teamIdentifier)) return [];
    return uncheckedPassTypes.has(passTypeIdentifier) ? [check(passTypeIdentifier)] : [];
  });
  const signing = forApple.filter(({ certificates }) => certificates.length > 0);
  const teams = new Set(signing.flatMap(({ teamIdentifier }) => teamIdentifier ?? []));
  for (const team of teams) if (!teamsWithKey.has(team)) steps.push(storeKey(team));
  const [first] = passTypes.filter((type) => signing.includes(type) || !offersApple(type.wallets));
  for (const issuerId of state.uncheckedIssuers) steps.push(checkIssuer(issuerId));
  if (first !== undefined && !state.hasDelivered) steps.push(...makeFirstPass(state, first));
  return steps.slice(0, MAX_STEPS);
}

function createPassType(): NextStep {
  return {
    code: "create_pass_type",
    message:
      "Create a pass type, with the identifier that you register in Apple's portal under Pass Type IDs.",
    method: "POST",
    path: "/admin/v1/pass-types",
    body: { passTypeIdentifier: "pass.com.example.card" },
  };
}

function downloadCsr(passTypeIdentifier: string): NextStep {
  return {
    code: "download_csr",
    message: `Download the signing request of ${passTypeIdentifier}, and upload it in Apple's portal at this Pass Type ID (Create Certificate).`,
    method: "GET",
    path: `/admin/v1/pass-types/${passTypeIdentifier}/csr`,
  };
}

function install(passTypeIdentifier: string): NextStep {
  const path = `/admin/v1/pass-types/${passTypeIdentifier}/certificate`;
  return {
    code: "install_certificate",
    message: `Install the certificate of ${passTypeIdentifier} that the portal issued, pass.cer as it is (PUT ${path} with Content-Type: application/pkix-cert).`,
    method: "PUT",
    path,
  };
}

function storeKey(teamIdentifier: string): NextStep {
  return {
    code: "store_apns_key",
    message: `Create a key for Apple Push Notifications service in Apple's portal (team-scoped, for production), and store it for team ${teamIdentifier}.`,
    method: "POST",
    path: "/admin/v1/apns-keys",
    body: { keyId: "ABCDE12345", teamIdentifier, privateKey: "the text of AuthKey_ABCDE12345.p8" },
  };
}

function check(passTypeIdentifier: string): NextStep {
  return {
    code: "check_push",
    message: `Check that pushes of ${passTypeIdentifier} get out.`,
    method: "POST",
    path: `/admin/v1/pass-types/${passTypeIdentifier}/push-check`,
  };
}

function checkIssuer(issuerId: string): NextStep {
  return {
    code: "check_google_issuer",
    message: `Check that Google accepts the issuer ${issuerId} and its service account.`,
    method: "POST",
    path: `/admin/v1/google-issuers/${issuerId}/check`,
  };
}

/** From a template to a change that a phone shows. The last steps are about a push to an iPhone. */
function makeFirstPass({ templateId, passId, hasPhones }: SetupState, passType: PassType): NextStep[] {
  if (templateId === undefined) return [createTemplate(passType)];
  if (passId === undefined) return [issuePass(templateId)];
  if (!offersApple(passType.wallets)) return [];
  return [hasPhones ? changePass(passId) : addPass(passId)];
}

function createTemplate({ passTypeIdentifier }: PassType): NextStep {
  return {
    code: "create_template",
    message: "Create a template: pass.json and images. icon@3x.png is enough.",
    method: "POST",
    path: "/admin/v1/templates",
    body: {
      passTypeIdentifier,
      name: "Card",
      pass: {
        description: "Card",
        organizationName: "Example",
        storeCard: {
          primaryFields: [{ key: "points", label: "POINTS", value: "0", changeMessage: "%@ points" }],
        },
      },
      images: { "icon@3x.png": "a PNG of 87 × 87 pixels in base64" },
    },
  };
}

function issuePass(templateId: number): NextStep {
  return {
    code: "issue_pass",
    message: "Issue a pass.",
    method: "POST",
    path: `/admin/v1/templates/${templateId}/passes`,
    body: {},
  };
}

function addPass(passId: number): NextStep {
  return {
    code: "add_pass",
    message: "Open the landingUrl of the pass on an iPhone, and add the pass to Wallet.",
    method: "GET",
    path: `/admin/v1/passes/${passId}`,
  };
}

function changePass(passId: number): NextStep {
  return {
    code: "change_pass",
    message: "Change a value of a field that has a changeMessage: the phone is pushed, and shows it.",
    method: "PATCH",
    path: `/admin/v1/passes/${passId}`,
    body: { values: { points: "1" } },
  };
}
