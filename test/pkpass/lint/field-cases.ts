/** Cases for fields. */
import { coffeeCard, coupon } from "../samples/cards.ts";
import { concert } from "../samples/events.ts";
import { flight } from "../samples/flight.ts";
import { libraryCard, museum } from "../samples/memberships.ts";
import { type Case, error, to, warning } from "./case.ts";

export const fieldCases: readonly Case[] = [
  warning(
    "too_many_fields",
    "/pass/boardingPass/primaryFields/2",
    flight,
    to({ key: "more", label: "MORE", value: "more" }),
  ),
  warning(
    "too_many_fields",
    "/pass/posterGeneric/headerFields/1",
    museum,
    to({ key: "more", label: "MORE", value: "more" }),
  ),
  warning("too_many_fields", "/pass/storeCard/auxiliaryFields/2", coffeeCard, {
    "/pass/storeCard/auxiliaryFields/1": { key: "more", label: "MORE", value: "more" },
    "/pass/storeCard/auxiliaryFields/2": { key: "most", label: "MORE", value: "more" },
  }),
  warning("too_many_fields", "/pass/eventTicket/auxiliaryFields/5", concert, {
    "/pass/eventTicket/auxiliaryFields/3/row": 0,
    "/pass/eventTicket/auxiliaryFields/5": { key: "more", label: "MORE", value: "more", row: 0 },
  }),
  warning(
    "section_not_shown",
    "/pass/coupon/footerFields",
    coupon,
    to([{ key: "more", label: "MORE", value: "more" }]),
  ),
  warning(
    "section_not_shown",
    "/pass/generic/additionalInfoFields",
    libraryCard,
    to([{ key: "more", label: "MORE", value: "more" }]),
  ),
  warning("pass_empty", "/pass/generic", libraryCard, {
    "/pass/generic": {},
    "/pass/logoText": undefined,
    "/pass/barcodes": undefined,
    "/images": { "icon.png": [29, 29], "icon@2x.png": [58, 58], "icon@3x.png": [87, 87] },
  }),
  warning("row_ignored", "/pass/generic/auxiliaryFields/0/row", libraryCard, to(1)),
  error("value_not_a_date", "/pass/generic/auxiliaryFields/0/dateStyle", libraryCard, {
    "/pass/generic/auxiliaryFields/0/value": "tomorrow",
  }),
  error("value_not_a_date", "/pass/generic/auxiliaryFields/0/dateStyle", libraryCard, {
    "/pass/generic/auxiliaryFields/0/value": "",
  }),
  warning(
    "value_not_a_date",
    "/pass/generic/auxiliaryFields/0/dateStyle",
    libraryCard,
    { "/pass/generic/auxiliaryFields/0/value": "2027-02-30T20:00Z" },
    { kind: "template" },
  ),
  error("value_not_a_number", "/pass/generic/headerFields/0/numberStyle", libraryCard, {
    "/pass/generic/headerFields/0/numberStyle": "PKNumberStyleDecimal",
    "/pass/generic/headerFields/0/value": "3",
  }),
  warning(
    "value_not_a_number",
    "/pass/generic/headerFields/0/currencyCode",
    libraryCard,
    { "/pass/generic/headerFields/0/currencyCode": "SEK", "/pass/generic/headerFields/0/value": "3" },
    { kind: "template" },
  ),
  warning(
    "currency_with_number_style",
    "/pass/storeCard/headerFields/0/numberStyle",
    coffeeCard,
    to("PKNumberStyleDecimal"),
  ),
  warning("date_option_without_style", "/pass/generic/headerFields/0/isRelative", libraryCard, to(true)),
  warning(
    "alignment_ignored",
    "/pass/generic/primaryFields/0/textAlignment",
    libraryCard,
    to("PKTextAlignmentCenter"),
  ),
  warning("data_detectors_ignored", "/pass/generic/headerFields/0/dataDetectorTypes", libraryCard, to([])),
  warning(
    "unsupported_markup",
    "/pass/boardingPass/backFields/1/attributedValue",
    flight,
    to("<b>Change</b> or cancel"),
  ),
  warning(
    "unsupported_markup",
    "/pass/boardingPass/backFields/1/attributedValue",
    flight,
    to("<a>Change</a>"),
  ),
  warning(
    "unsupported_markup",
    "/pass/boardingPass/backFields/1/attributedValue",
    flight,
    to('<a class="x" href=" Java\nScript:alert(1)">Change</a>'),
  ),
  warning(
    "change_message_without_placeholder",
    "/pass/generic/headerFields/0/changeMessage",
    libraryCard,
    to("Something changed"),
  ),
  warning("change_message_empty", "/pass/generic/headerFields/0/changeMessage", libraryCard, to(""), {
    kind: "template",
  }),
  warning("field_empty", "/pass/generic/auxiliaryFields/1", libraryCard, to({ key: "branch", value: "" })),
];
