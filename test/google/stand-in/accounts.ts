/**
 * What the operator has in Google's two consoles: issuers with their invited users (Google Pay & Wallet Console), and projects with
 * service accounts and their keys (Google Cloud Console).
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from "jose";

export interface Issuer {
  readonly issuerId: string;
  name: string;
  /** Google has not granted publishing access yet. */
  demoMode: boolean;
  /** Refuses an eleventh message of a class or an object, in place of keeping the last ten. Which of both Google does is not known. */
  refusesMessages?: boolean;
  /** The addresses of invited users, service accounts among them. */
  readonly invited: Set<string>;
  callbackOptions?: unknown;
}

export interface Project {
  readonly projectId: string;
  /** Google's errors name a project by its number. */
  readonly projectNumber: string;
  /** Whether the Google Wallet API is enabled. */
  apiEnabled: boolean;
  requestsPerSecond: number;
}

export interface ServiceAccount {
  readonly email: string;
  readonly projectId: string;
  /** The public keys, by private_key_id. */
  readonly keys: Map<string, JWK>;
}

/** The JSON file that Google's console gives for a new key. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  /** PKCS #8 PEM. */
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

export interface NewIssuer {
  readonly name?: string | undefined;
  readonly demoMode?: boolean | undefined;
  /** Default: a random one of 19 digits. */
  readonly issuerId?: string | undefined;
}

export interface NewServiceAccount {
  /** Default: a new project, with the Google Wallet API enabled. */
  readonly projectId?: string | undefined;
  /** The part of the address before the @. */
  readonly accountName?: string | undefined;
  /** The issuers to which the account is invited. */
  readonly invitedTo?: readonly string[] | undefined;
}

/** The limit that Google publishes. */
export const REQUESTS_PER_SECOND = 20;

export interface Accounts {
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly serviceAccounts: ReadonlyMap<string, ServiceAccount>;
  project(projectId: string): Project;
  registerIssuer(issuer: NewIssuer): Issuer;
  createServiceAccount(account: NewServiceAccount): Promise<ServiceAccountKey>;
  /** A further key of an account. */
  createKey(email: string): Promise<ServiceAccountKey>;
  /** The key is not accepted any more. */
  deleteKey(email: string, privateKeyId: string): void;
  invite(issuerId: string, email: string): void;
  uninvite(issuerId: string, email: string): void;
  save(): SavedAccounts;
}

export interface SavedAccounts {
  readonly issuers: readonly (Omit<Issuer, "invited"> & { readonly invited: readonly string[] })[];
  readonly projects: readonly Project[];
  readonly serviceAccounts: readonly (Omit<ServiceAccount, "keys"> & {
    readonly keys: readonly (readonly [string, JWK])[];
  })[];
}

export function createAccounts(saved?: SavedAccounts): Accounts {
  const issuers = new Map(
    saved?.issuers.map((issuer) => [issuer.issuerId, { ...issuer, invited: new Set(issuer.invited) }]),
  );
  const projects = new Map(saved?.projects.map((project) => [project.projectId, { ...project }]));
  const serviceAccounts = new Map(
    saved?.serviceAccounts.map((account) => [account.email, { ...account, keys: new Map(account.keys) }]),
  );

  function issuer(issuerId: string): Issuer {
    return found(issuers.get(issuerId), `issuer ${issuerId}`);
  }

  function makeProject(projectId: string): Project {
    const projectNumber = digits(12);
    const made = { projectId, projectNumber, apiEnabled: true, requestsPerSecond: REQUESTS_PER_SECOND };
    projects.set(projectId, made);
    return made;
  }

  async function createKey(email: string): Promise<ServiceAccountKey> {
    const account = found(serviceAccounts.get(email), `service account ${email}`);
    const pair = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
    const keyId = randomBytes(20).toString("hex");
    account.keys.set(keyId, await exportJWK(pair.publicKey));
    return keyFile(account, keyId, await exportPKCS8(pair.privateKey));
  }

  return {
    issuers,
    serviceAccounts,
    project: (projectId) => found(projects.get(projectId), `project ${projectId}`),
    registerIssuer({ issuerId = `33880000000${digits(8)}`, name = "Edgepass Roasters", demoMode = false }) {
      const made: Issuer = { issuerId, name, demoMode, invited: new Set<string>() };
      issuers.set(issuerId, made);
      return made;
    },
    async createServiceAccount({ projectId, accountName = "wallet", invitedTo = [] }) {
      const id = projectId ?? `wallet-${randomUUID().slice(0, 8)}`;
      if (!projects.has(id)) makeProject(id);
      const email = `${accountName}@${id}.iam.gserviceaccount.com`;
      if (!serviceAccounts.has(email)) serviceAccounts.set(email, { email, projectId: id, keys: new Map() });
      for (const issuerId of invitedTo) issuer(issuerId).invited.add(email);
      return createKey(email);
    },
    createKey,
    deleteKey(email, privateKeyId) {
      serviceAccounts.get(email)?.keys.delete(privateKeyId);
    },
    invite: (issuerId, email) => void issuer(issuerId).invited.add(email),
    uninvite: (issuerId, email) => void issuer(issuerId).invited.delete(email),
    save: () => ({
      issuers: [...issuers.values()].map((each) => ({ ...each, invited: [...each.invited] })),
      projects: [...projects.values()],
      serviceAccounts: [...serviceAccounts.values()].map((each) => ({ ...each, keys: [...each.keys] })),
    }),
  };
}

function keyFile({ email, projectId }: ServiceAccount, keyId: string, privateKey: string): ServiceAccountKey {
  return {
    type: "service_account",
    project_id: projectId,
    private_key_id: keyId,
    private_key: `${privateKey.trim()}\n`,
    client_email: email,
    client_id: digits(21),
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: "https://oauth2.googleapis.com/token",
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: "googleapis.com",
  };
}

/** That many random digits, the first of which is no zero. */
function digits(count: number): string {
  return Array.from({ length: count }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join("");
}

function found<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`There is no ${name}.`);
  return value;
}
