/**
 * What a key may do with the status of a pass. Each is asked once, and its error is next to the buttons.
 */
import { useRef, useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { focusOn } from "../../heading-focus.ts";
import { useDashboard } from "../context.ts";
import { type ListedPass, parsePass } from "../pass-answers.ts";
import { phonesWillShow } from "../pass-words.ts";
import { useWriting } from "../use-api.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { TextField } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";

type Verb = "redeem" | "unredeem" | "void" | "unvoid";

const DONE: Readonly<Record<Verb, string>> = {
  redeem: "Redeemed.",
  unredeem: "The redemption is undone.",
  void: "Voided.",
  unvoid: "The pass is no longer voided.",
};

interface PassActionsProps {
  readonly pass: ListedPass;
  readonly onChanged: (pass: ListedPass) => void;
  /** A request was sent, so the lists of the pass may be out of date. */
  readonly onSent: () => void;
}

export function PassActions({ pass, onChanged, onSent }: PassActionsProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const [reason, setReason] = useState("");
  const [effect, setEffect] = useState("");
  const group = useRef<HTMLElement>(null);
  const { id, status, redeemedAt, voidedAt } = pass;
  const send = async (verb: Verb, body?: object) => {
    setEffect("");
    const call = { method: "POST", path: `/passes/${id}/${verb}`, ...(body === undefined ? {} : { body }) };
    const answer = await write(call, parsePass);
    if (answer !== undefined) {
      // The button that was pressed may no longer be there.
      focusOn(group.current);
      onChanged(answer.body);
      setReason("");
      const isValid = answer.body.redeemedAt === null && answer.body.status !== "voided";
      setEffect(phonesWillShow(answer.body, isValid));
      say(DONE[verb]);
    }
    onSent();
  };
  const shared = { isBusy, isDanger: false } as const;
  return (
    <section ref={group} class="pass-actions" tabIndex={-1} aria-label="Actions">
      <div class="actions">
        {redeemedAt === null && (status === "active" || status === "expired") && (
          <ConfirmButton
            {...shared}
            label="Redeem"
            question={`${status === "expired" ? "It has expired. Redeem it all the same?" : "Redeem this pass?"} ${phonesWillShow(pass, false)}`}
            confirm="Redeem it"
            onConfirm={() => void send("redeem", { force: status === "expired" })}
          />
        )}
        {redeemedAt !== null && (
          <ConfirmButton
            {...shared}
            label="Undo redemption"
            question={`Undo the redemption? The pass can be redeemed again. ${phonesWillShow(pass, voidedAt === null && status !== "voided")}`}
            confirm="Undo it"
            onConfirm={() => void send("unredeem", {})}
          />
        )}
        {voidedAt === null && status !== "voided" && (
          <ConfirmButton
            label="Void"
            isBusy={isBusy}
            question={`Void this pass? It can no longer be redeemed. ${phonesWillShow(pass, false)}`}
            confirm="Void it"
            onConfirm={() => void send("void", reason.trim() === "" ? {} : { reason: reason.trim() })}
          >
            <TextField
              id="reason"
              label="Reason (optional)"
              value={reason}
              maxLength={MAX_CHARACTERS.voidReason}
              onChange={setReason}
              hint="For you: phones do not show it."
            />
          </ConfirmButton>
        )}
        {voidedAt !== null && (
          <ConfirmButton
            {...shared}
            label="Undo voiding"
            question={`Make the pass valid again? ${phonesWillShow(pass, redeemedAt === null)}`}
            confirm="Make it valid"
            onConfirm={() => void send("unvoid")}
          />
        )}
      </div>
      {status === "voided" && voidedAt === null && (
        <p class="hint">Its content voids it: “voided” is set in the pass, its event or its template.</p>
      )}
      {effect !== "" && <p>{effect}</p>}
      <ProblemNote problem={problem} />
    </section>
  );
}
