/**
 * The sentences that the page of a pass itself has, in the languages that card/words.ts has. Another language gets the
 * English ones.
 */
import { type Direction, primaryLanguage, writingDirection } from "./language.ts";

const ENGLISH = {
  add: "Add to Apple Wallet",
  scanTitle: "Add it on your iPhone",
  scan: "Point the camera of your iPhone at this code. It opens this page there.",
  scanName: "QR code of this page",
  here: "Or add it on this device:",
  file: "Download the file",
  noWallet: "This pass is for Apple Wallet on an iPhone. This phone does not have Apple Wallet.",
  showCode: "You can show the code on this page instead.",
  appTitle: "Open this page in Safari",
  app: "This app cannot add passes to Wallet.",
  appMenu: "Tap the menu of this app (••• or the share symbol).",
  appChoose: "Choose “Open in Safari” or “Open in browser”.",
  reveal: "Show the code of the pass",
  redeemedTitle: "Already used",
  redeemed: "This pass was redeemed and cannot be used again.",
  voidedTitle: "No longer valid",
  voided: "This pass was withdrawn.",
  expiredTitle: "Expired",
  expired: "This pass expired on {date}.",
  unavailableTitle: "Not available now",
  unavailable:
    "This pass cannot be added to Wallet at the moment. Try again later, or ask the sender of the link.",
  secret: "Do not share this link: anyone who has it can use the pass.",
  contact: "Questions? Contact {name}:",
  details: "Details",
  guide: "Event Guide",
  services: "Flight Services",
  older: "On iPhones before iOS {version}",
};
export type PassPageWords = typeof ENGLISH;

const TRANSLATED: Readonly<Record<string, PassPageWords>> = {
  ar: {
    add: "إضافة إلى Apple Wallet",
    scanTitle: "أضفها على iPhone",
    scan: "وجّه كاميرا iPhone نحو هذا الرمز لفتح هذه الصفحة هناك.",
    scanName: "رمز QR لهذه الصفحة",
    here: "أو أضفها على هذا الجهاز:",
    file: "تنزيل الملف",
    noWallet: "هذه البطاقة مخصصة لتطبيق Apple Wallet على iPhone، وهو غير متوفر على هذا الهاتف.",
    showCode: "يمكنك إظهار الرمز الموجود في هذه الصفحة بدلاً من ذلك.",
    appTitle: "افتح هذه الصفحة في Safari",
    app: "لا يستطيع هذا التطبيق إضافة بطاقات إلى Wallet.",
    appMenu: "اضغط على قائمة هذا التطبيق (••• أو رمز المشاركة).",
    appChoose: "اختر «فتح في Safari» أو «فتح في المتصفح».",
    reveal: "إظهار رمز البطاقة",
    redeemedTitle: "مستخدمة من قبل",
    redeemed: "تم استخدام هذه البطاقة ولا يمكن استخدامها مرة أخرى.",
    voidedTitle: "لم تعد صالحة",
    voided: "تم سحب هذه البطاقة.",
    expiredTitle: "منتهية الصلاحية",
    expired: "انتهت صلاحية هذه البطاقة في {date}.",
    unavailableTitle: "غير متوفرة الآن",
    unavailable: "لا يمكن إضافة هذه البطاقة إلى Wallet حاليًا. حاول لاحقًا أو اسأل مرسل الرابط.",
    secret: "لا تشارك هذا الرابط: يمكن لأي شخص لديه الرابط استخدام البطاقة.",
    contact: "لديك أسئلة؟ تواصل مع {name}:",
    details: "التفاصيل",
    guide: "دليل الفعالية",
    services: "خدمات الرحلة",
    older: "على iPhone قبل iOS {version}",
  },
  de: {
    add: "Zu Apple Wallet hinzufügen",
    scanTitle: "Auf dem iPhone hinzufügen",
    scan: "Richte die Kamera deines iPhone auf diesen Code. Er öffnet dort diese Seite.",
    scanName: "QR-Code dieser Seite",
    here: "Oder auf diesem Gerät hinzufügen:",
    file: "Datei herunterladen",
    noWallet: "Dieser Pass ist für Apple Wallet auf einem iPhone. Dieses Telefon hat kein Apple Wallet.",
    showCode: "Du kannst stattdessen den Code auf dieser Seite zeigen.",
    appTitle: "Öffne diese Seite in Safari",
    app: "Diese App kann keine Pässe zu Wallet hinzufügen.",
    appMenu: "Tippe auf das Menü dieser App (••• oder das Teilen-Symbol).",
    appChoose: "Wähle „In Safari öffnen“ oder „Im Browser öffnen“.",
    reveal: "Code des Passes zeigen",
    redeemedTitle: "Bereits eingelöst",
    redeemed: "Dieser Pass wurde eingelöst und gilt nicht noch einmal.",
    voidedTitle: "Nicht mehr gültig",
    voided: "Dieser Pass wurde zurückgezogen.",
    expiredTitle: "Abgelaufen",
    expired: "Dieser Pass ist am {date} abgelaufen.",
    unavailableTitle: "Zurzeit nicht verfügbar",
    unavailable:
      "Dieser Pass kann gerade nicht zu Wallet hinzugefügt werden. Versuche es später, oder frage den Absender des Links.",
    secret: "Gib diesen Link nicht weiter: Wer ihn hat, kann den Pass benutzen.",
    contact: "Fragen? Kontakt zu {name}:",
    details: "Details",
    guide: "Rund ums Event",
    services: "Services zum Flug",
    older: "Auf iPhones vor iOS {version}",
  },
  es: {
    add: "Añadir a Apple Wallet",
    scanTitle: "Añádelo en tu iPhone",
    scan: "Apunta con la cámara de tu iPhone a este código. Abre esta página allí.",
    scanName: "Código QR de esta página",
    here: "O añádelo en este dispositivo:",
    file: "Descargar el archivo",
    noWallet: "Este pase es para Apple Wallet en un iPhone. Este teléfono no tiene Apple Wallet.",
    showCode: "En su lugar puedes mostrar el código de esta página.",
    appTitle: "Abre esta página en Safari",
    app: "Esta app no puede añadir pases a Wallet.",
    appMenu: "Toca el menú de esta app (••• o el símbolo de compartir).",
    appChoose: "Elige «Abrir en Safari» o «Abrir en el navegador».",
    reveal: "Mostrar el código del pase",
    redeemedTitle: "Ya utilizado",
    redeemed: "Este pase ya se ha canjeado y no se puede volver a usar.",
    voidedTitle: "Ya no es válido",
    voided: "Este pase se ha retirado.",
    expiredTitle: "Caducado",
    expired: "Este pase caducó el {date}.",
    unavailableTitle: "No disponible ahora",
    unavailable:
      "Este pase no se puede añadir a Wallet en este momento. Inténtalo más tarde o pregunta a quien te envió el enlace.",
    secret: "No compartas este enlace: quien lo tenga puede usar el pase.",
    contact: "¿Preguntas? Contacta con {name}:",
    details: "Detalles",
    guide: "Guía del evento",
    services: "Servicios del vuelo",
    older: "En iPhone anteriores a iOS {version}",
  },
  fr: {
    add: "Ajouter à Apple Wallet",
    scanTitle: "Ajoutez-le sur votre iPhone",
    scan: "Visez ce code avec l’appareil photo de votre iPhone. Il y ouvre cette page.",
    scanName: "Code QR de cette page",
    here: "Ou ajoutez-le sur cet appareil :",
    file: "Télécharger le fichier",
    noWallet: "Ce pass est destiné à Apple Wallet sur un iPhone. Ce téléphone n’a pas Apple Wallet.",
    showCode: "Vous pouvez présenter le code de cette page à la place.",
    appTitle: "Ouvrez cette page dans Safari",
    app: "Cette app ne peut pas ajouter de pass à Wallet.",
    appMenu: "Touchez le menu de cette app (••• ou le symbole de partage).",
    appChoose: "Choisissez « Ouvrir dans Safari » ou « Ouvrir dans le navigateur ».",
    reveal: "Afficher le code du pass",
    redeemedTitle: "Déjà utilisé",
    redeemed: "Ce pass a été utilisé et ne peut plus servir.",
    voidedTitle: "Plus valable",
    voided: "Ce pass a été retiré.",
    expiredTitle: "Expiré",
    expired: "Ce pass a expiré le {date}.",
    unavailableTitle: "Indisponible pour le moment",
    unavailable:
      "Ce pass ne peut pas être ajouté à Wallet pour le moment. Réessayez plus tard, ou demandez à l’expéditeur du lien.",
    secret: "Ne partagez pas ce lien : toute personne qui l’a peut utiliser le pass.",
    contact: "Des questions ? Contactez {name} :",
    details: "Détails",
    guide: "Guide de l’événement",
    services: "Services du vol",
    older: "Sur les iPhone avant iOS {version}",
  },
};

export interface MarkedWords {
  readonly words: PassPageWords;
  /** Of an element whose text is one of the sentences. */
  readonly marks: { readonly lang: string; readonly dir: Direction };
}

/** The sentences in the reader's language. @param locale BCP 47 */
export function passPageWordsOf(locale: string): MarkedWords {
  const language = primaryLanguage(locale);
  const words = Object.hasOwn(TRANSLATED, language) ? TRANSLATED[language] : undefined;
  if (words === undefined) return { words: ENGLISH, marks: { lang: "en", dir: "ltr" } };
  return { words, marks: { lang: language, dir: writingDirection(language) } };
}
