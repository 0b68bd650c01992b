/**
 * The certificates of a pass type: which there are and until when, the signing request for another one, and the file of it by drop.
 */
import { timeFrom } from "../../times.ts";
import { type Certificate, type PassType, parsePassType } from "../admin-answers.ts";
import { readChosenFile } from "../chosen-file.ts";
import { useDashboard } from "../context.ts";
import { useWriting } from "../use-api.ts";
import { certificateWord, daysWords, whenWords } from "../words.ts";
import { FileDrop } from "./form-parts.tsx";
import { Badge, ProblemNote } from "./parts.tsx";

export function CertificateList({ certificates }: { readonly certificates: readonly Certificate[] }) {
  const now = Date.now();
  return (
    <ul class="certificates">
      {certificates.map((certificate) => {
        const { text, tone } = certificateWord(certificate, now);
        const left = (timeFrom(certificate.notAfter) ?? now) - now;
        return (
          <li key={certificate.fingerprint}>
            <Badge tone={tone}>{text}</Badge>{" "}
            <span>
              until {whenWords(certificate.notAfter, now)}
              {left > 0 && ` (${daysWords(left)})`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The path of a pass type in the API. */
export function pathOfPassType({ passTypeIdentifier }: Pick<PassType, "passTypeIdentifier">): string {
  return `/pass-types/${encodeURIComponent(passTypeIdentifier)}`;
}

export function SigningRequestButton({ passType }: { readonly passType: PassType }) {
  const { passTypeIdentifier, csr } = passType;
  return (
    <button type="button" onClick={() => download(`${passTypeIdentifier}.certSigningRequest`, csr)}>
      Download signing request
    </button>
  );
}

interface CertificateDropProps {
  readonly passType: PassType;
  readonly onInstalled: (passType: PassType) => void;
}

/** The field for the certificate's file. It also shows what is wrong with the file. */
export function CertificateDrop({ passType, onInstalled }: CertificateDropProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const install = async (file: File) => {
    const read = await readChosenFile(file, "a certificate. Choose the .cer file from Apple's portal");
    if ("problem" in read) return fail(read.problem);
    const path = `${pathOfPassType(passType)}/certificate`;
    const answer = await write({ method: "PUT", path, file: read.bytes }, parsePassType);
    if (answer === undefined) return;
    onInstalled(answer.body);
    say("The certificate signs passes now.");
  };
  return (
    <>
      <FileDrop
        id={`certificate-${passType.passTypeIdentifier}`}
        label="Install a certificate"
        hint="Drop pass.cer from Apple's portal here, or choose it."
        accept=".cer,.pem,.crt"
        isBusy={isBusy}
        onFile={(file) => void install(file)}
      />
      <ProblemNote problem={problem} />
    </>
  );
}

/** Saves a text as a file, without another request. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/pkcs10" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
