/**
 * Finds the lines of a phone's log that show a fault of the Worker: all except those that an injected fault or the
 * phone itself explains. In calm weather almost no line is explained. The lines are iOS's own (apple/complaints.ts).
 */
import type { Scene } from "./invariants.ts";
import type { Phone } from "./phones.ts";

/** The complaints without an explanation. */
export function complaintsOf(phone: Phone, { faults, books, observer }: Scene): string[] {
  const deleted = books.passes.filter((pass) => pass.deleted).map((pass) => pass.serialNumber);
  const calm = faults.weather === "calm";
  return phone.iphone.complaints
    .filter((line) => {
      if (phone.ownDoing.has(line)) return false;
      // The response for a deleted pass is 404, or 400 for VoltMX's clients.
      if (/Unexpected response code (404|400)$/.test(line))
        return !deleted.some((serial) => line.includes(` ${serial},`) || line.includes(` ${serial};`));
      const [, unchanged] = /full unchanged pass data for serial number '([^']+)'/.exec(line) ?? [];
      const [, listed = unchanged] = /requested update to serial number '([^']+)'/.exec(line) ?? [];
      // A pass that was redeemed and unredeemed has its old content, but still a newer version.
      if (books.passes.some((pass) => pass.serialNumber === listed && observer.cameBack(pass.name)))
        return false;
      if (unchanged !== undefined) return true;
      // The phone got the change during a pause, by registering, by a push for another pass or because its owner pulled to
      // refresh, and then its push.
      if (books.wasPaused && /spurious push|requested update to serial number/.test(line)) return false;
      if (calm) return true;
      if (/Unexpected response code 5\d\d$/.test(line)) return false;
      // A push or a list that arrived late, or twice.
      return !/spurious push|requested update to serial number|Update requested for unregistered/.test(line);
    })
    .map((line) => `${phone.name}: ${line}`);
}
