/**
 * The expectations of the people in the model: the existing templates, events and passes, the last content that was
 * written to each, and the redemptions. Only one admin at a time writes each of them, and repeats until there is a
 * response, so the final content is known. This file makes no requests. invariants.ts compares the expectations with
 * what is served.
 */
import { drawPng } from "../../apple/png.ts";
import type { Ledger } from "./observer.ts";
import type { Link } from "./phones.ts";

export interface TemplateEntry {
  readonly id: number;
  readonly passTypeIdentifier: string;
  /** The text of its field `t`. */
  text: string;
  /** The picture of its logo. Its strings change with it. */
  logo: number;
  changes: number;
}

export interface EventEntry {
  readonly id: number;
  readonly projectId: number;
  readonly owner: number;
  /** The text of its field `e`. */
  text: string;
  changes: number;
  deleted: boolean;
}

export interface PassEntry {
  readonly id: number;
  readonly name: string;
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly template: TemplateEntry;
  readonly owner: number;
  readonly link: Link;
  /** The text of its field `p`. */
  text: string;
  barcode: string | undefined;
  /** The picture of its own image. */
  thumbnail: number | undefined;
  /** Its event. Several are possible if a response was lost. */
  events: Set<number | undefined>;
  changes: number;
  deleted: boolean;
  /** Redemptions with a response 200: their redemptionId, or undefined for one without. */
  readonly redemptions: (string | undefined)[];
  /** Whether its owner has voided it. */
  voided: boolean;
  /** How often its owner has begun to void it or to undo that. */
  voidings: number;
  /** How many attempts to redeem it without a redemptionId had no clear answer, so that nobody knows which one counted. */
  unclear: number;
  /** The answered counts of stamps. Each addition has a count of its own. */
  readonly stamps: number[];
  /** How many additions of a stamp had no clear answer. */
  unclearStamps: number;
  /** How many points were added with If-Match and an answer 200, and how many without a clear answer. */
  points: number;
  unclearPoints: number;
  /** How many scans have added, without those that were undone. They are repeated until they are answered, so this is exact. */
  scans: number;
}

/** The text of every pass without an event. */
export const NO_EVENT = "no event";
/** The largest number of stamps on a pass. */
export const MOST_STAMPS = 10;
const PICTURES = 12;

/** Small pictures with different colours, in base64. */
export const pictures: readonly string[] = Array.from({ length: PICTURES }, (_, at) =>
  Buffer.from(drawPng(3, 3, () => [at * 20, 255 - at * 20, 90, 255])).toString("base64"),
);

/** pass.json of a template with the text `text`. */
export function templatePass(text: string) {
  return {
    description: "A pass of the model",
    organizationName: "Model",
    generic: {
      primaryFields: [{ key: "p", label: "PASS", value: "new", changeMessage: "Now %@" }],
      secondaryFields: [{ key: "e", label: "EVENT", value: NO_EVENT }],
      auxiliaryFields: [
        { key: "stamps", label: "STAMPS", value: 0 },
        { key: "points", label: "POINTS", value: 0 },
        { key: "scans", label: "SCANS", value: 0 },
      ],
      backFields: [{ key: "t", label: "TEMPLATE", value: text }],
    },
    barcodes: [{ format: "PKBarcodeFormatQR" }],
  };
}

/** The files of a template with this logo. */
export function templateFiles(logo: number) {
  return {
    images: { "icon.png": pictures[0], "logo.png": pictures[logo] },
    strings: { fr: { PASS: `PASSE ${logo}` } },
  };
}

export class Books implements Ledger {
  readonly links = new Map<string, string>();
  readonly names = new Map<number, string>();
  readonly tokens = new Map<string, string>();
  readonly templates: TemplateEntry[] = [];
  readonly events: EventEntry[] = [];
  readonly passes: PassEntry[] = [];
  /** The links that phones may open. */
  readonly shared: Link[] = [];
  readonly projectId: number;
  /** Whether an admin has paused the pushes at some time. */
  wasPaused = false;

  constructor(projectId: number) {
    this.projectId = projectId;
  }

  /** A pass as the admin API shows it. */
  enter(
    shown: Readonly<Record<string, unknown>>,
    template: TemplateEntry,
    owner: number,
    text: string,
  ): PassEntry {
    const { id, passTypeIdentifier, serialNumber, downloadUrl } = shown as unknown as {
      id: number;
      passTypeIdentifier: string;
      serialNumber: string;
      downloadUrl: string;
    };
    const name = `${passTypeIdentifier} ${serialNumber}`;
    const link = { url: downloadUrl, passTypeIdentifier, serialNumber };
    const entry: PassEntry = {
      id,
      name,
      passTypeIdentifier,
      serialNumber,
      template,
      owner,
      link,
      text,
      barcode: undefined,
      thumbnail: undefined,
      events: new Set([undefined]),
      changes: 0,
      deleted: false,
      redemptions: [],
      voided: false,
      voidings: 0,
      unclear: 0,
      stamps: [],
      unclearStamps: 0,
      points: 0,
      unclearPoints: 0,
      scans: 0,
    };
    this.passes.push(entry);
    this.links.set(new URL(downloadUrl).pathname, name);
    this.names.set(id, name);
    this.shared.push(link);
    return entry;
  }

  living(owner?: number): PassEntry[] {
    return this.passes.filter((pass) => !pass.deleted && (owner === undefined || pass.owner === owner));
  }

  byName(name: string): PassEntry | undefined {
    return this.passes.find((pass) => pass.name === name);
  }

  /** The possible texts of this pass in its field `e`. */
  eventTexts(pass: PassEntry): string[] {
    return [...pass.events].map((id) => {
      const event = this.events.find((one) => one.id === id);
      return event === undefined || event.deleted ? NO_EVENT : event.text;
    });
  }
}
