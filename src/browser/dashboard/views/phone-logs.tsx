/**
 * What phones have reported to /v1/log: the newest 1,000 requests. Anybody can write there.
 */
import { parseDeviceLogs } from "../admin-answers.ts";
import { useListed } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { ItemList, PageHeading } from "./parts.tsx";

export function PhoneLogs() {
  const list = useListed("/device-logs", parseDeviceLogs);
  return (
    <>
      <PageHeading title="Phone logs">
        <button type="button" aria-disabled={list.status !== "ready"} onClick={list.reload}>
          Refresh
        </button>
      </PageHeading>
      <p class="hint">
        iPhones report here what is wrong with a pass or with an answer of this service. The lines are not
        verified: anybody can send them.
      </p>
      <ItemList
        label="Phone logs"
        list={list}
        keyOf={({ id }) => id}
        row={({ client, messages, receivedAt }) => (
          <>
            <p class="hint">
              <time dateTime={receivedAt}>{whenWords(receivedAt, Date.now())}</time> ·{" "}
              {client === "" ? "Unknown sender" : client}
            </p>
            <pre>{messages.join("\n")}</pre>
          </>
        )}
        empty={<p>No phone has reported a problem.</p>}
      />
    </>
  );
}
