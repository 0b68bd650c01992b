/**
 * One event.
 */
import { PageHeading } from "./parts.tsx";

export function EventView() {
  return <PageHeading title="Event" />;
}
