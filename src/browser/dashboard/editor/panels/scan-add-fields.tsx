/**
 * What a scan adds: to which field, how much and how often, its limits, and the reward of a full card.
 */
import { useRef, useState } from "preact/hooks";
import { isNumber, isObject, type JsonObject, toDouble } from "../../../../json.ts";
import { MAX_CHARACTERS } from "../../../../limits.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { textAt, valueText, withMember } from "../draft/pass-members.ts";
import { CheckField, TypedField } from "../fields/typed-fields.tsx";
import { readNumber } from "../fields/value-kind.ts";
import type { PanelProps } from "../panel.ts";
import {
  addableFault,
  byFault,
  hasLimit,
  numberFields,
  secondsFault,
  secondsIn,
  TIME_UNITS,
  unitOf,
  withRuleMember,
} from "./scan-draft.ts";

interface AddProps {
  readonly rule: JsonObject;
  readonly pass: JsonObject;
  readonly onChange: (rule: JsonObject) => void;
  readonly findings: PanelProps["findings"];
}

export function AddFields({ rule, pass, onChange, findings }: AddProps) {
  const fields = numberFields(pass);
  const key = textAt(rule, "field");
  const isNumeric = fields.some((field) => field.key === key);
  // If somebody empties the limit to type another one, the reward is as it was.
  const reward = useRef(rule.reward);
  if (hasLimit(rule)) reward.current = rule.reward;
  const set = (member: string, value: unknown) =>
    onChange(withRuleMember(rule, member, value, reward.current));
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
        {/* First comes the limit that scans reach: the lowest value if each scan takes away. */}
        {isLess ? number("min", "Lowest value (optional)") : number("max", "Highest value (optional)")}
        {isLess ? number("max", "Highest value (optional)") : number("min", "Lowest value (optional)")}
      </div>
      <FindingNotes findings={findings} pointer="/scan/max" />
      <FindingNotes findings={findings} pointer="/scan/min" />
      <EveryFields seconds={rule.atMostEverySeconds} onChange={(value) => set("atMostEverySeconds", value)} />
      <FindingNotes findings={findings} pointer="/scan/atMostEverySeconds" />
      <RewardFields rule={rule} onChange={(given) => set("reward", given)} />
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
    return typeof count === "number" ? secondsIn(count, unit) : count;
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
          if (typeof seconds === "number") onChange(secondsIn(seconds / unit, Number(chosen)));
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
  const reward = isObject(rule.reward) ? rule.reward : undefined;
  if (!hasLimit(rule))
    return <p class="hint">With a highest or lowest value, a full card can give a reward.</p>;
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
