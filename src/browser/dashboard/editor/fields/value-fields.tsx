/**
 * The value of a field: its kind as one choice, the value, and how it is written.
 */
import { useRef, useState } from "preact/hooks";
import { isNumber, type JsonObject } from "../../../../json.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { textAt, valueText } from "../draft/pass-members.ts";
import { LongTextField } from "../long-text-field.tsx";
import { offsetHere, offsetOptions, readDate, withLocal, writeDate } from "./date-value.ts";
import { CheckField, TypedField } from "./typed-fields.tsx";
import {
  DATE_STYLE_OPTIONS,
  isDateKind,
  isNumberKind,
  kindOf,
  NUMBER_STYLE_OPTIONS,
  readValue,
  TIME_STYLE_OPTIONS,
  VALUE_KINDS,
  withKind,
} from "./value-kind.ts";

interface ValueProps {
  readonly field: JsonObject;
  readonly set: (member: string, value: unknown) => void;
}

interface AllProps extends ValueProps {
  readonly replace: (field: JsonObject) => void;
  /** Whether the value usually has several lines. */
  readonly isLong: boolean;
}

const OWN_VALUE = "Leave it empty if each pass has its own.";

export function ValueFields({ field, set, replace, isLong }: AllProps) {
  const kind = kindOf(field);
  const wasNumber = useRef(false);
  if (isNumber(field.value)) wasNumber.current = true;
  return (
    <>
      <SelectField
        id="field-kind"
        label="Kind of value"
        value={kind}
        options={VALUE_KINDS}
        onChange={(chosen) => {
          const next = VALUE_KINDS.find(([each]) => each === chosen)?.[0];
          if (next !== undefined) replace(withKind(field, next));
        }}
      />
      {isDateKind(kind) ? (
        <DateFields field={field} set={set} />
      ) : isNumberKind(kind) ? (
        <NumberFields field={field} set={set} />
      ) : (
        <LongTextField
          id="field-value"
          label="Value"
          value={valueText(field.value)}
          rows={isLong ? 4 : 1}
          onChange={(typed) => set("value", readValue(kind, wasNumber.current, typed))}
          hint={OWN_VALUE}
        />
      )}
      {textAt(field, "attributedValue") !== "" && (
        <p class="hint">
          This field also has a text with links, which phones show in place of the value. It can be changed
          under JSON.
        </p>
      )}
    </>
  );
}

function NumberFields({ field, set }: ValueProps) {
  const kind = kindOf(field);
  const { value } = field;
  const fault =
    typeof value === "string" && value !== ""
      ? "This is not a number. Write it with a point, such as 1234.5."
      : "";
  const style = textAt(field, "numberStyle");
  return (
    <div class="two-fields">
      <div class={fault === "" ? "" : "has-fault"}>
        <TypedField
          id="field-value"
          label="Value"
          value={value}
          fault={fault}
          onChange={(number) => set("value", number)}
          hint={kind === "percent" ? `0.25 is shown as 25%. ${OWN_VALUE}` : OWN_VALUE}
        />
      </div>
      {kind === "money" && (
        <TextField
          id="field-currency"
          label="Currency"
          value={textAt(field, "currencyCode")}
          maxLength={3}
          onChange={(code) => set("currencyCode", code.toUpperCase())}
          hint="Three letters, such as EUR, USD or GBP."
        />
      )}
      {kind === "number" && (
        <SelectField
          id="field-number-style"
          label="Written as"
          value={style}
          options={NUMBER_STYLE_OPTIONS}
          onChange={(chosen) => set("numberStyle", chosen)}
        />
      )}
    </div>
  );
}

/** A date is a local time with its UTC offset, and shown in the styles of the field. */
function DateFields({ field, set }: ValueProps) {
  const [zone, setZone] = useState("");
  const kind = kindOf(field);
  const parts = readDate(field.value);
  const offset = parts?.offset ?? (zone || offsetHere(new Date().toISOString().slice(0, 16)));
  const text = valueText(field.value);
  const isFault = text !== "" && parts === undefined;
  const enter = (local: string) => {
    setZone(offset);
    const next = parts === undefined && zone !== "" ? { local, offset: zone } : withLocal(parts, local);
    set("value", writeDate(next));
  };
  return (
    <>
      <div class="two-fields date-fields">
        <div class={isFault ? "has-fault" : ""}>
          <TextField
            id="field-value"
            label="Value"
            type="datetime-local"
            value={parts?.local ?? ""}
            onChange={enter}
            hint={isFault ? `“${text}” is not a date. Choose one.` : OWN_VALUE}
          />
        </div>
        <SelectField
          id="field-offset"
          label="Time zone"
          value={offset}
          options={offsetOptions(offset)}
          onChange={(chosen) => {
            setZone(chosen);
            if (parts !== undefined) set("value", writeDate({ ...parts, offset: chosen }));
          }}
          hint="In summer time, a place is an hour ahead of this list."
        />
      </div>
      <div class="two-fields">
        {kind !== "time" && (
          <SelectField
            id="field-date-style"
            label="Date"
            value={textAt(field, "dateStyle") || "PKDateStyleNone"}
            options={kind === "date" ? DATE_STYLE_OPTIONS.slice(0, -1) : DATE_STYLE_OPTIONS}
            onChange={(chosen) => set("dateStyle", chosen)}
          />
        )}
        {kind !== "date" && (
          <SelectField
            id="field-time-style"
            label="Time"
            value={textAt(field, "timeStyle") || "PKDateStyleNone"}
            options={kind === "time" ? TIME_STYLE_OPTIONS.slice(0, -1) : TIME_STYLE_OPTIONS}
            onChange={(chosen) => set("timeStyle", chosen)}
          />
        )}
      </div>
      <div>
        <CheckField
          label="Relative to now, such as “tomorrow”"
          isOn={field.isRelative === true}
          onChange={(on) => set("isRelative", on ? true : undefined)}
        />
        <CheckField
          label="In the time zone above, wherever the phone is"
          isOn={field.ignoresTimeZone === true}
          onChange={(on) => set("ignoresTimeZone", on ? true : undefined)}
        />
      </div>
    </>
  );
}
