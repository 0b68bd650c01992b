/**
 * The page on which a template is made or changed.
 */
import { PageHeading } from "../views/parts.tsx";

export function NewTemplateView() {
  return <PageHeading title="New template" />;
}

export function TemplateView() {
  return <PageHeading title="Template" />;
}
