/**
 * The heading of a view, with the way back to the camera.
 */
import { SETTINGS } from "../page-words.ts";
import { Icon } from "./signs.tsx";

export function Heading({ title }: { readonly title: string }) {
  return (
    <header class="heading">
      <a class="back" href="#/" aria-label={SETTINGS.back}>
        <Icon name="back" />
      </a>
      <h1 tabIndex={-1}>{title}</h1>
    </header>
  );
}
