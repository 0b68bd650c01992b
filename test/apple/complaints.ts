/**
 * The lines that an iPhone writes to `/v1/log`, in the exact words of iOS. This file contains only tables; the
 * simulated phone decides when to write each line. Apple documents the endpoint ("Log a Message") but not the lines;
 * they are taken from public server logs and analyses of iOS 16 and 17. The texts in parentheses are localised on a
 * real device, so nothing may depend on them.
 */

/** Identifies one registration: the row of a web service, and the pass. */
export interface RegistrationNames {
  deviceLibraryIdentifier: string;
  passTypeIdentifier: string;
  serialNumber: string;
  webServiceURL: string;
}

type ListNames = Omit<RegistrationNames, "serialNumber"> & { tag: string | undefined };
type PassNames = Omit<RegistrationNames, "deviceLibraryIdentifier"> & { lastModified: string | undefined };
type LogNames = Pick<RegistrationNames, "passTypeIdentifier" | "webServiceURL">;

/** The name of a task in front of ` encountered error: `. */
export const TASK_NAMES = {
  register: (of: RegistrationNames) => `Register task (${registration(of)})`,
  unregister: (of: RegistrationNames) => `Unregister task (${registration(of)})`,
  list: (of: ListNames) =>
    `Get serial #s task (for device ${of.deviceLibraryIdentifier}, pass type ${of.passTypeIdentifier}, last updated ${of.tag ?? "(null)"}; with web service url ${of.webServiceURL})`,
  pass: (of: PassNames) => `Get pass task (${conditional(of)})`,
  personalize: (of: PassNames) => `Personalize pass task (${conditional(of)})`,
  lifecycle: (of: Omit<RegistrationNames, "deviceLibraryIdentifier"> & { passState: string }) =>
    `Pass Lifecycle Event (pass type ${of.passTypeIdentifier}, serial number ${of.serialNumber}, pass lifecycle state ${of.passState}, web service url ${of.webServiceURL})`,
  /** Only in the device's console: a failing log request is not logged. */
  log: (of: LogNames) => `Log task (pass type ${of.passTypeIdentifier}, web service url ${of.webServiceURL})`,
} as const;

/** The reasons why a task can fail. */
export const REASONS = {
  /** A 401. The list task, which sends no Authorization, reports it as an unexpected code. */
  authenticationFailure: () => "Authentication failure",
  unexpectedResponseCode: (status: number) => `Unexpected response code ${status}`,
  malformed: (detail: string) => `Server response was malformed (${detail})`,
  invalidPass: (detail: string) => `Received invalid pass data (${detail})`,
  otherSerialNumber: (requested: string, received: string) =>
    `Requested serial number ${requested}, received serial number ${received}`,
  otherPassType: (requested: string, received: string) =>
    `Requested pass of type ${requested}, received pass of type ${received}`,
  /** Apple's spelling. */
  invalidTokenSignature: (detail: string) => `Received invalid personalizaiton token signature (${detail})`,
  /** Only in the console, never posted. */
  connection: (detail: string) => `Connection error (${detail})`,
} as const;

/** Allowed but unusual behaviour of a server. It follows `Web service error for …: `. */
export const ODDITIES = {
  updateWithoutChange: (serialNumber: string) =>
    `Server requested update to serial number '${serialNumber}', but the pass was unchanged.`,
  ignoredIfModifiedSince: (lastModified: string, serialNumber: string) =>
    `Server ignored the 'if-modified-since' header (${lastModified}) and returned the full unchanged pass data for serial number '${serialNumber}'.`,
  noLastModified: (serialNumber: string) =>
    `Server returned the pass data for serial number '${serialNumber}' but did not provide a 'last-modified' header.`,
  noLastUpdated: (count: number) =>
    `Response to 'What changed?' request included ${count} serial numbers but omitted a lastUpdated tag.`,
  sameLastUpdated: (count: number, tag: string) =>
    `Response to 'What changed?' request included ${count} serial numbers but the lastUpdated tag (${tag}) remained the same.`,
  unregisteredSerialNumber: (serialNumber: string) =>
    `Update requested for unregistered serial number ${serialNumber}`,
  spuriousPush: (tag: string, deviceLibraryIdentifier: string) =>
    `Device received spurious push. Request for passesUpdatedSince '${tag}' returned no serial numbers. (Device = ${deviceLibraryIdentifier})`,
  personalizedWithoutChange: (serialNumber: string) =>
    `Personalization request was issued for serial number '${serialNumber}', but the pass was unchanged.`,
} as const;

/** The message for a failed task. `taskName` and `reason` are from the tables above. */
export function taskError(taskName: string, reason: string): string {
  return `${taskName} encountered error: ${reason}`;
}

/** The message for unusual behaviour. */
export function webServiceError({ passTypeIdentifier, webServiceURL }: LogNames, text: string): string {
  return `Web service error for ${passTypeIdentifier} (${webServiceURL}): ${text}`;
}

/** A message as a line, for a phone with a 24-hour clock in UTC: `[2022-02-10 12:49:07 +0000] …`. */
export function logLine(at: number, message: string): string {
  const [date, time = ""] = new Date(at).toISOString().split("T");
  return `[${date} ${time.slice(0, 8)} +0000] ${message}`;
}

function registration(of: RegistrationNames): string {
  return `for device ${of.deviceLibraryIdentifier}, pass type ${of.passTypeIdentifier}, serial number ${of.serialNumber}; with web service url ${of.webServiceURL}`;
}

function conditional(of: PassNames): string {
  return `pass type ${of.passTypeIdentifier}, serial number ${of.serialNumber}, if-modified-since ${of.lastModified ?? "(null)"}; with web service url ${of.webServiceURL}`;
}
