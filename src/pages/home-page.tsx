/**
 * The page at `/`: says what the server does, and does not reveal the organization that runs it.
 */
import { NoticePage } from "./notice-page.tsx";
import type { noticesIn } from "./notice-words.ts";

/** The whole document. @param language of the reader */
export function HomePage({ language: { words, marks } }: { language: ReturnType<typeof noticesIn> }) {
  const [title, text] = words.home;
  return <NoticePage title={title} text={text} marks={marks} isRefusal={false} />;
}
