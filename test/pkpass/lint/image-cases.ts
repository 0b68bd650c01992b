/** Cases for images, translations and colours. */
import { coffeeCard, coupon } from "../samples/cards.ts";
import { concert, match } from "../samples/events.ts";
import { flight } from "../samples/flight.ts";
import { libraryCard } from "../samples/memberships.ts";
import { type Case, error, to, warning } from "./case.ts";

export const imageCases: readonly Case[] = [
  error("missing_icon", "/images", coupon, { "/images/icon.png": undefined }),
  warning("missing_icon", "/images", coupon, { "/images/icon.png": undefined }, { kind: "template" }),
  warning(
    "missing_icon",
    "/images",
    coupon,
    { "/images/icon.png": undefined, "/images/icon@2x.png": undefined },
    { kind: "template" },
  ),
  error("missing_icon", "/images", coupon, to({}), { kind: "template" }),
  warning("image_unknown", "/images/Logo.png", coupon, to([90, 40])),
  error("image_unknown", "/images/Logo.png", coupon, to([90, 40]), { kind: "template" }),
  warning("image_unknown", "/images/images~1logo.png", coupon, to([90, 40])),
  warning("image_unknown", "/images/fr.lproj~1images~1logo.png", coupon, to([90, 40])),
  warning("image_density_missing", "/images/logo.png", coupon, {
    "/images/logo@2x.png": undefined,
    "/images/logo@3x.png": undefined,
  }),
  warning("image_density_missing", "/images/logo@3x.png", coupon, {
    "/images/logo.png": undefined,
    "/images/logo@2x.png": undefined,
  }),
  warning(
    "image_density_missing",
    "/images/logo.png",
    coupon,
    { "/images/logo@3x.png": undefined },
    { kind: "template" },
  ),
  warning("image_too_large", "/images/icon@3x.png", coupon, {
    "/images/icon.png": [48, 48],
    "/images/icon@2x.png": [96, 96],
    "/images/icon@3x.png": [144, 144],
  }),
  warning("image_too_small", "/images/strip@3x.png", coupon, {
    "/images/strip.png": [300, 144],
    "/images/strip@2x.png": [600, 288],
    "/images/strip@3x.png": [900, 432],
  }),
  warning("image_too_small", "/images/background@3x.png", concert, {
    "/images/background.png": [90, 110],
    "/images/background@2x.png": [180, 220],
    "/images/background@3x.png": [270, 330],
  }),
  warning(
    "image_too_large",
    "/images/strip@3x.png",
    concert,
    { "/images/strip@2x.png": [750, 300], "/images/strip@3x.png": [1125, 450] },
    { beside: ["strip_with_background"] },
  ),
  warning("image_too_small", "/images/thumbnail@3x.png", libraryCard, {
    "/images/thumbnail.png": [40, 40],
    "/images/thumbnail@2x.png": [80, 80],
    "/images/thumbnail@3x.png": [120, 120],
  }),
  warning("image_aspect_ratio", "/images/thumbnail@3x.png", libraryCard, {
    "/images/thumbnail.png": [90, 50],
    "/images/thumbnail@2x.png": [180, 100],
    "/images/thumbnail@3x.png": [270, 150],
  }),
  warning("image_too_small", "/images/background@3x.png", match, {
    "/images/artwork.png": undefined,
    "/images/artwork@2x.png": undefined,
    "/images/artwork@3x.png": undefined,
    "/images/background@2x.png": [360, 440],
    "/images/background@3x.png": [540, 660],
  }),
  warning("image_densities_differ", "/images/logo@2x.png", coupon, to([90, 40])),
  warning("image_densities_differ", "/images/logo@2x.png", coupon, to([180, 90])),
  warning("image_not_shown", "/images/footer@2x.png", coupon, {
    "/images/footer@2x.png": [572, 30],
    "/images/footer@3x.png": [858, 45],
  }),
  warning("image_not_shown", "/images/personalizationLogo@2x.png", coupon, {
    "/images/personalizationLogo@2x.png": [300, 80],
    "/images/personalizationLogo@3x.png": [450, 120],
  }),
  warning("strip_with_background", "/images/strip@2x.png", concert, {
    "/images/strip@2x.png": [750, 196],
    "/images/strip@3x.png": [1125, 294],
  }),
  warning("images_total_too_large", "/images", coupon, { "/images/logo@3x.png": [270, 120, 10485760] }),
  warning("root_image_hides_localized", "/images/strip@3x.png", coffeeCard, {
    "/images/strip@2x.png": [750, 288],
    "/images/strip@3x.png": [1125, 432],
  }),
  warning("localized_image_missing", "/images/fr.lproj~1strip@2x.png", coffeeCard, {
    "/images/fr.lproj~1strip.png": undefined,
    "/images/fr.lproj~1strip@2x.png": undefined,
    "/images/fr.lproj~1strip@3x.png": undefined,
  }),
];

export const stringCases: readonly Case[] = [
  warning(
    "string_unused",
    "/strings/en/STAMSP",
    coffeeCard,
    {
      "/strings": {
        en: { BALANCE: "BALANCE", STAMSP: "x" },
        fr: { BALANCE: "SOLDE", STAMSP: "TAMPONS" },
        "pt-BR": { BALANCE: "SALDO", STAMPS: "SELOS" },
      },
    },
    { beside: ["string_missing"] },
  ),
  warning("string_missing", "/strings/da", flight, { "/strings/da/GATE": undefined }),
  warning("translation_without_placeholder", "/strings/da/Your gate is now %@", flight, to("Ny gate")),
  warning("language_unknown", "/strings/en_US", flight, { "/strings": { en_US: { GATE: "GATE" } } }),
  error("language_unknown", "/images/en_GB.lproj~1logo.png", coupon, to([90, 40]), {
    kind: "template",
    beside: ["image_density_missing", "root_image_hides_localized"],
  }),
  warning("language_unknown", "/images/English.lproj~1strip@2x.png", coupon, {
    "/images": {
      "icon.png": [29, 29],
      "icon@2x.png": [58, 58],
      "icon@3x.png": [87, 87],
      "English.lproj/strip@2x.png": [750, 288],
      "English.lproj/strip@3x.png": [1125, 432],
    },
  }),
  warning("default_language_missing", "/strings", coupon, to({ de: { offer_label: "Angebot" } })),
];

export const colourCases: readonly Case[] = [
  warning("low_contrast", "/pass/labelColor", match, to("rgb(0, 66, 120)")),
  warning("low_contrast", "/pass/labelColor", coupon, to("#d65a31")),
  warning("low_contrast", "/pass/foregroundColor", libraryCard, to("rgb(255, 255, 255)")),
  warning("low_contrast", "/pass/labelColor", match, to("rgba(255, 255, 255, 0.05)"), {
    beside: ["colour_with_alpha"],
  }),
  warning("colour_with_alpha", "/pass/labelColor", match, to("rgba(255, 255, 255, 0.75)")),
  warning("colour_with_alpha", "/pass/backgroundColor", coupon, to("rgba(214, 90, 49, 1.00)")),
];
