/**
 * The link of the holder's page, and its QR code for a phone. The drawer of barcodes is large, so it is loaded when somebody asks.
 */
import { useEffect, useState } from "preact/hooks";
import { useDashboard } from "../context.ts";

interface HolderPageProps {
  readonly url: string;
  /** Whether the code is drawn at once. */
  readonly isDrawn?: boolean;
}

export function HolderPage({ url, isDrawn = false }: HolderPageProps) {
  const { say } = useDashboard();
  const [qrCode, setQrCode] = useState<string>();
  const draw = async () => {
    try {
      const { drawQrCodeUrl } = await import("../../../barcodes/qr-code.ts");
      setQrCode(drawQrCodeUrl(url));
    } catch {
      say("The QR code could not be loaded. Reload the page, and try again.");
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      say("The link is copied.");
    } catch {
      say("The browser does not let this page copy. Open the holder's page, and copy its address.");
    }
  };
  useEffect(() => {
    if (isDrawn) void draw();
  }, [url]);
  return (
    <div class="holder-page">
      <div class="actions">
        <a class="as-button" href={url} target="_blank" rel="noreferrer">
          Holder's page
        </a>
        <button
          type="button"
          aria-expanded={qrCode !== undefined}
          onClick={() => (qrCode === undefined ? void draw() : setQrCode(undefined))}
        >
          QR code
        </button>
        <button type="button" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
      {qrCode !== undefined && (
        <img src={qrCode} alt="QR code of the holder's page" width="240" height="240" />
      )}
      <p class="hint">Anyone with this link or code can add the pass to a phone.</p>
    </div>
  );
}
