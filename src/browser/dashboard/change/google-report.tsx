/**
 * What a change will do in Google Wallet, below what it does on iPhones. Nothing if Google Wallet is not set up.
 */
import type { JsonObject } from "../../../json.ts";
import type { DryRun } from "./dry-run.ts";
import { googleWords } from "./google-words.ts";

interface GoogleReportProps {
  readonly report: DryRun;
  readonly pass: JsonObject | undefined;
}

export function GoogleReport({ report, pass }: GoogleReportProps) {
  const words = googleWords(report, pass);
  if (words === undefined) return null;
  const { reach, texts, notes } = words;
  return (
    <>
      <p class="report-part">{reach}</p>
      {texts.length > 0 && (
        <ul class="google-texts" aria-label="Message in Google Wallet">
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </>
  );
}
