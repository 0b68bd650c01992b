/**
 * What a scan of the passes does.
 */
import { useRef, useState } from "preact/hooks";
import { isNumber, isObject, type JsonObject, toDouble } from "../../../json.ts";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { SelectField, TextField } from "../views/form-parts.tsx";
import { FindingNotes } from "./finding-notes.tsx";
import type { PanelProps } from "./panel.ts";
import { textAt, withMember } from "./pass-members.ts";
import {
  actionOf,
  addableFault,
  byFault,
  newRule,
  numberFields,
  ruleWords,
  SCAN_ACTIONS,
  type ScanAction,
  secondsFault,
  TIME_UNITS,
  unitOf,
  withRuleMember,
} from "./scan-draft.ts";
import { CheckField, TypedField } from "./typed-fields.tsx";
import { readNumber, valueText } from "./value-kind.ts";

export function ScanPanel({ draft, edit, findings }: PanelProps) {
  const { scan, pass } = draft;
  const action = actionOf(scan);
  // If somebody looks at another choice and comes back, the numbers are as they were.
  const before = useRef<JsonObject | null>(null);
  const choose = (chosen: ScanAction) => {
    if (chosen === action) return;
    if (action === "add") before.current = scan;
    edit({ scan: chosen === "add" ? (before.current ?? newRule(chosen, pass)) : newRule(chosen, pass) });
  };
  return (
    <div class="form">
      <fieldset class="scan-choices">
        <legend>A scan of a pass</legend>
        {SCAN_ACTIONS.map(([each, label, hint]) => (
          <label key={each} class="check">
            <input type="radio" name="scan-action" checked={action === each} onChange={() => choose(each)} />
            <span>
              {label}
              <span class="hint">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <FindingNotes findings={findings.filter(({ pointer }) => pointer === "/scan")} pointer="/scan" />
      <FindingNotes findings={findings} pointer="/scan/action" />
      {action === "add" && (
        <AddFields
          rule={scan ?? {}}
          pass={pass}
          onChange={(rule) => edit({ scan: rule })}
          findings={findings}
        />
      )}
      <p class="rule-words" role="status">
        {ruleWords(scan, pass)}
      </p>
    </div>
  );
}

interface AddProps {
  readonly rule: JsonObject;
  readonly pass: JsonObject;
  readonly onChange: (rule: JsonObject) => void;
  readonly findings: PanelProps["findings"];
}

function AddFields({ rule, pass, onChange, findings }: AddProps) {
  const fields = numberFields(pass);
  const key = textAt(rule, "field");
  const isNumeric = fields.some((field) => field.key === key);
  const set = (member: string, value: unknown) => onChange(withRuleMember(rule, member, value));
  const number = (member: string, label: string, hint = "") => (
    <NumberInput
      key={member}
      id={`scan-${member}`}
      label={label}
      hint={hint}
      value={rule[member]}
      fault={member === "by" ? byFault(rule[member]) : addableFault(rule[member], false)}
      onChange={(value) => set(member, value)}
    />
  );
  const isLess = isNumber(rule.by) && toDouble(rule.by) < 0;
  return (
    <>
      {!isNumeric && (
        <p class="problem">
          {fields.length === 0
            ? "No field shows a number yet. Add one under Fields, with the kind Number."
            : key === ""
              ? "Choose the field."
              : `The field “${key}” is missing, or shows no number. Choose another one.`}
        </p>
      )}
      <div class="two-fields">
        <SelectField
          id="scan-field"
          label="Field"
          value={key}
          options={[...(isNumeric ? [] : [[key, key || "–"] as const]), ...fields.map(toOption)]}
          onChange={(chosen) => set("field", chosen)}
        />
        {number("by", "Each scan adds", "A number below 0 takes away.")}
      </div>
      <FindingNotes findings={findings} pointer="/scan/field" />
      <FindingNotes findings={findings} pointer="/scan/by" />
      <div class="two-fields">
        {/* The limit that scans come to is first. */}
        {isLess ? number("min", "Lowest value (optional)") : number("max", "Highest value (optional)")}
        {isLess ? number("max", "Highest value (optional)") : number("min", "Lowest value (optional)")}
      </div>
      <FindingNotes findings={findings} pointer="/scan/max" />
      <FindingNotes findings={findings} pointer="/scan/min" />
      <EveryFields seconds={rule.atMostEverySeconds} onChange={(value) => set("atMostEverySeconds", value)} />
      <FindingNotes findings={findings} pointer="/scan/atMostEverySeconds" />
      <RewardFields rule={rule} onChange={(reward) => set("reward", reward)} />
      <FindingNotes findings={findings} pointer="/scan/reward" />
    </>
  );
}

const toOption = ({ key, name }: { readonly key: string; readonly name: string }) => [key, name] as const;

interface NumberProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: unknown;
  readonly fault: string;
  readonly onChange: (value: unknown) => void;
}

function NumberInput(props: NumberProps) {
  return (
    <div class={props.fault === "" ? "" : "has-fault"}>
      <TypedField {...props} />
    </div>
  );
}

interface EveryProps {
  readonly seconds: unknown;
  readonly onChange: (seconds: unknown) => void;
}

/** How much time must be between two scans of a pass that count. */
function EveryFields({ seconds, onChange }: EveryProps) {
  const [unit, setUnit] = useState(() => unitOf(seconds));
  const fault = secondsFault(seconds);
  const inUnit = (typed: string) => {
    const count = readNumber(typed);
    return typeof count === "number" ? count * unit : count;
  };
  return (
    <div class="two-fields every-fields">
      <div class={fault === "" ? "" : "has-fault"}>
        <TypedField
          // Another unit is another text for the same time.
          key={unit}
          id="scan-every"
          label="At most once every (optional)"
          value={typeof seconds === "number" ? seconds / unit : seconds}
          read={readNumber}
          fault={fault}
          onChange={(count) => onChange(inUnit(valueText(count)))}
        />
      </div>
      <SelectField
        id="scan-unit"
        label="Unit"
        value={String(unit)}
        options={TIME_UNITS}
        onChange={(chosen) => {
          setUnit(Number(chosen));
          if (typeof seconds === "number") onChange((seconds / unit) * Number(chosen));
        }}
      />
    </div>
  );
}

interface RewardProps {
  readonly rule: JsonObject;
  readonly onChange: (reward: unknown) => void;
}

function RewardFields({ rule, onChange }: RewardProps) {
  const hasLimit = rule.max !== undefined || rule.min !== undefined;
  const reward = isObject(rule.reward) ? rule.reward : undefined;
  if (!hasLimit) return <p class="hint">With a highest or lowest value, a full card can give a reward.</p>;
  return (
    <>
      <CheckField
        label="A full card gives a reward"
        isOn={reward !== undefined}
        onChange={(isOn) => onChange(isOn ? { resetTo: 0 } : undefined)}
      />
      {reward !== undefined && (
        <div class="two-fields">
          <TextField
            id="scan-reward"
            label="Reward (optional)"
            value={textAt(reward, "label")}
            maxLength={MAX_CHARACTERS.rewardLabel}
            onChange={(label) => onChange(withMember(reward, "label", label === "" ? undefined : label))}
            hint="What the person who scans sees, such as A free coffee."
          />
          <NumberInput
            id="scan-reset"
            label="Then the field is set to"
            value={reward.resetTo}
            fault={addableFault(reward.resetTo, true)}
            onChange={(value) => onChange(withMember(reward, "resetTo", value))}
          />
        </div>
      )}
    </>
  );
}
