/**
 * What is around every page: the navigation, which is a menu on a phone, and who has signed in.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Me } from "../../me.ts";
import { PAGES, type PageName, pagesFor } from "../access.ts";
import { hrefOf } from "../route.ts";
import { keyFacts } from "../words.ts";

interface LayoutProps {
  readonly me: Me;
  readonly page: PageName | undefined;
  readonly message: string;
  readonly onSignOut: () => void;
  readonly children: ComponentChildren;
}

/** The navigation's entry for each page that it does not list. */
const SECTIONS: Partial<Readonly<Record<PageName, PageName>>> = {
  "new-key": "keys",
  pass: "passes",
  "new-template": "templates",
  template: "templates",
  "new-pass": "templates",
  message: "templates",
  event: "events",
};

export function Layout({ me, page, message, onSignOut, children }: LayoutProps) {
  const [isOpen, setIsOpen] = useState(false);
  // The menu closes when the page changes.
  useEffect(() => setIsOpen(false), [page]);
  const section = page === undefined ? undefined : (SECTIONS[page] ?? page);
  const pages = pagesFor(me);
  const ofService = pages.filter((name) => PAGES[name].isOfService);
  const onChoose = () => setIsOpen(false);
  return (
    <div class="layout">
      <button
        type="button"
        class="skip"
        onClick={() => document.querySelector<HTMLElement>("main h1")?.focus()}
      >
        Skip the navigation
      </button>
      <header class={isOpen ? "side is-open" : "side"}>
        <div class="brand">
          <span>Edgepass</span>
          <button
            type="button"
            class="menu"
            aria-expanded={isOpen}
            aria-controls="menu"
            onClick={() => setIsOpen(!isOpen)}
          >
            Menu
          </button>
        </div>
        <div id="menu" class="menu-content">
          <nav aria-label="Pages">
            <PageList pages={pages.filter((name) => !PAGES[name].isOfService)} {...{ section, onChoose }} />
            {ofService.length > 0 && (
              <>
                <p class="nav-heading" id="pages-of-service">
                  Service
                </p>
                <PageList pages={ofService} labelledBy="pages-of-service" {...{ section, onChoose }} />
              </>
            )}
          </nav>
          <div class="who">
            <p>
              <strong>{me.name ?? "ADMIN_TOKEN"}</strong>
              <span class="hint">
                {keyFacts(me, Date.now())
                  .map((fact) => `${fact}.`)
                  .join(" ")}
              </span>
            </p>
            <button type="button" onClick={onSignOut}>
              Sign out
            </button>
            <a class="quiet-link" href="/admin/docs">
              API reference
            </a>
          </div>
        </div>
      </header>
      <main>{children}</main>
      <p class="message" role="status">
        {message !== "" && <span>{message}</span>}
      </p>
    </div>
  );
}

interface PageListProps {
  readonly pages: readonly PageName[];
  /** The page that is shown, or the one that it belongs to. */
  readonly section: PageName | undefined;
  readonly onChoose: () => void;
  readonly labelledBy?: string;
}

function PageList({ pages, section, onChoose, labelledBy }: PageListProps) {
  return (
    <ul aria-labelledby={labelledBy}>
      {pages.map((name) => (
        <li key={name}>
          <a href={hrefOf(name)} aria-current={name === section ? "page" : undefined} onClick={onChoose}>
            {PAGES[name].title}
          </a>
        </li>
      ))}
    </ul>
  );
}
