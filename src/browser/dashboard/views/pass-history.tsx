/**
 * The phones of a pass, and the lines of its change log.
 */
import type { ListedPass, LoggedChange, Phone, parsePhones } from "../pass-answers.ts";
import { changePushWords, changeWords, pushSentences, pushWord } from "../pass-words.ts";
import type { LoadedList } from "../use-api.ts";
import { actorWords, whenWords } from "../words.ts";
import { Badge, ItemList } from "./parts.tsx";

type PhoneList = NonNullable<ReturnType<typeof parsePhones>>;

export function PassPhones({
  list,
}: {
  readonly list: LoadedList<Phone, Pick<PhoneList, "paused" | "failure">>;
}) {
  const { paused = false, failure = null } = list.first ?? {};
  return (
    <section>
      <h2>Phones</h2>
      {paused && (
        <p>
          <Badge tone="warning">Paused</Badge> Pushes are paused: what is due waits.
        </p>
      )}
      {failure !== null && (
        <p>
          <Badge tone="bad">Pushes fail</Badge> {failure.reason}. {failure.cure}
        </p>
      )}
      <ItemList
        label="Phones"
        list={list}
        keyOf={({ id }) => id}
        row={(phone) => <PhoneRow phone={phone} />}
        empty={<p>No phone with Apple Wallet is registered for its updates.</p>}
      />
    </section>
  );
}

function PhoneRow({ phone }: { readonly phone: Phone }) {
  const now = Date.now();
  const { text, tone } = pushWord(phone);
  return (
    <>
      <div class="split">
        <p>Phone {phone.device.slice(0, 6)}</p>
        <Badge tone={tone}>{text}</Badge>
      </div>
      <p>{pushSentences(phone, now).join(" ")}</p>
      <p class="hint">Registered {whenWords(phone.registeredAt, now)}</p>
    </>
  );
}

interface ChangeLineProps {
  readonly change: LoggedChange;
  readonly installs: ListedPass["installs"];
}

export function ChangeLine({ change, installs }: ChangeLineProps) {
  const now = Date.now();
  return (
    <div class="line of-change">
      <time dateTime={change.at}>{whenWords(change.at, now)}</time>
      <span>{changeWords(change)}</span>
      <span class="hint">
        by {actorWords(change.actor)} · {changePushWords(change, now, installs)}
      </span>
    </div>
  );
}
