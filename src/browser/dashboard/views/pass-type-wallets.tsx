/**
 * In which Wallets the passes of a pass type are offered, as an admin chooses it.
 */
import { useState } from "preact/hooks";
import { type PassType, parsePassType } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { WALLET_OPTIONS } from "../offered-wallets.ts";
import { useWriting } from "../use-api.ts";
import { pathOfPassType } from "./certificates.tsx";
import { SelectField } from "./form-parts.tsx";

interface PassTypeWalletsProps {
  readonly passType: PassType;
  readonly onChanged: (passType: PassType) => void;
}

export function PassTypeWallets({ passType, onChanged }: PassTypeWalletsProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const [chosen, setChosen] = useState<string>();
  const { passTypeIdentifier, wallets } = passType;
  const isSame = (chosen ?? wallets) === wallets;
  return (
    <form
      class="one-field"
      onSubmit={async (event) => {
        event.preventDefault();
        if (isSame) return;
        const path = pathOfPassType(passType);
        const answer = await write({ method: "PATCH", path, body: { wallets: chosen } }, parsePassType);
        if (answer === undefined) return;
        setChosen(undefined);
        onChanged(answer.body);
        say("From now on its passes are offered there. Passes on phones stay up to date.");
      }}
    >
      <SelectField
        id={`wallets-of-${passTypeIdentifier}`}
        label="Offered in"
        value={chosen ?? wallets}
        options={WALLET_OPTIONS}
        onChange={setChosen}
        hint="A template may have its own choice."
        problem={problem}
      />
      <button
        type="submit"
        aria-label={`Save where ${passTypeIdentifier} is offered`}
        aria-disabled={isBusy || isSame}
      >
        Save
      </button>
    </form>
  );
}
