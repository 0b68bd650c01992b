/**
 * Projects and their events.
 */
import { PageHeading } from "./parts.tsx";

export function EventsView() {
  return <PageHeading title="Events" />;
}
