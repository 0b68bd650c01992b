/**
 * A form that issues a pass.
 */
import { PageHeading } from "./parts.tsx";

export function NewPassView() {
  return <PageHeading title="New pass" />;
}
