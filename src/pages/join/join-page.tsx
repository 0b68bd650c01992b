/**
 * The page on which people get a pass of their own: a form, or why there is none now. It works without script.
 *
 * What is wrong with an answer is above its input, and in a summary that gets the focus when the page opens. Follows WCAG 2.2
 * (labels, error identification, targets) and HTML's autofill.
 */
import type { PropsWithChildren } from "hono/jsx";
import { CONSENT, type Entered, type Faults, inputName, NONCE } from "../../join/answers.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import type { JoinRule } from "../../templates/join-rule.ts";
import { type PageImage, Picture } from "../card/parts.tsx";
import { Page } from "../page.tsx";
import { explainFault, type JoinLanguage } from "./join-language.ts";
import type { JoinWords } from "./join-words.ts";
import { Checkbox, Question } from "./question.tsx";
import { joinStyle } from "./style.ts";

export interface JoinPageProps {
  /** The rule of the template, not translated. */
  readonly rule: JoinRule;
  /** The texts of the pass, in the reader's language. */
  readonly pass: TemplatePass;
  readonly logo: PageImage | undefined;
  readonly language: JoinLanguage;
}

export interface FormProps extends JoinPageProps {
  readonly nonce: string;
  /** Where the form is sent. */
  readonly action: string;
  readonly entered?: Entered;
  readonly faults?: Faults;
  /** What is wrong with the form as a whole. */
  readonly problem?: "expired" | "unconfirmed" | undefined;
}

/** The heading. */
export function joinTitle({
  rule,
  pass,
  language,
}: Pick<JoinPageProps, "rule" | "pass" | "language">): string {
  return rule.title === undefined ? pass.description : language.translate(rule.title);
}

/** Logo and name of the issuer, in the colours of the pass. */
export function Brand({ pass, logo, language }: Pick<JoinPageProps, "pass" | "logo" | "language">) {
  const text = pass.logoText || (logo === undefined ? pass.organizationName : "");
  return (
    <div class="brand">
      {logo && <Picture name="logo" image={logo} alt={text === "" ? pass.organizationName : ""} />}
      {text !== "" && <span {...language.templateMarks}>{text}</span>}
    </div>
  );
}

/** The text below the heading, if the template has one. */
export function Intro({ rule, language }: Pick<JoinPageProps, "rule" | "language">) {
  if (rule.text === undefined) return null;
  return (
    <p class="intro" {...language.templateMarks}>
      {language.translate(rule.text)}
    </p>
  );
}

/** @param heading the title of the document, if it is not that of the page */
function Frame({
  heading = "{title}",
  children,
  ...page
}: PropsWithChildren<JoinPageProps & { heading?: string }>) {
  const { pass, language } = page;
  const title = joinTitle(page);
  const name = heading.replace("{title}", () => title);
  return (
    <Page
      title={`${name} · ${pass.organizationName}`}
      style={joinStyle(pass)}
      lang={language.marks.lang}
      dir={language.direction}
    >
      <main>
        <Brand {...page} />
        <h1 {...language.templateMarks}>{title}</h1>
        {children}
      </main>
    </Page>
  );
}

/** The page without a form: why no pass is issued now, and what people can do. */
export function ClosedPage({
  reason,
  ...page
}: JoinPageProps & { readonly reason: keyof Pick<JoinWords, "closed" | "full" | "networkLimit"> }) {
  const { words, marks } = page.language;
  return (
    <Frame {...page}>
      <p class="ended" {...marks}>
        {words[reason].replace("{name}", () => page.pass.organizationName)}
      </p>
    </Frame>
  );
}

/** The page with the form. */
export function JoinForm({
  nonce,
  action,
  entered = new Map(),
  faults = new Map(),
  problem,
  ...page
}: FormProps) {
  const { rule, pass, language } = page;
  const { words, marks, translate } = language;
  const isRefused = faults.size > 0 || problem !== undefined;
  const explain = (name: string, hint?: string) => {
    const fault = faults.get(name);
    return fault && explainFault(fault, hint, language);
  };
  return (
    <Frame {...page} {...(isRefused && { heading: words.checkTitle })}>
      <Intro {...page} />
      {isRefused && <Summary rule={rule} faults={faults} problem={problem} language={language} />}
      <form method="post" action={action} accept-charset="utf-8">
        <input type="hidden" name={NONCE} value={nonce} />
        {rule.fields.map((field, index) => (
          <Question
            field={field}
            id={idOf(index)}
            answer={entered.get(inputName(field)) ?? ""}
            fault={explain(inputName(field), field.hint)}
            language={language}
          />
        ))}
        {rule.consent !== undefined && (
          <Checkbox
            id={CONSENT}
            name={CONSENT}
            label={translate(rule.consent)}
            required
            isTicked={entered.has(CONSENT)}
            fault={explain(CONSENT)}
            language={language}
          />
        )}
        <button type="submit" {...marks}>
          {words.submit}
        </button>
        {rule.fields.length > 0 && (
          <p class="privacy" {...marks}>
            {words.privacy.replace("{name}", () => pass.organizationName)}
          </p>
        )}
      </form>
    </Frame>
  );
}

const idOf = (index: number) => `field-${index + 1}`;

interface SummaryProps extends Pick<FormProps, "rule" | "problem" | "language"> {
  readonly faults: Faults;
}

/** The summary of what is wrong. It gets the focus when the page opens, and its links lead to the inputs. */
function Summary({ rule, faults, problem, language }: SummaryProps) {
  const { words, marks, translate } = language;
  const labelled = (label: string, fault: string) =>
    words.labelled.replaceAll(/\{label\}|\{fault\}/g, (slot) => (slot === "{label}" ? label : fault));
  const lines = rule.fields.flatMap((field, index) => {
    const fault = faults.get(inputName(field));
    if (fault === undefined) return [];
    const text = explainFault(fault, field.hint, language);
    return { id: idOf(index), line: labelled(translate(field.label), text) };
  });
  const consent = faults.get(CONSENT);
  if (consent !== undefined) lines.push({ id: CONSENT, line: explainFault(consent, undefined, language) });
  return (
    <section class="summary" tabindex={-1} autofocus aria-labelledby="summary-title" {...marks}>
      <p id="summary-title">{problem === undefined ? words.check : words[problem]}</p>
      {lines.length > 0 && (
        <ul>
          {lines.map(({ id, line }) => (
            <li>
              <a href={`#${id}`}>{line}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
