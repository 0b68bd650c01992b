/**
 * What the model takes from the stand-in Apple, as one bundle: the iPhone with its verbs, and the rules of APNs. Bundled
 * so that the phone's clock, chance and cryptography are the model's (program.ts).
 */
export { type ApnsAccounts, judge } from "../../apple/apns-rules.ts";
export { IPhone } from "../../apple/iphone.ts";
export { checkPass } from "../../apple/pkpass.ts";
