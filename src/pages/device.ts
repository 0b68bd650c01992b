/**
 * Which device opens a page, by its User-Agent. It only decides what the page offers first: a device that is mistaken
 * for another can still add the pass, because the download has the same address for all.
 *
 * Pure. Follows RFC 9110 (§10.1.5, User-Agent). Safari on iPads calls itself Macintosh since iPadOS 13.
 */

/**
 * - `iphone`: a browser that adds passes
 * - `iphoneApp`: the browser inside another app, which does not
 * - `mac`: a Mac or an iPad, which may add a pass; the holder's iPhone has Wallet
 * - `android`: a phone or tablet with Android, which may have Google Wallet
 * - `phone`: any other phone or tablet, without a Wallet
 * - `desktop`: any other computer, and programs
 */
export type Device = "iphone" | "iphoneApp" | "mac" | "android" | "phone" | "desktop";

/** Tested first, because Windows phones also name Android and the iPhone, and HarmonyOS also names Android. */
const OTHER_PHONE = /Windows Phone|HarmonyOS|OpenHarmony|KaiOS|Tizen/;
/** Some Android browsers also name the iPhone. */
const ANDROID = /Android/;
const IPHONE = /\b(iPhone|iPod)\b/;
const MAC = /\b(iPad|Macintosh)\b/;

/** What the browsers inside these apps add to the User-Agent. */
const APPS =
  /Instagram|FBAN|FBAV|FB_IAB|Barcelona|WhatsApp|MicroMessenger|\bLine\/|KAKAOTALK|Snapchat|Pinterest|Twitter|BytedanceWebview|musical_ly|TikTok|LinkedInApp/i;

/** @param userAgent the header; undefined if there is none */
export function deviceOf(userAgent = ""): Device {
  if (OTHER_PHONE.test(userAgent)) return "phone";
  if (ANDROID.test(userAgent)) return "android";
  if (IPHONE.test(userAgent)) return addsPasses(userAgent) ? "iphone" : "iphoneApp";
  if (MAC.test(userAgent)) return "mac";
  return /\bMobile\b/.test(userAgent) ? "phone" : "desktop";
}

/** Browsers end with `Safari/604.1`, also Chrome and Firefox. The plain web view of an app does not. */
function addsPasses(userAgent: string): boolean {
  return /\bSafari\//.test(userAgent) && !APPS.test(userAgent);
}
