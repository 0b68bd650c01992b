/**
 * The template of the demo: the store card of a coffee bar, with stamps and a balance, in three languages. It shows the
 * features of a template: a rule for scans, a number field, a currency, texts for the lock screen, a link on the back, a barcode with the
 * serial number, translations.
 */

import type { ScanRule } from "../../../src/db/scan-tables.ts";
import type { TemplatePass } from "../../../src/pkpass/schema/schema.ts";
import { demoImages } from "../../apple/png.ts";

const NEWS = "No news today. The coffee is as good as yesterday.";
const TERMS = "Ten stamps are one drink of your choice. The balance is paid out on request.";

/** The body for POST /admin/v1/templates, without the pass type. */
export function demoTemplate() {
  const images = Object.entries(demoImages()).map(([path, png]) => [
    path,
    Buffer.from(png).toString("base64"),
  ]);
  return {
    name: "Edgepass Roasters",
    pass: demoPass,
    images: Object.fromEntries(images),
    strings,
    scan: demoScan,
  };
}

/** A scan adds a stamp. Without a rule, the first scan would redeem the card. */
const demoScan: ScanRule = {
  action: "add",
  field: "stamps",
  by: 1,
  max: 10,
  reward: { resetTo: 0, label: "A drink of your choice" },
};

export const demoPass: TemplatePass = {
  description: "Stamp card of Edgepass Roasters",
  organizationName: "Edgepass Roasters",
  logoText: "Edgepass Roasters",
  backgroundColor: "rgb(43, 26, 18)",
  foregroundColor: "rgb(255, 244, 224)",
  labelColor: "rgb(222, 178, 129)",
  storeCard: {
    headerFields: [
      {
        key: "balance",
        label: "BALANCE",
        value: 0,
        currencyCode: "EUR",
        changeMessage: "Your balance is now %@",
      },
    ],
    primaryFields: [
      {
        key: "stamps",
        label: "STAMPS",
        value: 0,
        numberStyle: "PKNumberStyleDecimal",
        changeMessage: "You now have %@ stamps",
      },
    ],
    secondaryFields: [
      { key: "name", label: "NAME", value: "" },
      {
        key: "level",
        label: "LEVEL",
        value: "Regular",
        textAlignment: "PKTextAlignmentRight",
        changeMessage: "Welcome to level %@",
      },
    ],
    backFields: [
      { key: "news", label: "NEWS", value: NEWS, changeMessage: "%@" },
      {
        key: "link",
        label: "MENU",
        value: "https://example.com/menu",
        attributedValue: '<a href="https://example.com/menu">What we brew today</a>',
      },
      { key: "terms", label: "TERMS", value: TERMS },
    ],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};

const strings = {
  fr: {
    BALANCE: "SOLDE",
    STAMPS: "TAMPONS",
    NAME: "NOM",
    LEVEL: "NIVEAU",
    Regular: "Habitué",
    NEWS: "ACTUALITÉS",
    MENU: "CARTE",
    TERMS: "CONDITIONS",
    "Stamp card of Edgepass Roasters": "Carte de fidélité d’Edgepass Roasters",
    "Your balance is now %@": "Votre solde est maintenant de %@",
    "You now have %@ stamps": "Vous avez maintenant %@ tampons",
    "Welcome to level %@": "Bienvenue au niveau %@",
    [NEWS]: "Rien de neuf aujourd’hui. Le café est aussi bon qu’hier.",
    [TERMS]: "Dix tampons valent une boisson de votre choix. Le solde est remboursé sur demande.",
  },
  de: {
    BALANCE: "GUTHABEN",
    STAMPS: "STEMPEL",
    NAME: "NAME",
    LEVEL: "STUFE",
    Regular: "Stammgast",
    NEWS: "NEUES",
    MENU: "KARTE",
    TERMS: "BEDINGUNGEN",
    "Stamp card of Edgepass Roasters": "Stempelkarte der Edgepass Roasters",
    "Your balance is now %@": "Ihr Guthaben beträgt jetzt %@",
    "You now have %@ stamps": "Sie haben jetzt %@ Stempel",
    "Welcome to level %@": "Willkommen auf der Stufe %@",
    [NEWS]: "Heute nichts Neues. Der Kaffee ist so gut wie gestern.",
    [TERMS]: "Zehn Stempel sind ein Getränk nach Wahl. Das Guthaben wird auf Wunsch ausgezahlt.",
  },
};
