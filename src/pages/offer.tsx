/**
 * What the page of a pass offers: to add the pass, in the way that this device can.
 */
import type { Device } from "./device.ts";
import { drawQrCode } from "./drawn-barcodes.ts";
import type { MarkedWords, PassPageWords } from "./pass-page-words.ts";

interface OfferProps {
  readonly device: Device;
  readonly language: MarkedWords;
  /** Undefined if the pass cannot be signed for Apple Wallet now: then it is offered in Google Wallet only. */
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
  const { device, language } = props;
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
      return props.googlePath === undefined ? (
        <NoWallet {...props} />
      ) : (
        <section class="offer" {...marks}>
          <AddButton
            href={props.googlePath}
            rel="nofollow"
            badgePath={props.googleBadgePath}
            text={words.addToGoogle}
          />
        </section>
      );
    case "phone":
      return <NoWallet {...props} />;
    case "mac":
    case "desktop":
      return (
        <section class="offer sheet" {...marks}>
          <h2>{props.googlePath === undefined ? words.scanTitle : words.phoneTitle}</h2>
          <PageCode url={props.pageUrl} words={words} />
          <p>{props.googlePath === undefined ? words.scan : words.phone}</p>
          {props.downloadPath !== undefined && <Here {...props} />}
        </section>
      );
  }
}

/** What a computer itself can do with the file. */
function Here(props: OfferProps) {
  const { words } = props.language;
  return props.device === "mac" ? (
    <>
      <p class="or">{words.here}</p>
      <AddButton href={props.downloadPath} badgePath={props.badgePath} text={words.add} />
    </>
  ) : (
    <a class="quiet" href={props.downloadPath}>
      {words.file}
    </a>
  );
}

function NoWallet({ language: { words, marks }, hasCode }: OfferProps) {
  return (
    <section class="offer sheet" {...marks}>
      <p>
        {words.noWallet} {hasCode && words.showCode}
      </p>
    </section>
  );
}

interface AddButtonProps {
  readonly href: string | undefined;
  readonly rel?: string;
  readonly badgePath: string | undefined;
  readonly text: string;
}

/** The badges of Apple and Google may be used, and not drawn by others: so without one the button is a neutral one. */
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
