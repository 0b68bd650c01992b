/**
 * The page at `/`: says what the server does, and does not reveal the organization that runs it.
 */
import { NoticePage } from "./notice.tsx";
import { noticesIn } from "./notice-words.ts";

/** The whole document. @param languages of the reader in BCP 47, the best first */
export function Home({ languages }: { languages: readonly string[] }) {
  const { language, notices } = noticesIn(languages);
  const [title, text] = notices.home;
  return <NoticePage title={title} text={text} language={language} isRefusal={false} />;
}
