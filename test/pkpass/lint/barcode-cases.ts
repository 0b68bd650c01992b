/** Cases for barcodes. */
import { coffeeCard, coupon } from "../samples/cards.ts";
import { concert, match } from "../samples/events.ts";
import { libraryCard } from "../samples/memberships.ts";
import { type Case, error, to, warning } from "./case.ts";

export const barcodeCases: readonly Case[] = [
  warning("barcode_needs_fallback", "/pass/barcodes/0", coupon, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatEAN13", message: "4006381333931", messageEncoding: "iso-8859-1" },
    ],
  }),
  warning("barcode_not_on_watch", "/pass/barcodes/0", coffeeCard, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatCode128", message: "CR-1", messageEncoding: "iso-8859-1" }],
  }),
  warning(
    "barcode_on_poster",
    "/pass/barcodes",
    match,
    to([{ format: "PKBarcodeFormatQR", message: "HAR-1", messageEncoding: "iso-8859-1" }]),
  ),
  warning("barcode_empty", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "", messageEncoding: "iso-8859-1" }],
  }),
  error("message_encoding_mismatch", "/pass/barcodes/0/messageEncoding", concert, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "Škoda", messageEncoding: "iso-8859-1" }],
  }),
  error("message_encoding_mismatch", "/pass/barcodes/0/messageEncoding", concert, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "café", messageEncoding: "us-ascii" }],
  }),
  warning(
    "message_encoding_mismatch",
    "/pass/barcodes/0/messageEncoding",
    concert,
    { "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "Škoda", messageEncoding: "iso-8859-1" }] },
    { kind: "template" },
  ),
  error("message_encoding_mismatch", "/pass/barcodes/0/messageEncoding", concert, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "Škoda", messageEncoding: "windows-1251" }],
  }),
  // Beside `barcodes`, a `barcode` of its own is shown too.
  error("message_encoding_mismatch", "/pass/barcode/messageEncoding", concert, {
    "/pass/barcode": { format: "PKBarcodeFormatQR", message: "10 €", messageEncoding: "iso-8859-1" },
  }),
  warning("message_encoding_unknown", "/pass/barcodes/0/messageEncoding", concert, {
    "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message: "HAR-1", messageEncoding: "utf8mb4" }],
  }),
  warning(
    "message_encoding_unknown",
    "/pass/barcodes/0/messageEncoding",
    concert,
    { "/pass/barcodes": [{ format: "PKBarcodeFormatQR", messageEncoding: "" }] },
    { kind: "template" },
  ),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coupon, {
    "/pass/barcodes/0/format": "PKBarcodeFormatEAN13",
    "/pass/barcodes/0/message": "4006381333932",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coupon, {
    "/pass/barcodes/0/format": "PKBarcodeFormatEAN13",
    "/pass/barcodes/0/message": "400638133393",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coupon, {
    "/pass/barcodes/0/format": "PKBarcodeFormatI2of5",
    "/pass/barcodes/0/message": "123",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coupon, {
    "/pass/barcodes/0/format": "PKBarcodeFormatCodabar",
    "/pass/barcodes/0/message": "A123E",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coupon, {
    "/pass/barcodes/0/format": "PKBarcodeFormatCode39",
    "/pass/barcodes/0/message": "lower",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", coffeeCard, {
    "/pass/barcodes/0/format": "PKBarcodeFormatCode128",
    "/pass/barcodes/0/message": "café",
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatQR", message: "x".repeat(2954), messageEncoding: "iso-8859-1" },
    ],
  }),
  warning("barcode_message_invalid", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatPDF417", message: "é".repeat(1109), messageEncoding: "iso-8859-1" },
    ],
  }),
  warning("barcode_too_dense", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatQR", message: "x".repeat(1001), messageEncoding: "iso-8859-1" },
    ],
  }),
  warning("barcode_too_dense", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      {
        format: "PKBarcodeFormatQR",
        message: "x".repeat(990) + "Š".repeat(6),
        messageEncoding: "utf-8",
      },
    ],
  }),
  // One byte per character: in UTF-8 it would exceed the capacity.
  warning("barcode_too_dense", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatPDF417", message: "é".repeat(1108), messageEncoding: "iso-8859-1" },
    ],
  }),
  // Two bytes per character.
  warning("barcode_too_dense", "/pass/barcodes/0/message", concert, {
    "/pass/barcodes": [
      { format: "PKBarcodeFormatQR", message: "日".repeat(600), messageEncoding: "shift_jis" },
    ],
  }),
  warning("barcode_too_dense", "/pass/barcodes/0/message", coffeeCard, {
    "/pass/barcodes/0/format": "PKBarcodeFormatCode128",
    "/pass/barcodes/0/message": "A".repeat(49),
  }),
  // The key for iOS 8 and earlier is checked if barcodes is empty.
  warning(
    "barcode_message_invalid",
    "/pass/barcode/message",
    libraryCard,
    {
      "/pass/barcodes": undefined,
      "/pass/barcode": {
        format: "PKBarcodeFormatQR",
        message: "x".repeat(3000),
        messageEncoding: "iso-8859-1",
      },
    },
    { beside: ["deprecated_key"] },
  ),
];
