/**
 * The linter finds what Wallet would refuse or show differently than intended, before a phone gets the pass.
 *
 * Pure: it uses no network and no clock, so it does not report an expired pass. schema-findings.ts checks single
 * values, and the rules check what depends on several values. The file of each rule names the Apple documentation that
 * it follows.
 */
import { type Finding, limitFindings, reportFindings, sortFindings } from "../finding.ts";
import { finishedPass, passOverrides, personalizationJson, templatePass } from "../schema/schema.ts";
import { barcodeFindings } from "./barcodes.ts";
import { colourFindings } from "./colours.ts";
import { contactlessFindings } from "./contactless.ts";
import { emptyPassFindings } from "./empty-pass.ts";
import { fieldFindings } from "./fields.ts";
import { identityFindings } from "./identity.ts";
import { imageSizeFindings } from "./image-sizes.ts";
import { imageFindings } from "./images.ts";
import { numberFindings } from "./numbers.ts";
import { posterGenericFindings } from "./poster-generic.ts";
import { relevanceFindings } from "./relevance.ts";
import { schemaFindings } from "./schema-findings.ts";
import { schemeFindings } from "./schemes.ts";
import { sectionFindings } from "./sections.ts";
import { stringFindings } from "./strings.ts";
import type { LintSubject } from "./subject.ts";
import { upcomingFindings } from "./upcoming-events.ts";
import { createView, type View } from "./view.ts";

export type { LintImage, LintSubject } from "./subject.ts";

const SCHEMAS = { template: templatePass, pass: passOverrides, file: finishedPass };

const RULES: readonly ((view: View) => Iterable<Finding>)[] = [
  identityFindings,
  emptyPassFindings,
  sectionFindings,
  fieldFindings,
  barcodeFindings,
  imageFindings,
  imageSizeFindings,
  stringFindings,
  colourFindings,
  relevanceFindings,
  schemeFindings,
  posterGenericFindings,
  contactlessFindings,
  upcomingFindings,
  numberFindings,
];

/** The report: at most 200 findings, sorted by pointer. One finding has all places with the same fault. */
export function lint(subject: LintSubject): readonly Finding[] {
  return reportFindings(findFaults(subject));
}

/** A finding for each place, sorted by pointer. Each code occurs once per pointer. For callers that filter them. */
export function findFaults(subject: LintSubject): Finding[] {
  const view = createView(subject);
  return sortFindings(limitFindings(checkAll(subject, view)));
}

function* checkAll({ kind, pass, personalization }: LintSubject, view: View): Iterable<Finding> {
  yield* schemaFindings(pass, SCHEMAS[kind]);
  if (personalization !== undefined)
    yield* schemaFindings(personalization, personalizationJson, "personalization");
  for (const rule of RULES) yield* rule(view);
}
