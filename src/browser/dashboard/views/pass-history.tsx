/**
 * The phones of a pass, and the lines of its change log.
 */
import { useMemo } from "preact/hooks";
import type { ListedPass, LoggedChange, Phone, parseChanges, parsePhones } from "../pass-answers.ts";
import {
  changePushWords,
  changeWords,
  type GoogleLine,
  pushSentences,
  pushWord,
  withGoogleLines,
} from "../pass-words.ts";
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

type ChangeList = NonNullable<ReturnType<typeof parseChanges>>;

interface PassChangesProps {
  readonly list: LoadedList<LoggedChange, Pick<ChangeList, "google">>;
  readonly installs: ListedPass["installs"];
}

export function PassChanges({ list, installs }: PassChangesProps) {
  const { items, first, nextCursor } = list;
  const lines = useMemo(
    () => withGoogleLines(items, first?.google, nextCursor === null),
    [items, first, nextCursor],
  );
  return (
    <section>
      <h2>Changes</h2>
      <ItemList
        label="Changes"
        list={{ ...list, items: lines }}
        keyOf={({ id }) => id}
        row={(line) =>
          "text" in line ? <GoogleWalletLine line={line} /> : <ChangeLine change={line} installs={installs} />
        }
        empty={<p>The log no longer has changes of this pass.</p>}
      />
    </section>
  );
}

function GoogleWalletLine({ line }: { readonly line: GoogleLine }) {
  return (
    <div class="line of-change">
      <time dateTime={line.at}>{whenWords(line.at, Date.now())}</time>
      <span>{line.text}</span>
    </div>
  );
}

interface ChangeLineProps {
  readonly change: LoggedChange;
  readonly installs: ListedPass["installs"];
}

function ChangeLine({ change, installs }: ChangeLineProps) {
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
