/**
 * The page on which people get a pass of their own: a form, or why there is none now. It works without script.
 *
 * What is wrong with an answer is above its input, and in a summary that gets the focus when the page opens. Follows WCAG 2.2
 * (labels, error identification, targets) and HTML's autofill.
 */
import type { PropsWithChildren } from "hono/jsx";
import {
  CONSENT,
  DEFAULT_MAX_LENGTH,
  type Entered,
  type Faults,
  inputName,
  NONCE,
} from "../../join/answers.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import type { JoinField, JoinRule } from "../../templates/join-rule.ts";
import { type PageImage, Picture } from "../card/parts.tsx";
import { Page } from "../page.tsx";
import { joinStyle } from "./style.ts";

export interface JoinPageProps {
  readonly rule: JoinRule;
  readonly pass: TemplatePass;
  readonly logo: PageImage | undefined;
}

export interface FormProps extends JoinPageProps {
  readonly nonce: string;
  readonly entered?: Entered;
  readonly faults?: Faults;
  /** What is wrong with the form as a whole. */
  readonly notice?: string | undefined;
}

/** The heading. */
export function joinTitle({ rule, pass }: Pick<JoinPageProps, "rule" | "pass">): string {
  return rule.title ?? pass.description;
}

/** Logo and name of the issuer, in the colours of the pass. */
export function Brand({ pass, logo }: Pick<JoinPageProps, "pass" | "logo">) {
  const text = pass.logoText || (logo === undefined ? pass.organizationName : "");
  return (
    <div class="brand">
      {logo && <Picture name="logo" image={logo} alt={text === "" ? pass.organizationName : ""} />}
      {text !== "" && <span dir="auto">{text}</span>}
    </div>
  );
}

function Frame({
  rule,
  pass,
  logo,
  prefix = "",
  children,
}: PropsWithChildren<JoinPageProps & { prefix?: string }>) {
  const title = joinTitle({ rule, pass });
  return (
    <Page title={`${prefix}${title} · ${pass.organizationName}`} style={joinStyle(pass)}>
      <main>
        <Brand pass={pass} logo={logo} />
        <h1 dir="auto">{title}</h1>
        {children}
      </main>
    </Page>
  );
}

/** The page without a form. */
export function ClosedPage({ text, ...page }: JoinPageProps & { readonly text: string }) {
  return (
    <Frame {...page}>
      <p class="ended">{text}</p>
    </Frame>
  );
}

/** The page with the form. */
export function JoinForm({ nonce, entered = new Map(), faults = new Map(), notice, ...page }: FormProps) {
  const { rule, pass } = page;
  const isRefused = faults.size > 0 || notice !== undefined;
  return (
    <Frame {...page} prefix={isRefused ? "Please check: " : ""}>
      {rule.text !== undefined && (
        <p class="intro" dir="auto">
          {rule.text}
        </p>
      )}
      {isRefused && <Summary rule={rule} faults={faults} notice={notice} />}
      <form method="post" action={`/join/${rule.slug}`} accept-charset="utf-8">
        <input type="hidden" name={NONCE} value={nonce} />
        {rule.fields.map((field, index) => (
          <Question
            field={field}
            id={idOf(index)}
            answer={entered.get(inputName(field)) ?? ""}
            fault={faults.get(inputName(field))}
          />
        ))}
        {rule.consent !== undefined && (
          <Checkbox
            id={CONSENT}
            name={CONSENT}
            label={rule.consent}
            required
            isTicked={entered.has(CONSENT)}
            fault={faults.get(CONSENT)}
          />
        )}
        <button type="submit">Get the pass</button>
        {rule.fields.length > 0 && (
          <p class="privacy">What you enter is stored in your pass. {pass.organizationName} can read it.</p>
        )}
      </form>
    </Frame>
  );
}

const idOf = (index: number) => `field-${index + 1}`;

/** It gets the focus when the page opens, and its links lead to the inputs. */
function Summary({ rule, faults, notice }: Pick<FormProps, "rule" | "notice"> & { readonly faults: Faults }) {
  const inputs = [
    ...rule.fields.map((field, index) => ({
      id: idOf(index),
      label: field.label,
      fault: faults.get(inputName(field)),
    })),
    { id: CONSENT, label: undefined, fault: faults.get(CONSENT) },
  ].filter(({ fault }) => fault !== undefined);
  return (
    <section class="summary" tabindex={-1} autofocus aria-labelledby="summary-title">
      <p id="summary-title">{notice ?? "Please check what you entered."}</p>
      {inputs.length > 0 && (
        <ul>
          {inputs.map(({ id, label, fault }) => (
            <li>
              <a href={`#${id}`}>{label === undefined ? fault : `${label}: ${fault}`}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface QuestionProps {
  readonly field: JoinField;
  readonly id: string;
  readonly answer: string;
  readonly fault: string | undefined;
}

function Question({ field, id, answer, fault }: QuestionProps) {
  const { type, label, hint, required = false } = field;
  const name = inputName(field);
  if (type === "checkbox")
    return (
      <Checkbox
        id={id}
        name={name}
        label={label}
        hint={hint}
        required={required}
        isTicked={answer !== ""}
        fault={fault}
      />
    );
  const shared = { id, name, required, ...described(id, hint, fault) };
  return (
    <div class="field">
      <label for={id} dir="auto">
        {label}
        {!required && <span class="optional"> (optional)</span>}
      </label>
      <Notes id={id} hint={hint} fault={fault} />
      {type === "select" ? (
        <select {...shared} autocomplete={field.autocomplete}>
          <option value="">Choose…</option>
          {(field.options ?? []).map((option) => (
            <option value={option} selected={option === answer}>
              {option}
            </option>
          ))}
        </select>
      ) : (
        <input {...shared} {...typed(field)} value={answer} dir={type === "text" ? "auto" : undefined} />
      )}
    </div>
  );
}

/** The attributes of an input by its type. */
function typed({ type, autocomplete, maxLength = DEFAULT_MAX_LENGTH, pattern, hint }: JoinField) {
  if (type === "date") return { type, autocomplete };
  const automatic = type === "text" ? undefined : type;
  return {
    type,
    autocomplete: autocomplete ?? automatic,
    maxlength: maxLength,
    pattern,
    title: pattern === undefined ? undefined : hint,
    ...(type === "email" && { autocapitalize: "none" as const }),
  };
}

interface CheckboxProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly required: boolean;
  readonly isTicked: boolean;
  readonly fault: string | undefined;
}

function Checkbox({ id, name, label, hint, required, isTicked, fault }: CheckboxProps) {
  return (
    <div class="field check">
      <Notes id={id} hint={hint} fault={fault} />
      <label for={id} dir="auto">
        <input
          id={id}
          type="checkbox"
          name={name}
          value="on"
          required={required}
          checked={isTicked}
          {...described(id, hint, fault)}
        />
        <span>{label}</span>
      </label>
    </div>
  );
}

function Notes({ id, hint, fault }: { id: string; hint: string | undefined; fault: string | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <p class="note" id={`${id}-hint`} dir="auto">
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </>
  );
}

/** Connects an input with the texts about it. */
function described(id: string, hint: string | undefined, fault: string | undefined) {
  const texts = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`].filter(Boolean);
  return {
    "aria-describedby": texts.length > 0 ? texts.join(" ") : undefined,
    "aria-invalid": fault === undefined ? undefined : ("true" as const),
  };
}
