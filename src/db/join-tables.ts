/**
 * What people who issue themselves a pass need: the rule of a template's join page, and the counts for its limits.
 */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How a field of the form is asked for. */
export type JoinFieldType = "text" | "email" | "tel" | "date" | "select" | "checkbox";

export interface JoinField {
  /** The key of the template's field that shows the answer. */
  readonly key: string;
  readonly label: string;
  readonly type: JoinFieldType;
  readonly required?: boolean | undefined;
  /** A text below the label. */
  readonly hint?: string | undefined;
  readonly maxLength?: number | undefined;
  /** A regular expression for the whole answer. */
  readonly pattern?: string | undefined;
  /** For a select: the choices. For a checkbox: the one text that the pass shows if it is ticked. */
  readonly options?: readonly string[] | undefined;
  /** HTML's autocomplete. */
  readonly autocomplete?: string | undefined;
}

/** A template's join page: the column `join`. Validated by templates/join-rule.ts. */
export interface JoinRule {
  readonly slug: string;
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly fields: readonly JoinField[];
  /** What people have to agree to. */
  readonly consent?: string | undefined;
  /** How many passes people may get in total. */
  readonly cap?: number | undefined;
  /** RFC 3339. */
  readonly closesAt?: string | undefined;
  /** How many passes each network may get in a day. */
  readonly perNetworkPerDay?: number | undefined;
  /** A tag of each pass. */
  readonly tag?: string | undefined;
}

/** How many passes people got. A row for the template in total (day 0, no network), and one for each network and day. */
export const joinCounts = sqliteTable(
  "join_counts",
  {
    templateId: integer("template_id").notNull(),
    /** Days since 1970, in UTC. 0 in the row of the total. */
    day: integer("day").notNull(),
    /** An HMAC of the network and the day, because an address says something about a person. Empty in the total. */
    network: text("network").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.templateId, t.day, t.network] })],
);
