/**
 * What the linter says about a pass while its form is filled in. It asks when nothing was typed for a moment.
 */
import { useEffect, useState } from "preact/hooks";
import { type JsonObject, writeJson } from "../../../json.ts";
import { useDashboard } from "../context.ts";
import { FoldedFindings } from "../views/finding-list.tsx";
import { type DryRun, parseReport } from "./dry-run.ts";

const PAUSE_MS = 700;

/** @param body of the request of the linter */
export function LiveCheck({ body }: { readonly body: JsonObject }) {
  const { api } = useDashboard();
  const [findings, setFindings] = useState<DryRun["lint"]["findings"]>([]);
  const text = writeJson(body);
  useEffect(() => {
    let isNewest = true;
    const timer = setTimeout(async () => {
      const answer = await api.send({ method: "POST", path: "/lint", body }, parseReport);
      // A refusal is shown when the form is sent.
      if (isNewest && answer.kind === "ok") setFindings(answer.body.findings);
    }, PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [api, text]);
  return <FoldedFindings findings={findings} about="this pass" />;
}
