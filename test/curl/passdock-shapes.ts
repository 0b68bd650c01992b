/**
 * The sample responses in Passdock's API reference, and the comparison of a response with them: exactly the same keys,
 * the same types and formats, and the values that were set. The ids, tokens and times in the samples are examples and
 * are not compared: the reference has the same token for two passes.
 */
import { expect } from "vitest";
import { origin } from "./instance.ts";

/** "Get All Passes" and "Search": a pass with values for all fields. */
export const FILLED = {
  auxiliary: [
    {
      changeMessage: "Departure time changed to %@",
      dateStyle: "PKDateStyleMedium",
      key: "departure",
      label: "DEPARTURE",
      timeStyle: "PKDateStyleMedium",
      value: "2012-11-12T10:12:20-08:00",
    },
  ],
  back: [
    {
      changeMessage: "",
      key: "passport",
      label: "PASSPORT",
      value: "United States of America.",
    },
  ],
  bar: {
    format: "PKBarcodeFormatQR",
    message: "1350551026",
    messageEncoding: "iso-8859-1",
  },
  created_at: "2012-10-18T09:03:47Z",
  custom: [
    {
      transitType: "PKTransitTypeAir",
    },
  ],
  family_id: 106,
  header: [
    {
      changeMessage: "Gate changed to %@",
      key: "gate",
      label: "GATE",
      value: "56",
    },
  ],
  id: 199,
  download: "https://api.passdock.com/passes/199/cd4bf0e77e1c619ed55d78f5f2ead787b7c689f9.pkpass",
  primary: [
    {
      changeMessage: "Departure changed in %@",
      key: "from",
      label: "FROM",
      value: "NYC",
    },
    {
      changeMessage: "Destination changed to %@",
      key: "to",
      label: "TO",
      value: "SFO",
    },
  ],
  relevance: {
    locations: [],
  },
  secondary: [
    {
      changeMessage: "Passenger name changed to %@",
      key: "name",
      label: "NAME",
      value: "James Smith",
    },
  ],
  serial_number: "serial-1350551026",
  updated_at: "2012-10-18T09:15:31Z",
  visual: {
    backgroundColor: "rgb(237,184,61)",
    foregroundColor: "rgb(255,255,255)",
    labelColor: "",
    logoText: "Passdock Airways",
  },
  web_token: "cd4bf0e77e1c619ed55d78f5f2ead787b7c689f9",
};

/** "Create Pass" and "Update Pass" with debug: a pass with values for gate and departure only. */
export const WITH_GATE_AND_DEPARTURE = {
  auxiliary: [
    {
      changeMessage: "Departure time changed to %@",
      dateStyle: "PKDateStyleMedium",
      key: "departure",
      label: "DEPARTURE",
      timeStyle: "PKDateStyleMedium",
      value: "2012-12-18T14:34:10-02:00",
    },
  ],
  back: [
    {
      changeMessage: "",
      key: "passport",
      label: "PASSPORT",
      value: "",
    },
  ],
  bar: {
    format: "PKBarcodeFormatQR",
    message: "",
    messageEncoding: "iso-8859-1",
  },
  created_at: "2012-10-18T09:40:27Z",
  custom: [
    {
      transitType: "PKTransitTypeAir",
    },
  ],
  download: "https://api.passdock.com/passes/199/cd4bf0e77e1c619ed55d78f5f2ead787b7c689f9.pkpass",
  family_id: 106,
  header: [
    {
      changeMessage: "Gate changed to %@",
      key: "gate",
      label: "GATE",
      value: "53",
    },
  ],
  id: 202,
  primary: [
    {
      changeMessage: "Departure changed in %@",
      key: "from",
      label: "FROM",
      value: "",
    },
    {
      changeMessage: "Destination changed to %@",
      key: "to",
      label: "TO",
      value: "",
    },
  ],
  relevance: {},
  secondary: [
    {
      changeMessage: "Passenger name changed to %@",
      key: "name",
      label: "NAME",
      value: "",
    },
  ],
  serial_number: "1234567",
  updated_at: "2012-10-18T09:40:27Z",
  visual: {
    backgroundColor: "rgb(237,184,61)",
    foregroundColor: "rgb(255,255,255)",
    labelColor: "",
    logoText: "Passdock Airways",
  },
  web_token: "36eb5647504035593388c01189089c0512561268",
};

/** "Get All Passes" in compact mode, one item. */
export const COMPACT = {
  download: "https://api.passdock.com/passes/199/cd4bf0e77e1c619ed55d78f5f2ead787b7c689f9.pkpass",
  family_id: 106,
  id: 199,
  redeemed_at: null,
  web_token: "cd4bf0e77e1c619ed55d78f5f2ead787b7c689f9",
};

/** "Create Pass", "Update Pass" and "Redeem a Pass" without debug. */
export const SUMMARY = {
  family_id: 217,
  id: 314,
  web_token: "5d16ecabb1d961a3aecd9eeaa2ddec9f45d43875",
  download: "https://api.passdock.com/passes/217/5d16ecabb1d961a3aecd9eeaa2ddec9f45d43875.pkpass",
};

type Sample = typeof FILLED | typeof WITH_GATE_AND_DEPARTURE;

/** Dates of the service itself: whole seconds in UTC. */
export const SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const WEB_TOKEN = /^[0-9a-f]{40}$/;

export interface Summary {
  readonly id: number;
  readonly family_id: number;
  readonly web_token: string;
  readonly download: string;
}

export interface Full extends Summary {
  readonly serial_number: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly bar: Readonly<Record<string, string>>;
  readonly header: readonly Readonly<Record<string, string>>[];
  readonly auxiliary: readonly Readonly<Record<string, string>>[];
  readonly relevance: Readonly<Record<string, unknown>>;
}

/** Only "Show Pass" contains the address of the pass's page. */
export interface Shown extends Full {
  readonly render_html_url: string;
}

export interface CompactItem extends Summary {
  readonly redeemed_at: string | null;
}

/**
 * The parts that identify the pass in every response. The link contains the pass's own id, although the samples show
 * other numbers there.
 */
function identity(actual: Summary, templateId: number) {
  expect(Number.isSafeInteger(actual.id), "id is a Fixnum").toBe(true);
  return {
    id: actual.id,
    family_id: templateId,
    web_token: expect.stringMatching(WEB_TOKEN),
    download: `${origin}/passes/${actual.id}/${actual.web_token}.pkpass`,
  };
}

/** Compares a summary with the sample. */
export function expectSummary(actual: Summary, templateId: number): void {
  expect(actual).toEqual({ ...SUMMARY, ...identity(actual, templateId) });
}

/**
 * Compares an item of the compact list with the sample.
 * @param redeemed whether it must have a time
 */
export function expectCompact(actual: CompactItem, templateId: number, redeemed = false): void {
  const redeemed_at = redeemed ? expect.stringMatching(SECONDS) : COMPACT.redeemed_at;
  expect(actual).toEqual({ ...COMPACT, ...identity(actual, templateId), redeemed_at });
}

/**
 * Compares a full object with a sample, field by field.
 * @param set the values that differ from the sample because of the request or the template
 */
export function expectFull(
  actual: Full,
  sample: Sample,
  templateId: number,
  set: Readonly<Record<string, unknown>>,
): void {
  const expected = { ...sample, ...identity(actual, templateId), ...times };
  expect(actual).toEqual({ ...expected, ...set });
  expect(Date.parse(actual.updated_at)).toBeGreaterThanOrEqual(Date.parse(actual.created_at));
}

/** Compares the response of "Show Pass". */
export function expectShown(
  { render_html_url, ...full }: Shown,
  sample: Sample,
  templateId: number,
  set: Readonly<Record<string, unknown>>,
): void {
  expectFull(full, sample, templateId, set);
  expect(render_html_url).toBe(`${origin}/p/${full.id}/${full.web_token}`);
}

const times = { created_at: expect.stringMatching(SECONDS), updated_at: expect.stringMatching(SECONDS) };
