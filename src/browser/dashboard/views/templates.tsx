/**
 * The templates, with previews.
 */
import { PageHeading } from "./parts.tsx";

export function TemplatesView() {
  return <PageHeading title="Templates" />;
}
