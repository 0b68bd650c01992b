/**
 * The guided path of a new deployment.
 */
import { PageHeading } from "./parts.tsx";

export function SetUpView() {
  return <PageHeading title="Set up" />;
}
