/**
 * Which lines of a phone's log are against the Worker: all but those that a fault explains, or the phone's own doing.
 * In calm weather next to nothing is explained.
 *
 * The lines are iOS's own (apple/complaints.ts).
 */
import type { Scene } from "./invariants.ts";
import type { Phone } from "./phones.ts";

/** The complaints that nothing explains. */
export function complaintsOf(phone: Phone, { faults, books, observer }: Scene): string[] {
  const deleted = books.passes.filter((pass) => pass.deleted).map((pass) => pass.serialNumber);
  const calm = faults.weather === "calm";
  return phone.iphone.complaints
    .filter((line) => {
      if (phone.ownDoing.has(line)) return false;
      // A pass that was deleted is answered 404, or 400 at the door of VoltMX's clients.
      if (/Unexpected response code (404|400)$/.test(line))
        return !deleted.some((serial) => line.includes(` ${serial},`) || line.includes(` ${serial};`));
      const [, unchanged] = /full unchanged pass data for serial number '([^']+)'/.exec(line) ?? [];
      const [, listed = unchanged] = /requested update to serial number '([^']+)'/.exec(line) ?? [];
      // Redeemed and taken back, it is what it was, and still a newer version.
      if (books.passes.some((pass) => pass.serialNumber === listed && observer.cameBack(pass.name)))
        return false;
      if (unchanged !== undefined) return true;
      if (calm) return true;
      if (/Unexpected response code 5\d\d$/.test(line)) return false;
      // A push or a list that came late, or twice.
      return !/spurious push|requested update to serial number|Update requested for unregistered/.test(line);
    })
    .map((line) => `${phone.name}: ${line}`);
}
