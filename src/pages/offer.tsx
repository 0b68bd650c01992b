/**
 * What the page of a pass offers: to add the pass, in the way that this device can.
 */
import type { Device } from "./device.ts";
import { drawQrCode } from "./drawn-barcodes.ts";
import type { MarkedWords, PassPageWords } from "./pass-page-words.ts";

interface OfferProps {
  readonly device: Device;
  readonly language: MarkedWords;
  /** Undefined if the pass is not offered in Apple Wallet, or cannot be signed now. */
  readonly downloadPath: string | undefined;
  /** The whole address of this page. */
  readonly pageUrl: string;
  /** Apple's artwork for the button, if the operator has stored it. */
  readonly badgePath: string | undefined;
  /** The same of Google's. */
  readonly googleBadgePath: string | undefined;
  /** The path that leads to Google Wallet; undefined if the pass is not offered there. Computers show the code of the page. */
  readonly googlePath: string | undefined;
  readonly hasCode: boolean;
}

/** Whether the offer has a code that the holder should scan with another device. */
export function offersCode(device: Device): boolean {
  return device === "mac" || device === "desktop";
}

export function Offer(props: OfferProps) {
  const { downloadPath, googlePath } = props;
  if (downloadPath !== undefined) return <AppleOffer {...props} downloadPath={downloadPath} />;
  return googlePath === undefined ? null : <GoogleOffer {...props} googlePath={googlePath} />;
}

interface AppleOfferProps extends OfferProps {
  readonly downloadPath: string;
}

/** The offer of a pass that is for Apple Wallet, or for both Wallets. */
function AppleOffer(props: AppleOfferProps) {
  const { device, language, googlePath } = props;
  const { words, marks } = language;
  switch (device) {
    case "iphone":
      return (
        <section class="offer" {...marks}>
          <AddButton href={props.downloadPath} badgePath={props.badgePath} text={words.add} />
        </section>
      );
    case "iphoneApp":
      return (
        <section class="offer sheet" {...marks}>
          <h2>{words.appTitle}</h2>
          <p>{words.app}</p>
          <ol>
            <li>{words.appMenu}</li>
            <li>{words.appChoose}</li>
          </ol>
        </section>
      );
    case "android":
      return googlePath === undefined ? (
        <NoWallet {...props} sentence={words.noWallet} />
      ) : (
        <GoogleButton {...props} googlePath={googlePath} />
      );
    case "phone":
      return <NoWallet {...props} sentence={words.noWallet} />;
    case "mac":
    case "desktop":
      return (
        <section class="offer sheet" {...marks}>
          <h2>{googlePath === undefined ? words.scanTitle : words.phoneTitle}</h2>
          <PageCode url={props.pageUrl} words={words} />
          <p>{googlePath === undefined ? words.scan : words.phone}</p>
          {device === "mac" ? (
            <>
              <p class="or">{words.here}</p>
              <AddButton href={props.downloadPath} badgePath={props.badgePath} text={words.add} />
            </>
          ) : (
            <a class="quiet" href={props.downloadPath}>
              {words.file}
            </a>
          )}
        </section>
      );
  }
}

interface GoogleOfferProps extends OfferProps {
  readonly googlePath: string;
}

/** The offer of a pass that is only for Google Wallet. On a computer, Google's page saves it for the account that is signed in there. */
function GoogleOffer(props: GoogleOfferProps) {
  const { device, language, googlePath, pageUrl } = props;
  const { words, marks } = language;
  switch (device) {
    case "android":
      return <GoogleButton {...props} />;
    case "iphone":
    case "iphoneApp":
    case "phone":
      return <NoWallet {...props} sentence={words.noGoogle} />;
    case "mac":
    case "desktop":
      return (
        <section class="offer sheet" {...marks}>
          <h2>{words.scanGoogleTitle}</h2>
          <PageCode url={pageUrl} words={words} />
          <p>{words.scanGoogle}</p>
          <a class="quiet" href={googlePath} rel="nofollow">
            {words.addToGoogle}
          </a>
        </section>
      );
  }
}

function GoogleButton({ language, googlePath, googleBadgePath }: GoogleOfferProps) {
  const { words, marks } = language;
  return (
    <section class="offer" {...marks}>
      <AddButton href={googlePath} rel="nofollow" badgePath={googleBadgePath} text={words.addToGoogle} />
    </section>
  );
}

interface NoWalletProps extends Pick<OfferProps, "language" | "hasCode"> {
  /** Says that this phone does not have the Wallet. */
  readonly sentence: string;
}

function NoWallet({ language: { words, marks }, hasCode, sentence }: NoWalletProps) {
  return (
    <section class="offer sheet" {...marks}>
      <p>
        {sentence} {hasCode && words.showCode}
      </p>
    </section>
  );
}

interface AddButtonProps {
  readonly href: string;
  readonly rel?: string;
  readonly badgePath: string | undefined;
  readonly text: string;
}

/** Nobody else may redraw the badges of Apple and Google, so without a stored badge the button is a neutral one. */
function AddButton({ href, rel, badgePath, text }: AddButtonProps) {
  if (badgePath === undefined) {
    return (
      <a class="button" href={href} rel={rel}>
        {text}
      </a>
    );
  }
  return (
    <a class="badge" href={href} rel={rel}>
      <img src={badgePath} height="48" alt={text} />
    </a>
  );
}

function PageCode({ url, words }: { url: string; words: PassPageWords }) {
  const drawing = drawQrCode(url);
  if (drawing === undefined) return null;
  return (
    <figure class="scan">
      <svg role="img" aria-label={words.scanName} viewBox={drawing.viewBox} shape-rendering="crispEdges">
        <path fill-rule="evenodd" d={drawing.path} />
      </svg>
    </figure>
  );
}
