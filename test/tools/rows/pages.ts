/**
 * The pages of the dashboard, and the searches of its lists: one line each.
 */
import type { Fill } from "./fill.ts";

export interface ListPage {
  /** The address after `/admin/#/`. */
  readonly hash: string;
  /** The label of the list. Undefined: the page has none. */
  readonly list?: string;
  /** many: a first page, and "More" shows others. A number: exactly so many rows. Default: 0. */
  readonly rows?: "many" | number;
  /** How often "More" is pressed until the first row is there, or the end. Default: 0. */
  readonly further?: number;
  /** Opens what is closed at first. */
  readonly click?: string;
}

/** The pass that the fill made as its `n`th. */
const nth = (n: number) => `serial-${n}`;

export const pagesOf = ({ passId, templateId, eventId, projectId }: Fill): readonly ListPage[] => {
  const passes = (query: string, rows: "many" | number, further = 0): ListPage => ({
    ...{ hash: `passes${query}`, list: "Passes", rows, further },
  });
  const scans = (query: string, rows: "many" | number = "many", further = 0): ListPage => ({
    ...{ hash: `scans${query}`, list: "Scans", rows, further },
  });
  return [
    { hash: "" },
    { hash: "set-up" },
    passes("", "many"),
    passes(`?by=serialNumber&sought=${nth(500)}`, 1),
    passes("?by=externalId&sought=member-77", 1),
    passes("?by=code&sought=code-4711", 1),
    passes("?by=code&sought=shared+code", "many"),
    passes("?by=text&sought=Holder", "many"),
    passes("?by=text&sought=holder+99999", 1),
    passes("?by=text&sought=holder+43217", 1, 1),
    passes("?by=text&sought=nobody", 0, 2),
    passes(`?template=${templateId}`, "many"),
    passes(`?project=${projectId}&event=${eventId}`, "many"),
    passes(`?project=${projectId}&event=${eventId}&status=voided`, "many"),
    passes("?tag=many", "many"),
    passes("?tag=few", "many"),
    passes("?status=voided", "many"),
    passes("?status=expired", 0, 2),
    passes("?installed=installed", "many"),
    scans(""),
    scans("?place=Gate+7"),
    scans("?place=Back"),
    scans("?outcome=too_soon"),
    scans("?outcome=expired", 0, 2),
    scans("?from=2020-01-01T00:00"),
    { hash: `passes/${passId}`, list: "Phones", rows: "many" },
    { hash: `passes/${passId}`, list: "Changes", rows: "many" },
    { hash: `passes/${passId}`, list: "Scans", rows: "many" },
    { hash: "templates", list: "Templates", rows: "many" },
    { hash: `templates?project=${projectId}`, list: "Templates", rows: 0 },
    { hash: "events", list: "Projects", rows: "many" },
    { hash: `events?project=${projectId}`, list: "Events", rows: "many" },
    { hash: `events?project=${projectId}&externalId=event-77`, list: "Events", rows: 1 },
    { hash: `templates/${templateId}` },
    { hash: `new-pass/${templateId}` },
    { hash: `messages/${templateId}` },
    { hash: `events/${eventId}?project=${projectId}` },
    { hash: "posters", list: "Join pages", rows: 1 },
    { hash: "keys", list: "Keys", rows: "many" },
    { hash: "keys/new", list: "Templates", rows: "many", click: "Only some" },
    { hash: "pass-types", list: "Pass types", rows: 1 },
    { hash: "pushes", list: "Dead letters", rows: "many" },
    { hash: "phone-logs", list: "Phone logs", rows: "many" },
  ];
};
