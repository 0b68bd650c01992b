/**
 * The signs of answers and the icons of buttons. Each sign of an answer has an outline of its own, so that it is known without its
 * colour. They are decoration: the text next to them says the same.
 */
import type { JSX } from "preact";
import type { Sign } from "../verdict.ts";

const SHAPES: Readonly<Record<Sign, JSX.Element>> = {
  // A circle.
  tick: (
    <>
      <circle class="shape" cx="50" cy="50" r="46" />
      <path class="mark" d="M27 52 L43 68 L74 34" />
    </>
  ),
  // An octagon, as the sign Stop has.
  cross: (
    <>
      <path class="shape" d="M32 4 H68 L96 32 V68 L68 96 H32 L4 68 V32 Z" />
      <path class="mark" d="M33 33 L67 67 M67 33 L33 67" />
    </>
  ),
  // A square on its corner.
  question: (
    <>
      <path class="shape" d="M50 2 L98 50 L50 98 L2 50 Z" />
      <path class="mark" d="M38 41 C38 25 63 25 63 41 C63 50 50 50 50 60" />
      <circle class="dot" cx="50" cy="73" r="5.5" />
    </>
  ),
  // A triangle, as warnings have.
  clock: (
    <>
      <path class="shape" d="M50 5 L98 90 Q99 94 95 94 H5 Q1 94 2 90 Z" />
      <circle class="mark" cx="50" cy="65" r="19" />
      <path class="mark" d="M50 54 V66 L58 70" />
    </>
  ),
  // A square.
  undone: (
    <>
      <rect class="shape" x="6" y="6" width="88" height="88" rx="16" />
      <path class="mark" d="M43 26 L28 41 L43 56 M29 41 H56 C78 41 78 73 56 73 H42" />
    </>
  ),
};

export function SignOf({ sign }: { readonly sign: Sign }) {
  return (
    <svg class={`sign sign-${sign}`} viewBox="0 0 100 100" aria-hidden="true">
      {SHAPES[sign]}
    </svg>
  );
}

const ICONS = {
  light: "M13 2 L5 14 H11 L10 22 L19 9 H13 Z",
  type: "M3 6 H21 V18 H3 Z M7 10 H7.01 M12 10 H12.01 M17 10 H17.01 M8 14 H16",
  list: "M4 6 H20 M4 12 H20 M4 18 H20",
  settings: "M4 7 H13 M19 7 H20 M4 17 H5 M11 17 H20 M16 4 V10 M8 14 V20",
  back: "M15 5 L8 12 L15 19",
  place:
    "M12 21 C7 15 5 12 5 9 A7 7 0 0 1 19 9 C19 12 17 15 12 21 Z M12 7.5 A1.5 1.5 0 0 1 12 10.5 A1.5 1.5 0 0 1 12 7.5",
} as const;

export function Icon({ name }: { readonly name: keyof typeof ICONS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
