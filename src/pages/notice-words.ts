/**
 * The sentences of the pages that show no pass.
 */
import { chooseWords, type LanguageWords, type Translations } from "./own-words.ts";

type Notice = readonly [title: string, text: string];

const ENGLISH = {
  home: [
    "Edgepass",
    "This server issues passes for Apple Wallet and Google Wallet, such as tickets and loyalty cards. To get yours, open the link that you received from its issuer.",
  ],
  passNotFound: [
    "Pass not found",
    "This link does not open a pass. It may be mistyped, or the pass may have been deleted. Ask the sender for a new link.",
  ],
  joinNotFound: [
    "Nothing to join here",
    "There is no page at this address any more, or it is mistyped. Ask at the place that showed you the link or the code.",
  ],
  tooManyMisses: [
    "Try again in a minute",
    "Someone on your network has opened many links that do not exist. Your pass is safe. Open this link again in a minute, or use another network, such as mobile data.",
  ],
  pageNotFound: [
    "Page not found",
    "There is no page at this address. If it is the link to a pass, it may be incomplete: open it again from the message that you received, or ask the sender for a new link.",
  ],
  notAvailable: [
    "Pass not available",
    "This pass cannot be downloaded at the moment. Please tell the sender of the link.",
  ],
  appleNotOffered: [
    "Not available in Apple Wallet",
    "This pass is for Google Wallet. Open the link that you received on an Android phone, or ask the sender of the link.",
  ],
  googleNotOffered: [
    "Not available in Google Wallet",
    "This pass cannot be added to Google Wallet. Please ask the sender of the link.",
  ],
  googleUnavailable: [
    "Not available at the moment",
    "This pass cannot be added to Google Wallet at the moment. Try again later, or ask the sender of the link.",
  ],
  tooLarge: [
    "Too much text",
    "You have entered more than this page accepts. Go back, enter less, and send the form again.",
  ],
  notAccepted: [
    "This did not work",
    "The server could not read what your browser sent. Go back, load the page again, and try once more.",
  ],
  failed: ["Not available at the moment", "Something went wrong here. Try again in a minute."],
  /** The link to the home page. */
  about: "What is this server?",
} as const;
export type NoticeName = Exclude<keyof typeof ENGLISH, "about">;
type Notices = Readonly<Record<NoticeName, Notice>> & { readonly about: string };

const TRANSLATED: Translations<Notices> = {
  ar: {
    home: [
      "Edgepass",
      "يُصدر هذا الخادم بطاقات لتطبيقي Apple Wallet وGoogle Wallet، مثل التذاكر وبطاقات الولاء. للحصول على بطاقتك، افتح الرابط الذي أرسلته إليك الجهة المُصدرة.",
    ],
    passNotFound: [
      "البطاقة غير موجودة",
      "لا يفتح هذا الرابط أي بطاقة. قد يكون مكتوبًا بشكل غير صحيح، أو ربما حُذفت البطاقة. اطلب رابطًا جديدًا من المرسل.",
    ],
    joinNotFound: [
      "لا توجد صفحة انضمام هنا",
      "لم تعد هناك صفحة على هذا العنوان، أو أنه مكتوب بشكل غير صحيح. اسأل في المكان الذي عرض عليك الرابط أو الرمز.",
    ],
    tooManyMisses: [
      "حاول مرة أخرى بعد دقيقة",
      "فتح شخص على شبكتك روابط كثيرة غير موجودة. بطاقتك بأمان. افتح هذا الرابط مرة أخرى بعد دقيقة، أو استخدم شبكة أخرى مثل بيانات الجوال.",
    ],
    pageNotFound: [
      "الصفحة غير موجودة",
      "لا توجد صفحة على هذا العنوان. إذا كان رابط بطاقة فقد يكون ناقصًا: افتحه مرة أخرى من الرسالة التي وصلتك، أو اطلب رابطًا جديدًا من المرسل.",
    ],
    notAvailable: ["البطاقة غير متوفرة", "لا يمكن تنزيل هذه البطاقة حاليًا. يُرجى إبلاغ مرسل الرابط."],
    appleNotOffered: [
      "غير متوفرة في Apple Wallet",
      "هذه البطاقة مخصصة لتطبيق Google Wallet. افتح الرابط الذي وصلك على هاتف Android، أو اسأل مرسل الرابط.",
    ],
    googleNotOffered: [
      "غير متوفرة في Google Wallet",
      "لا يمكن إضافة هذه البطاقة إلى Google Wallet. يُرجى سؤال مرسل الرابط.",
    ],
    googleUnavailable: [
      "غير متوفرة حاليًا",
      "لا يمكن إضافة هذه البطاقة إلى Google Wallet حاليًا. حاول لاحقًا أو اسأل مرسل الرابط.",
    ],
    tooLarge: [
      "البيانات أكثر من اللازم",
      "أدخلت أكثر مما تقبله هذه الصفحة. ارجع، واختصر ما أدخلته، ثم أرسل النموذج مرة أخرى.",
    ],
    notAccepted: [
      "لم تنجح العملية",
      "لم يتمكن الخادم من قراءة ما أرسله متصفحك. ارجع، وأعد تحميل الصفحة، ثم حاول مرة أخرى.",
    ],
    failed: ["غير متوفر حاليًا", "حدث خطأ هنا. حاول مرة أخرى بعد دقيقة."],
    about: "ما هذا الخادم؟",
  },
  de: {
    home: [
      "Edgepass",
      "Dieser Server stellt Pässe für Apple Wallet und Google Wallet aus, zum Beispiel Tickets und Kundenkarten. Deinen bekommst du über den Link, den dir der Herausgeber geschickt hat.",
    ],
    passNotFound: [
      "Pass nicht gefunden",
      "Dieser Link öffnet keinen Pass. Vielleicht ist er falsch geschrieben, oder der Pass wurde gelöscht. Frage den Absender nach einem neuen Link.",
    ],
    joinNotFound: [
      "Hier gibt es nichts zum Mitmachen",
      "Unter dieser Adresse gibt es keine Seite mehr, oder sie ist falsch geschrieben. Frage dort, wo du den Link oder den Code gesehen hast.",
    ],
    tooManyMisses: [
      "Versuche es in einer Minute wieder",
      "Jemand in deinem Netz hat viele Links geöffnet, die es nicht gibt. Dein Pass ist sicher. Öffne diesen Link in einer Minute noch einmal, oder nimm ein anderes Netz, etwa mobile Daten.",
    ],
    pageNotFound: [
      "Seite nicht gefunden",
      "Unter dieser Adresse gibt es keine Seite. Wenn es der Link zu einem Pass ist, fehlt vielleicht ein Teil: Öffne ihn noch einmal aus der Nachricht, oder frage den Absender nach einem neuen Link.",
    ],
    notAvailable: [
      "Pass nicht verfügbar",
      "Dieser Pass kann gerade nicht geladen werden. Bitte sage dem Absender des Links Bescheid.",
    ],
    appleNotOffered: [
      "Nicht in Apple Wallet",
      "Dieser Pass ist für Google Wallet. Öffne den Link, den du bekommen hast, auf einem Android-Telefon, oder frage den Absender des Links.",
    ],
    googleNotOffered: [
      "Nicht in Google Wallet",
      "Dieser Pass kann nicht zu Google Wallet hinzugefügt werden. Bitte frage den Absender des Links.",
    ],
    googleUnavailable: [
      "Zurzeit nicht verfügbar",
      "Dieser Pass kann gerade nicht zu Google Wallet hinzugefügt werden. Versuche es später, oder frage den Absender des Links.",
    ],
    tooLarge: [
      "Das ist zu viel",
      "Du hast mehr eingegeben, als diese Seite annimmt. Gehe zurück, kürze deine Angaben, und sende das Formular noch einmal.",
    ],
    notAccepted: [
      "Das hat nicht geklappt",
      "Der Server konnte nicht lesen, was dein Browser gesendet hat. Gehe zurück, lade die Seite neu, und versuche es noch einmal.",
    ],
    failed: ["Zurzeit nicht verfügbar", "Hier ist etwas schiefgegangen. Versuche es in einer Minute wieder."],
    about: "Was ist das für ein Server?",
  },
  es: {
    home: [
      "Edgepass",
      "Este servidor emite pases para Apple Wallet y Google Wallet, como entradas y tarjetas de fidelidad. Para obtener el tuyo, abre el enlace que recibiste de su emisor.",
    ],
    passNotFound: [
      "Pase no encontrado",
      "Este enlace no abre ningún pase. Puede estar mal escrito, o el pase puede haberse eliminado. Pide un enlace nuevo a quien te lo envió.",
    ],
    joinNotFound: [
      "Aquí no hay nada a lo que apuntarse",
      "Ya no hay ninguna página en esta dirección, o está mal escrita. Pregunta en el lugar donde viste el enlace o el código.",
    ],
    tooManyMisses: [
      "Inténtalo en un minuto",
      "Alguien en tu red ha abierto muchos enlaces que no existen. Tu pase está a salvo. Abre este enlace otra vez en un minuto, o usa otra red, como los datos móviles.",
    ],
    pageNotFound: [
      "Página no encontrada",
      "No hay ninguna página en esta dirección. Si es el enlace de un pase, puede estar incompleto: ábrelo otra vez desde el mensaje que recibiste, o pide un enlace nuevo.",
    ],
    notAvailable: [
      "Pase no disponible",
      "Este pase no se puede descargar en este momento. Avisa a quien te envió el enlace.",
    ],
    appleNotOffered: [
      "No disponible en Apple Wallet",
      "Este pase es para Google Wallet. Abre el enlace que recibiste en un teléfono Android, o pregunta a quien te envió el enlace.",
    ],
    googleNotOffered: [
      "No disponible en Google Wallet",
      "Este pase no se puede añadir a Google Wallet. Pregunta a quien te envió el enlace.",
    ],
    googleUnavailable: [
      "No disponible en este momento",
      "Este pase no se puede añadir a Google Wallet en este momento. Inténtalo más tarde o pregunta a quien te envió el enlace.",
    ],
    tooLarge: [
      "Es demasiado",
      "Has escrito más de lo que esta página acepta. Vuelve atrás, acorta tus respuestas y envía el formulario otra vez.",
    ],
    notAccepted: [
      "No ha funcionado",
      "El servidor no pudo leer lo que envió tu navegador. Vuelve atrás, recarga la página e inténtalo otra vez.",
    ],
    failed: ["No disponible en este momento", "Algo ha fallado aquí. Inténtalo otra vez en un minuto."],
    about: "¿Qué es este servidor?",
  },
  fr: {
    home: [
      "Edgepass",
      "Ce serveur émet des pass pour Apple Wallet et Google Wallet, comme des billets et des cartes de fidélité. Pour obtenir le vôtre, ouvrez le lien que son émetteur vous a envoyé.",
    ],
    passNotFound: [
      "Pass introuvable",
      "Ce lien n’ouvre aucun pass. Il est peut-être mal écrit, ou le pass a été supprimé. Demandez un nouveau lien à l’expéditeur.",
    ],
    joinNotFound: [
      "Rien à rejoindre ici",
      "Il n’y a plus de page à cette adresse, ou elle est mal écrite. Demandez à l’endroit qui vous a montré le lien ou le code.",
    ],
    tooManyMisses: [
      "Réessayez dans une minute",
      "Quelqu’un sur votre réseau a ouvert de nombreux liens qui n’existent pas. Votre pass est en sécurité. Rouvrez ce lien dans une minute, ou utilisez un autre réseau, comme les données mobiles.",
    ],
    pageNotFound: [
      "Page introuvable",
      "Il n’y a pas de page à cette adresse. Si c’est le lien d’un pass, il est peut-être incomplet : rouvrez-le depuis le message reçu, ou demandez un nouveau lien à l’expéditeur.",
    ],
    notAvailable: [
      "Pass indisponible",
      "Ce pass ne peut pas être téléchargé pour le moment. Veuillez prévenir l’expéditeur du lien.",
    ],
    appleNotOffered: [
      "Indisponible dans Apple Wallet",
      "Ce pass est destiné à Google Wallet. Ouvrez le lien reçu sur un téléphone Android, ou demandez à l’expéditeur du lien.",
    ],
    googleNotOffered: [
      "Indisponible dans Google Wallet",
      "Ce pass ne peut pas être ajouté à Google Wallet. Veuillez demander à l’expéditeur du lien.",
    ],
    googleUnavailable: [
      "Indisponible pour le moment",
      "Ce pass ne peut pas être ajouté à Google Wallet pour le moment. Réessayez plus tard, ou demandez à l’expéditeur du lien.",
    ],
    tooLarge: [
      "C’est trop long",
      "Vous avez saisi plus que cette page n’accepte. Revenez en arrière, raccourcissez vos réponses et renvoyez le formulaire.",
    ],
    notAccepted: [
      "Cela n’a pas fonctionné",
      "Le serveur n’a pas pu lire ce que votre navigateur a envoyé. Revenez en arrière, rechargez la page et réessayez.",
    ],
    failed: ["Indisponible pour le moment", "Un problème est survenu ici. Réessayez dans une minute."],
    about: "Quel est ce serveur ?",
  },
};

/** The sentences in the first of these languages that has some. @param languages BCP 47, the best first */
export function noticesIn(languages: readonly string[]): LanguageWords<Notices> {
  return chooseWords<Notices>(ENGLISH, TRANSLATED, languages);
}
