/**
 * A page that shows no pass: a picture, a title, a text, and a link to `/`.
 */
import { CardStack } from "./card-stack.tsx";
import type { Marks } from "./own-words.ts";
import { Page } from "./page.tsx";

const STYLE = `
:root { --page: #f2f2f7; --soft: #55555c; }
body { background: var(--page); }
main { padding: 3rem 0 5rem; }
.stack { display: block; margin: 0 auto 2rem; max-width: 100%; height: auto; }
.gap { stroke: #8e8e96; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
p { margin: .75rem 0 0; color: var(--soft); text-wrap: balance; overflow-wrap: anywhere; }
.about { display: inline-grid; min-height: 44px; place-items: center; margin-top: .5rem; padding: 0 1rem; font-size: .95rem; font-weight: 500;
  text-decoration: none; }
a:focus-visible { outline: 3px solid #0068d6; outline-offset: 2px; border-radius: .5rem; }
@media (prefers-color-scheme: dark) { :root { --page: #000; --soft: #aeaeb6; } }`;

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  /** The language of title and text. */
  readonly marks: Marks;
  /** The words of the link to `/`; undefined: no link. */
  readonly about?: string | undefined;
  /** Whether the page is shown instead of the one that was requested. */
  readonly isRefusal: boolean;
}

/** The whole document. */
export function NoticePage({ title, text, marks, about, isRefusal }: NoticeProps) {
  return (
    <Page title={title} style={STYLE} {...marks}>
      <main>
        <CardStack isMissing={isRefusal} />
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
