/**
 * The picture of pages without a pass: three passes behind each other, as in Wallet. Follows SVG 2.
 */

/** @param isMissing whether there is only a gap where the front one would be */
export function CardStack({ isMissing }: { isMissing: boolean }) {
  return (
    <svg class="stack" viewBox="0 0 280 184" width="224" height="147" aria-hidden="true">
      <rect x="38" y="4" width="204" height="100" rx="15" fill="#a9cff7" />
      <circle cx="57" cy="20" r="6.5" fill="#fff" />
      <rect x="22" y="32" width="236" height="110" rx="17" fill="#4e9bea" />
      <circle cx="44" cy="50" r="7.5" fill="#fff" />
      <path d="M190 50h48" stroke="#fff" stroke-width="6" stroke-linecap="round" opacity=".75" />
      {isMissing ? (
        <path
          class="gap"
          d={FRONT}
          fill="var(--page)"
          stroke-width="3"
          stroke-dasharray="9 8"
          stroke-linecap="round"
        />
      ) : (
        <>
          <path d={FRONT} fill="#0a6cd6" />
          <circle cx="32" cy="92" r="10" fill="#fff" />
          <path d="M54 92h50M25.5 136h70M25.5 156h42" stroke="#fff" stroke-width="7" stroke-linecap="round" />
          <rect x="202" y="104" width="60" height="60" rx="9" fill="#fff" />
          <path d={CODE} fill="#0a6cd6" fill-rule="evenodd" />
        </>
      )}
    </svg>
  );
}

/** The front pass, with the notch of an event ticket. */
const FRONT =
  "M24 66H116.5a24 24 0 0 0 47 0H256a18 18 0 0 1 18 18V162a18 18 0 0 1-18 18H24a18 18 0 0 1-18-18V84a18 18 0 0 1 18-18z";
/** A pattern that looks like a QR code, and is none. */
const CODE =
  "M210 112h18v18h-18zm5 5v8h8v-8zM236 112h18v18h-18zm5 5v8h8v-8zM210 138h18v18h-18zm5 5v8h8v-8zM236 138h6v6h-6zM248 138h6v6h-6zM242 144h6v6h-6zM236 150h6v6h-6zM248 150h6v6h-6z";
