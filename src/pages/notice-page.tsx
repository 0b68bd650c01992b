/**
 * A page that shows no pass: a title, a text, and a link to `/`.
 */
import { FAVICON_PATH } from "./favicon.ts";
import type { Marks } from "./own-words.ts";
import { Page } from "./page.tsx";

const STYLE = `
body { background: #f2f2f7; }
main { padding: 3rem 0; }
img { display: block; margin: 0 auto 1.25rem; }
h1 { line-height: 1.2; }
p { margin: .9rem 0 0; text-wrap: pretty; overflow-wrap: anywhere; }
.about { display: inline-grid; min-height: 44px; place-items: center; padding: 0 1rem; font-size: .9rem; text-decoration: none; }
a:focus-visible { outline: 3px solid #0068d6; outline-offset: 2px; }
@media (prefers-color-scheme: dark) { body { background: #000; } }`;

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  /** Of both. */
  readonly marks: Marks;
  /** The words of the link to `/`; undefined: no link. */
  readonly about?: string | undefined;
}

/** The whole document. */
export function NoticePage({ title, text, marks, about }: NoticeProps) {
  return (
    <Page title={title} style={STYLE} {...marks}>
      <main>
        <img src={FAVICON_PATH} width="56" height="56" alt="" />
        <h1>{title}</h1>
        <p>{text}</p>
        {about !== undefined && (
          <p>
            <a class="about" href="/">
              {about}
            </a>
          </p>
        )}
      </main>
    </Page>
  );
}
