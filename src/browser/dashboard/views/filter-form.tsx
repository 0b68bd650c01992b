/**
 * The form of a list's filters. What it shows is in the address, so that a reload and the button Back keep it.
 */
import type { ComponentChildren } from "preact";
import type { PageName } from "../access.ts";
import { hrefOf, queryOf, type Route } from "../route.ts";

interface FilterFormProps {
  readonly page: PageName;
  /** The query of the address. */
  readonly query: Route["query"];
  /** What the address gets with Show. Empty texts are left out. */
  readonly entered: Route["query"];
  readonly children: ComponentChildren;
}

export function FilterForm({ page, query, entered, children }: FilterFormProps) {
  return (
    <form
      class="filters"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
        location.hash = hrefOf(page, entered);
      }}
    >
      {children}
      <div class="actions">
        <button type="submit" class="solid">
          Show
        </button>
        {queryOf(query) !== "" && (
          <a class="as-button" href={hrefOf(page)}>
            Show all
          </a>
        )}
      </div>
    </form>
  );
}
