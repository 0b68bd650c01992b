/** A train ticket: a boarding pass without a flight, whose tags say what Google Wallet's type transit shows. */
import { drawn, type Sample } from "./sample.ts";

export const trainTicket: Sample = {
  name: "Train ticket",
  pass: {
    description: "Train ticket from Copenhagen to Malmö",
    organizationName: "Sundbane",
    logoText: "Sundbane",
    backgroundColor: "rgb(92, 28, 52)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(242, 190, 206)",
    relevantDates: [{ startDate: "2027-05-22T10:35+02:00", endDate: "2027-05-22T11:45+02:00" }],
    boardingPass: {
      transitType: "PKTransitTypeTrain",
      headerFields: [
        {
          key: "platform",
          label: "PLATFORM",
          value: "26",
          changeMessage: "Your train leaves from platform %@",
        },
      ],
      primaryFields: [
        { key: "from", label: "11:05", value: "København H" },
        { key: "to", label: "11:45", value: "Malmö C" },
      ],
      secondaryFields: [
        { key: "passenger", label: "PASSENGER", value: "Freja Andersen" },
        { key: "train", label: "TRAIN", value: "1071", textAlignment: "PKTextAlignmentRight" },
      ],
      auxiliaryFields: [
        { key: "coach", label: "COACH", value: "3" },
        { key: "seat", label: "SEAT", value: "18", textAlignment: "PKTextAlignmentRight" },
      ],
      backFields: [
        { key: "terms", label: "Terms", value: "Valid on this train only, with a proof of identity." },
      ],
    },
    semantics: {
      departureStationName: "København H",
      destinationStationName: "Malmö C",
      departurePlatform: "26",
      originalDepartureDate: "2027-05-22T11:05+02:00",
      originalArrivalDate: "2027-05-22T11:45+02:00",
      transitProvider: "Sundbane",
      vehicleNumber: "1071",
      carNumber: "3",
      seats: [{ seatNumber: "18" }],
      passengerName: { givenName: "Freja", familyName: "Andersen" },
      confirmationNumber: "S7K2QX",
    },
    barcodes: [
      {
        format: "PKBarcodeFormatAztec",
        message: "SB1071 S7K2QX 0318",
        messageEncoding: "iso-8859-1",
        altText: "S7K2QX",
      },
    ],
  },
  images: [...drawn("icon", 29, 29), ...drawn("logo", 50, 50), ...drawn("footer", 286, 15)],
  strings: {},
};
