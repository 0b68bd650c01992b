/**
 * What the people of the model know and expect: which templates, events and passes there are, what each was last told to
 * say, and who redeemed what. Each thing is written by one admin at a time, who repeats until there is an answer: so what
 * it has to say in the end is known.
 *
 * It asks nobody. invariants.ts compares it with what is served.
 */
import { drawPng } from "../../apple/png.ts";
import type { Ledger } from "./observer.ts";
import type { Link } from "./phones.ts";

export interface TemplateEntry {
  readonly id: number;
  readonly passTypeIdentifier: string;
  /** What its field `t` says. */
  text: string;
  /** Which picture its logo is; its strings follow it. */
  logo: number;
  changes: number;
}

export interface EventEntry {
  readonly id: number;
  readonly projectId: number;
  readonly owner: number;
  /** What its field `e` says. */
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
  /** What its field `p` says. */
  text: string;
  barcode: string | undefined;
  /** Which picture of its own it has. */
  thumbnail: number | undefined;
  /** Its event; more than one where an answer was lost and the event with it. */
  events: Set<number | undefined>;
  changes: number;
  deleted: boolean;
  /** Redemptions that were answered 200: their redemptionId, or undefined for one without. */
  readonly redemptions: (string | undefined)[];
}

/** What every pass shows that has no event. */
export const NO_EVENT = "no event";
const PICTURES = 12;

/** Small pictures, told apart by their colour. In base64. */
export const pictures: readonly string[] = Array.from({ length: PICTURES }, (_, at) =>
  Buffer.from(drawPng(3, 3, () => [at * 20, 255 - at * 20, 90, 255])).toString("base64"),
);

/** pass.json of a template that says `text`. */
export function templatePass(text: string) {
  return {
    description: "A pass of the model",
    organizationName: "Model",
    generic: {
      primaryFields: [{ key: "p", label: "PASS", value: "new", changeMessage: "Now %@" }],
      secondaryFields: [{ key: "e", label: "EVENT", value: NO_EVENT }],
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

  /** What this pass has to say in its field `e`: any of these. */
  eventTexts(pass: PassEntry): string[] {
    return [...pass.events].map((id) => {
      const event = this.events.find((one) => one.id === id);
      return event === undefined || event.deleted ? NO_EVENT : event.text;
    });
  }
}
