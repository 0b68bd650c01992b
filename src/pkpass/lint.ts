/**
 * The linter: all that Wallet would refuse or show otherwise than meant, before a phone sees the pass.
 *
 * Pure: no network, no clock, so that a pass that expired is no finding. The schema judges what stands in one place
 * (lint/walk.ts), the rules what depends on several; each rule's file names the pages of Apple's that it follows.
 */
import { cut, type Finding, sorted } from "./finding.ts";
import { barcodeFindings } from "./lint/barcodes.ts";
import { colourFindings } from "./lint/colours.ts";
import { contactlessFindings } from "./lint/contactless.ts";
import { fieldFindings } from "./lint/fields.ts";
import { identityFindings } from "./lint/identity.ts";
import { imageSizeFindings } from "./lint/image-sizes.ts";
import { imageFindings } from "./lint/images.ts";
import { posterGenericFindings } from "./lint/poster-generic.ts";
import { relevanceFindings } from "./lint/relevance.ts";
import { schemeFindings } from "./lint/schemes.ts";
import { sectionFindings } from "./lint/sections.ts";
import { stringFindings } from "./lint/strings.ts";
import type { LintSubject } from "./lint/subject.ts";
import { upcomingFindings } from "./lint/upcoming.ts";
import { type View, viewOf } from "./lint/view.ts";
import { walk } from "./lint/walk.ts";
import { passOverrides, personalization, templatePass, wholePass } from "./schema.ts";

export type { ImageFacts, LintSubject } from "./lint/subject.ts";

const SCHEMAS = { template: templatePass, pass: passOverrides, file: wholePass };

const RULES: readonly ((view: View) => Iterable<Finding>)[] = [
  identityFindings,
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
];

/** What is wrong with the subject, sorted by pointer; the same code stands once at a pointer. Cut at 200. */
export function lint(subject: LintSubject): Finding[] {
  const view = viewOf(subject);
  const found = [...schemaFindings(subject), ...RULES.flatMap((rule) => [...rule(view)])];
  return sorted(cut(sorted(found)));
}

function schemaFindings({ kind, pass, personalization: asked }: LintSubject): Finding[] {
  const ofPass = walk(pass, SCHEMAS[kind]);
  return asked === undefined ? ofPass : [...ofPass, ...walk(asked, personalization, "personalization")];
}

/** By code unit: the same everywhere. */
