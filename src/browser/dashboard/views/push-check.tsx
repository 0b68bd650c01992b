/**
 * The push check of a pass type: one push to no phone, and what APNs' answer means.
 */
import { useState } from "preact/hooks";
import { type PassType, type PushCheck, parsePushCheck } from "../admin-answers.ts";
import { useWriting } from "../use-api.ts";
import { withoutCalls } from "../words.ts";
import { pathOfPassType } from "./certificates.tsx";
import { Badge, ProblemNote } from "./parts.tsx";

interface PushChecking {
  readonly isBusy: boolean;
  readonly start: () => void;
  /** Result, for below the button. */
  readonly result: preact.JSX.Element;
}

/** @param onChecked after an answer of APNs, or after none came */
export function usePushCheck(passType: PassType, onChecked: () => void = () => {}): PushChecking {
  const { isBusy, problem, write } = useWriting();
  const [check, setCheck] = useState<PushCheck>();
  const start = async () => {
    setCheck(undefined);
    const path = `${pathOfPassType(passType)}/push-check`;
    const answer = await write({ method: "POST", path }, parsePushCheck);
    setCheck(answer?.body);
    if (answer !== undefined) onChecked();
  };
  const result = (
    <>
      <ProblemNote problem={problem} />
      {check !== undefined && (
        <p role="status">
          <Badge tone={check.ok ? "good" : "bad"}>{check.ok ? "Works" : "Does not work"}</Badge>{" "}
          {withoutCalls(check.detail)}
        </p>
      )}
    </>
  );
  return { isBusy, start: () => void start(), result };
}
