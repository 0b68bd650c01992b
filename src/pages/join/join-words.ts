/**
 * The sentences of a join page and of its poster. A language that is not here gets the English ones.
 *
 * U+2066 and U+2069 around digits keep their order in an Arabic sentence (Unicode's bidirectional algorithm, isolates).
 */
import { chooseWords, type LanguageWords, type Translations } from "../own-words.ts";

const ENGLISH = {
  submit: "Get the pass",
  privacy: "What you enter is stored in your pass. {name} can read it.",
  optional: "(optional)",
  choose: "Choose…",
  checkTitle: "Please check: {title}",
  check: "Please check what you entered.",
  labelled: "{label}: {fault}",
  expired: "This page was open for a long time. Check what you entered, and send it again.",
  unconfirmed: "This form was not sent from this page. Check what you entered, and send it again.",
  missing: "Fill in this field.",
  unticked: "Tick this box to go on.",
  noConsent: "Tick this box to get the pass.",
  option: "Choose one of the options.",
  date: "Enter a date as year-month-day, such as 2026-12-24.",
  tooLong: "Use at most {max} characters. You have {length}.",
  email: "Enter a whole email address, such as name@example.com.",
  phone: "Enter a phone number, such as +49 30 901820.",
  format: "This does not have the format that is asked for.",
  closed:
    "This offer has ended, so there are no new passes. If you have one already, it stays in Wallet. {name} can tell you more.",
  full: "All passes of this offer have been given out. If you have one already, it stays in Wallet. {name} can tell you more.",
  networkLimit:
    "Many passes were made from your network, so no more can be made there for now. Use mobile data in place of Wi-Fi, or try again later.",
  posterTitle: "Poster: {title}",
  posterCode: "QR code of {url}",
  scan: "Scan with your phone’s camera",
  print: "Print this page on A4, A5 or Letter, without margins. This line is not printed.",
};
export type JoinWords = typeof ENGLISH;

const TRANSLATED: Translations<JoinWords> = {
  ar: {
    submit: "الحصول على البطاقة",
    privacy: "يُحفظ ما تدخله في بطاقتك، ويمكن لـ {name} الاطلاع عليه.",
    optional: "(اختياري)",
    choose: "اختر…",
    checkTitle: "يُرجى المراجعة: {title}",
    check: "يُرجى مراجعة ما أدخلته.",
    labelled: "{label}: {fault}",
    expired: "بقيت هذه الصفحة مفتوحة وقتًا طويلاً. راجع ما أدخلته، ثم أرسله مرة أخرى.",
    unconfirmed: "لم يُرسل هذا النموذج من هذه الصفحة. راجع ما أدخلته، ثم أرسله مرة أخرى.",
    missing: "املأ هذا الحقل.",
    unticked: "ضع علامة في هذا المربع للمتابعة.",
    noConsent: "ضع علامة في هذا المربع للحصول على البطاقة.",
    option: "اختر أحد الخيارات.",
    date: "أدخل التاريخ بترتيب السنة ثم الشهر ثم اليوم، مثل \u20662026-12-24\u2069.",
    tooLong: "الحد الأقصى لعدد الأحرف هو {max}، وقد أدخلت {length}. اختصر النص.",
    email: "أدخل عنوان بريد إلكتروني كاملاً، مثل \u2066name@example.com\u2069.",
    phone: "أدخل رقم هاتف، مثل \u2066+49 30 901820\u2069.",
    format: "هذا لا يطابق الصيغة المطلوبة.",
    closed:
      "انتهى هذا العرض، ولا تصدر بطاقات جديدة. إذا كانت لديك بطاقة فستبقى في Wallet. للمزيد من المعلومات، تواصل مع {name}.",
    full: "وُزعت جميع بطاقات هذا العرض. إذا كانت لديك بطاقة فستبقى في Wallet. للمزيد من المعلومات، تواصل مع {name}.",
    networkLimit:
      "صدرت بطاقات كثيرة عبر شبكتك، ولا يمكن إصدار المزيد منها الآن. استخدم بيانات الجوال بدلاً من Wi-Fi، أو حاول لاحقًا.",
    posterTitle: "ملصق: {title}",
    posterCode: "رمز QR للرابط {url}",
    scan: "امسح الرمز بكاميرا هاتفك",
    print: "اطبع هذه الصفحة على ورق A4 أو A5 أو Letter من دون هوامش. لا يُطبع هذا السطر.",
  },
  de: {
    submit: "Pass holen",
    privacy: "Deine Angaben werden in deinem Pass gespeichert. {name} kann sie lesen.",
    optional: "(freiwillig)",
    choose: "Wähle …",
    checkTitle: "Bitte prüfen: {title}",
    check: "Bitte prüfe deine Angaben.",
    labelled: "{label}: {fault}",
    expired: "Diese Seite war lange offen. Prüfe deine Angaben, und sende sie noch einmal.",
    unconfirmed:
      "Dieses Formular wurde nicht von dieser Seite gesendet. Prüfe deine Angaben, und sende sie noch einmal.",
    missing: "Fülle dieses Feld aus.",
    unticked: "Setze hier ein Häkchen, um fortzufahren.",
    noConsent: "Setze hier ein Häkchen, um den Pass zu bekommen.",
    option: "Wähle eine der Möglichkeiten.",
    date: "Gib ein Datum als Jahr-Monat-Tag ein, zum Beispiel 2026-12-24.",
    tooLong: "Höchstens {max} Zeichen sind erlaubt. Es sind {length}.",
    email: "Gib eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.com.",
    phone: "Gib eine Telefonnummer ein, zum Beispiel +49 30 901820.",
    format: "Das hat nicht die verlangte Form.",
    closed:
      "Dieses Angebot ist beendet, deshalb gibt es keine neuen Pässe. Wenn du schon einen hast, bleibt er in Wallet. Mehr dazu erfährst du bei {name}.",
    full: "Alle Pässe dieses Angebots sind vergeben. Wenn du schon einen hast, bleibt er in Wallet. Mehr dazu erfährst du bei {name}.",
    networkLimit:
      "Über dein Netz wurden viele Pässe ausgestellt, deshalb gibt es dort vorerst keine weiteren. Nimm mobile Daten statt WLAN, oder versuche es später.",
    posterTitle: "Plakat: {title}",
    posterCode: "QR-Code von {url}",
    scan: "Mit der Kamera deines Telefons scannen",
    print: "Drucke diese Seite ohne Ränder auf A4, A5 oder Letter. Diese Zeile wird nicht gedruckt.",
  },
  es: {
    submit: "Obtener el pase",
    privacy: "Lo que escribas se guarda en tu pase. {name} puede leerlo.",
    optional: "(opcional)",
    choose: "Elige…",
    checkTitle: "Revisa tus datos: {title}",
    check: "Revisa lo que has escrito.",
    labelled: "{label}: {fault}",
    expired: "Esta página ha estado abierta mucho tiempo. Revisa lo que has escrito y envíalo otra vez.",
    unconfirmed:
      "Este formulario no se envió desde esta página. Revisa lo que has escrito y envíalo otra vez.",
    missing: "Rellena este campo.",
    unticked: "Marca esta casilla para continuar.",
    noConsent: "Marca esta casilla para obtener el pase.",
    option: "Elige una de las opciones.",
    date: "Escribe la fecha como año-mes-día, por ejemplo 2026-12-24.",
    tooLong: "Usa {max} caracteres como máximo. Ahora hay {length}.",
    email: "Escribe una dirección de correo completa, por ejemplo name@example.com.",
    phone: "Escribe un número de teléfono, por ejemplo +49 30 901820.",
    format: "Esto no tiene el formato que se pide.",
    closed:
      "Esta oferta ha terminado, así que no hay pases nuevos. Si ya tienes uno, sigue en Wallet. {name} puede darte más información.",
    full: "Ya se han entregado todos los pases de esta oferta. Si ya tienes uno, sigue en Wallet. {name} puede darte más información.",
    networkLimit:
      "Se han emitido muchos pases desde tu red, y por ahora no se pueden emitir más. Usa los datos móviles en lugar del wifi o inténtalo más tarde.",
    posterTitle: "Cartel: {title}",
    posterCode: "Código QR de {url}",
    scan: "Escanéalo con la cámara de tu teléfono",
    print: "Imprime esta página en A4, A5 o Carta, sin márgenes. Esta línea no se imprime.",
  },
  fr: {
    submit: "Obtenir le pass",
    privacy: "Ce que vous saisissez est enregistré dans votre pass. {name} peut le lire.",
    optional: "(facultatif)",
    choose: "Choisissez…",
    checkTitle: "À vérifier : {title}",
    check: "Vérifiez ce que vous avez saisi.",
    labelled: "{label} : {fault}",
    expired: "Cette page est restée ouverte longtemps. Vérifiez ce que vous avez saisi et renvoyez-le.",
    unconfirmed:
      "Ce formulaire n’a pas été envoyé depuis cette page. Vérifiez ce que vous avez saisi et renvoyez-le.",
    missing: "Remplissez ce champ.",
    unticked: "Cochez cette case pour continuer.",
    noConsent: "Cochez cette case pour obtenir le pass.",
    option: "Choisissez une des options.",
    date: "Saisissez une date sous la forme année-mois-jour, par exemple 2026-12-24.",
    tooLong: "Utilisez {max} caractères au maximum. Il y en a {length}.",
    email: "Saisissez une adresse e-mail complète, par exemple name@example.com.",
    phone: "Saisissez un numéro de téléphone, par exemple +49 30 901820.",
    format: "Le format demandé n’est pas respecté.",
    closed:
      "Cette offre est terminée : il n’y a plus de nouveaux pass. Si vous en avez déjà un, il reste dans Wallet. {name} peut vous en dire plus.",
    full: "Tous les pass de cette offre ont été distribués. Si vous en avez déjà un, il reste dans Wallet. {name} peut vous en dire plus.",
    networkLimit:
      "De nombreux pass ont été émis depuis votre réseau : il n’est pas possible d’en émettre d’autres pour le moment. Utilisez les données mobiles au lieu du Wi-Fi, ou réessayez plus tard.",
    posterTitle: "Affiche : {title}",
    posterCode: "Code QR de {url}",
    scan: "Scannez avec l’appareil photo de votre téléphone",
    print: "Imprimez cette page en A4, A5 ou Letter, sans marges. Cette ligne n’est pas imprimée.",
  },
};

/** The sentences in the first of these languages that has some. @param languages BCP 47, the best first */
export function joinWordsIn(languages: readonly string[]): LanguageWords<JoinWords> {
  return chooseWords(ENGLISH, TRANSLATED, languages);
}
