/** The User-Agents that browsers send, for the tests of what a page offers to each device. */
import type { Device } from "../../src/pages/device.ts";

const IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)";

/** What it is, the header (undefined: none is sent), and what it is taken for. */
export const USER_AGENTS: readonly [what: string, userAgent: string | undefined, device: Device][] = [
  ["Safari", `${IOS} Version/18.5 Mobile/15E148 Safari/604.1`, "iphone"],
  ["Chrome on an iPhone", `${IOS} CriOS/138.0.7204.53 Mobile/15E148 Safari/604.1`, "iphone"],
  ["Firefox on an iPhone", `${IOS} FxiOS/140.0 Mobile/15E148 Safari/605.1.15`, "iphone"],
  ["Instagram", `${IOS} Mobile/22F76 Instagram 385.0.0.30.78 (iPhone16,2; iOS 18_5; de_DE)`, "iphoneApp"],
  ["Facebook", `${IOS} Mobile/22F76 [FBAN/FBIOS;FBAV/517.0.0.44.107;FBDV/iPhone16,2]`, "iphoneApp"],
  ["LinkedIn", `${IOS} Mobile/15E148 [LinkedInApp]/9.31.5821`, "iphoneApp"],
  ["WhatsApp", `${IOS} Mobile/15E148 WhatsApp/25.1 Safari/604.1`, "iphoneApp"],
  ["Line", `${IOS} Mobile/15E148 Safari Line/15.8.0`, "iphoneApp"],
  ["WeChat", `${IOS} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2e) NetType/WIFI`, "iphoneApp"],
  ["TikTok", `${IOS} Mobile/22F76 BytedanceWebview/d8a21c6`, "iphoneApp"],
  ["a plain web view", `${IOS} Mobile/22F76`, "iphoneApp"],
  ["an iPad", `Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) Version/12.1 Mobile/15E148 Safari/604.1`, "mac"],
  [
    "Safari on a Mac or an iPad",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "mac",
  ],
  ["Chrome on Android", `${ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36`, "android"],
  [
    "Instagram on Android",
    `${ANDROID} Version/4.0 Chrome/138.0 Mobile Safari/537.36 Instagram 385.0`,
    "android",
  ],
  ["a tablet with Android", `${ANDROID} Chrome/138.0.0.0 Safari/537.36`, "android"],
  [
    "HarmonyOS, which also names Android",
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS; ANA-AN00) Mobile",
    "phone",
  ],
  [
    "a Windows phone, which also names the iPhone",
    "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; rv:11.0; IEMobile/11.0) like iPhone OS 7_0_3 Mac OS X",
    "phone",
  ],
  ["another phone", "Mozilla/5.0 (Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "phone"],
  [
    "Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0.0.0 Safari/537.36 Edg/138.0",
    "desktop",
  ],
  ["Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "desktop"],
  ["curl", "curl/8.15.0", "desktop"],
  ["a client that does not say", undefined, "desktop"],
];
