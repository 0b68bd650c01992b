/**
 * The words that Wallet itself writes on a pass, next to values of semantic tags. A language that is not here gets the
 * English ones. Follows Apple's "SemanticTags".
 */
import { chooseWords, type Translations } from "../own-words.ts";

const ENGLISH = {
  section: "Section",
  row: "Row",
  seat: "Seat",
  gate: "Gate",
  entrance: "Entrance",
  terminal: "Terminal",
  boarding: "Boarding",
  passenger: "Passenger",
  group: "Group",
  zone: "Zone",
  cabin: "Class",
  confirmation: "Confirmation",
  admission: "Admission",
  undecided: "Date to come",
};
export type Words = typeof ENGLISH;

const TRANSLATED: Translations<Words> = {
  ar: {
    section: "القسم",
    row: "الصف",
    seat: "المقعد",
    gate: "البوابة",
    entrance: "المدخل",
    terminal: "المبنى",
    boarding: "الصعود",
    passenger: "المسافر",
    group: "المجموعة",
    zone: "المنطقة",
    cabin: "الدرجة",
    confirmation: "التأكيد",
    admission: "الدخول",
    undecided: "يحدد لاحقًا",
  },
  de: {
    section: "Block",
    row: "Reihe",
    seat: "Platz",
    gate: "Gate",
    entrance: "Eingang",
    terminal: "Terminal",
    boarding: "Boarding",
    passenger: "Fluggast",
    group: "Gruppe",
    zone: "Zone",
    cabin: "Klasse",
    confirmation: "Buchung",
    admission: "Eintritt",
    undecided: "Termin folgt",
  },
  es: {
    section: "Sección",
    row: "Fila",
    seat: "Asiento",
    gate: "Puerta",
    entrance: "Entrada",
    terminal: "Terminal",
    boarding: "Embarque",
    passenger: "Pasajero",
    group: "Grupo",
    zone: "Zona",
    cabin: "Clase",
    confirmation: "Confirmación",
    admission: "Admisión",
    undecided: "Fecha por confirmar",
  },
  fr: {
    section: "Section",
    row: "Rang",
    seat: "Siège",
    gate: "Porte",
    entrance: "Entrée",
    terminal: "Terminal",
    boarding: "Embarquement",
    passenger: "Passager",
    group: "Groupe",
    zone: "Zone",
    cabin: "Classe",
    confirmation: "Réservation",
    admission: "Admission",
    undecided: "Date à venir",
  },
};

/** The words in the reader's language. */
export function wordsOf(locale: string): Words {
  return chooseWords(ENGLISH, TRANSLATED, [locale]).words;
}
