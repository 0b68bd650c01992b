/**
 * The parts of the stand-in Apple that the model uses, as one bundle: the iPhone with its functions, and the rules of
 * APNs. It is bundled so that the phone uses the model's clock, random numbers and cryptography (program.ts).
 */
export { type ApnsAccounts, judge } from "../../apple/apns-rules.ts";
export { IPhone } from "../../apple/iphone.ts";
export { checkPass } from "../../apple/pkpass.ts";
