/** A library card as every iPhone shows it, and a museum's membership as the posterGeneric of iOS 27 with its fallback. */
import { drawn, type Sample } from "./sample.ts";

export const libraryCard: Sample = {
  name: "Library card",
  pass: {
    description: "Reader's card of the City Library",
    organizationName: "City Library",
    logoText: "City Library",
    backgroundColor: "rgb(245, 240, 230)",
    foregroundColor: "rgb(40, 40, 40)",
    labelColor: "rgb(120, 80, 40)",
    locations: [
      { latitude: 59.343, longitude: 18.055, altitude: 28, relevantText: "Your reserved books are here" },
    ],
    generic: {
      headerFields: [{ key: "loans", label: "LOANS", value: 3, changeMessage: "You have borrowed %@ books" }],
      primaryFields: [{ key: "reader", label: "READER", value: "Ingrid Lund" }],
      secondaryFields: [{ key: "number", label: "CARD", value: "0042 1987" }],
      auxiliaryFields: [
        {
          key: "due",
          label: "NEXT RETURN",
          value: "2027-02-14T20:00+01:00",
          dateStyle: "PKDateStyleShort",
          timeStyle: "PKDateStyleShort",
          isRelative: true,
          changeMessage: "Your next return is due %@",
        },
        { key: "branch", label: "BRANCH", value: "Odenplan" },
      ],
      backFields: [
        { key: "address", label: "Address", value: "Sveavägen 73, Stockholm" },
        { key: "hours", label: "Hours", value: "Monday to Saturday, 10 to 20" },
      ],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatCode39",
        message: "B-00421987",
        messageEncoding: "iso-8859-1",
        altText: "B-00421987",
      },
      { format: "PKBarcodeFormatQR", message: "B-00421987", messageEncoding: "iso-8859-1" },
    ],
  },
  images: [...drawn("icon", 29, 29), ...drawn("logo", 150, 40), ...drawn("thumbnail", 90, 90)],
  strings: {},
};

export const museum: Sample = {
  name: "Museum membership as a poster",
  pass: {
    description: "Membership of the Natural History Museum",
    organizationName: "Natural History Museum",
    logoText: "Natural History",
    backgroundColor: "rgb(20, 60, 45)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(180, 220, 200)",
    expirationDate: "2028-01-31T23:59Z",
    posterGeneric: {
      headerFields: [{ key: "level", label: "LEVEL", value: "Patron" }],
      primaryFields: [
        { key: "title", value: "Natural History Museum" },
        { key: "member", label: "MEMBER", value: "Sam Okafor" },
        {
          key: "until",
          label: "VALID UNTIL",
          value: "2028-01-31T23:59Z",
          dateStyle: "PKDateStyleMedium",
          ignoresTimeZone: true,
        },
      ],
      footerFields: [{ key: "guests", label: "GUESTS", value: 2 }],
      backFields: [{ key: "hours", label: "Hours", value: "Every day, 10 to 18" }],
    },
    generic: {
      headerFields: [{ key: "level", label: "LEVEL", value: "Patron" }],
      primaryFields: [{ key: "member", label: "MEMBER", value: "Sam Okafor" }],
      secondaryFields: [
        {
          key: "until",
          label: "VALID UNTIL",
          value: "2028-01-31T23:59Z",
          dateStyle: "PKDateStyleMedium",
          ignoresTimeZone: true,
        },
        { key: "guests", label: "GUESTS", value: 2 },
      ],
      backFields: [{ key: "hours", label: "Hours", value: "Every day, 10 to 18" }],
    },
    featuredActions: [
      { identifier: "tours", type: "bookAppointment", url: "https://museum.example.com/tours" },
      { identifier: "desk", type: "call", url: "tel:+442079460000" },
    ],
    barcodes: [{ format: "PKBarcodeFormatQR", message: "NHM-P-20551", messageEncoding: "iso-8859-1" }],
  },
  images: [
    ...drawn("icon", 29, 29),
    ...drawn("logo", 50, 50),
    ...drawn("thumbnail", 90, 90),
    ...drawn("artwork", 358, 448),
    ...drawn("primaryLogo", 126, 30),
  ],
  strings: {},
};
