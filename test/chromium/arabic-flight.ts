/** The boarding pass of the samples with Arabic texts, which Wallet mirrors as a whole. */
import { flight } from "../pkpass/samples/flight.ts";
import type { Sample } from "../pkpass/samples/sample.ts";

export const arabicFlight: Sample = {
  ...flight,
  name: "Arabic boarding pass",
  strings: {
    ...flight.strings,
    ar: {
      GATE: "البوابة",
      SEAT: "المقعد",
      PASSENGER: "المسافر",
      BOARDING: "الصعود",
      GROUP: "المجموعة",
      Copenhagen: "كوبنهاغن",
      Lisbon: "لشبونة",
      "Your gate is now %@": "بوابتك الآن %@",
      "Your seat is now %@": "مقعدك الآن %@",
      "Boarding is now at %@": "الصعود الآن في %@",
    },
  },
};
