/**
 * The linter: all that Wallet would refuse or show otherwise than meant, before a phone sees the pass.
 *
 * Pure: no network, no clock, so that a pass that expired is no finding. The schema judges what stands in one place
 * (lint/walk.ts), the rules what depends on several; each rule's file names the pages of Apple's that it follows.
 */
import { cut, type Finding, sorted } from "../finding.ts";
import { passOverrides, personalization, templatePass, wholePass } from "../schema/schema.ts";
import { barcodeFindings } from "./barcodes.ts";
import { colourFindings } from "./colours.ts";
import { contactlessFindings } from "./contactless.ts";
import { fieldFindings } from "./fields.ts";
import { identityFindings } from "./identity.ts";
import { imageSizeFindings } from "./image-sizes.ts";
import { imageFindings } from "./images.ts";
import { posterGenericFindings } from "./poster-generic.ts";
import { relevanceFindings } from "./relevance.ts";
import { schemeFindings } from "./schemes.ts";
import { sectionFindings } from "./sections.ts";
import { stringFindings } from "./strings.ts";
import type { LintSubject } from "./subject.ts";
import { upcomingFindings } from "./upcoming.ts";
import { type View, viewOf } from "./view.ts";
import { walk } from "./walk.ts";

export type { ImageFacts, LintSubject } from "./subject.ts";

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
