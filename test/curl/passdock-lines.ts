/**
 * All 20 curl lines in Passdock's API reference, unchanged, and the function that adapts one to an instance: it
 * replaces the host, the ids and the token, argument by argument, and adds and removes nothing else.
 */
import { argumentsOf } from "./curl.ts";
import { adminToken, origin } from "./instance.ts";

export const LINES = {
  list: [
    `curl -i https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780&compact=true`,
    `curl -i https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780&compact=true&page=1`,
  ],
  show: [
    `curl -i https://api.passdock.com/api/v1/templates/106/passes/199?api_token=75778a65dfdae310a107d2ef0bbd3780`,
  ],
  create: [
    `curl -i -d 'pass={"serial_number":"1234567", "gate":"53", "departure":"2012-12-18T14:34:10-02:00"}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -H "Content-Type: application/json" -d '{"pass":{"serial_number":"1234567", "gate":"53", "departure":"2012-12-18T14:34:10-02:00"}}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -d 'pass={"redeemed":false,"serial_number":"1234567", "gate":"53", "departure":"2012-12-18T14:34:10-02:00"}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -d 'debug=true&pass={"serial_number":"4567891", "bar":{"message":"QRRSNDKAIUDS923", "altText":"QRRSNDKAIUDS923"}, "gate":{"value":"53"},"departure":"2012-11-14T08:12:19-08:00"}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -d 'debug=true&pass={"serial_number":"7891234", "relevance":{"locations":[{"latitude":12.122342, "longitude":64.123353}]}, "gate":{"value":"98"},"departure":"2012-11-14T08:12:19-08:00"}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -d 'pass={"serial_number":"1234567", "gate":"53", "departure":"2012-12-18T14:34:10-02:00"}&thumbnail={"filename":"test.png","data":"THE_BASE_64_ENCODED_IMAGE"}' https://api.passdock.com/api/v1/templates/106/passes?api_token=75778a65dfdae310a107d2ef0bbd3780`,
  ],
  update: [
    `curl -i -X PUT -d 'pass={"gate":"53", "departure":"2012-12-18T14:34:10-02:00"}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT -H "Content-Type: application/json" -d '{"pass":{"gate":"53", "departure":"2012-12-18T14:34:10-02:00"}}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT -d 'pass={"redeemed":true}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT -d 'debug=true&pass={"bar":{"message":"QRRSNDKAIUDS923", "altText":"QRRSNDKAIUDS923"}, "gate":{"value":"53"},"departure":"2012-11-14T08:12:19-08:00"}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT -d 'debug=true&pass={"relevance":{"locations":[{"latitude":12.122342, "longitude":64.123353}]}, "gate":{"value":"98"},"departure":"2012-11-14T08:12:19-08:00"}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT -d 'pass={"gate":"53", "departure":"2012-12-18T14:34:10-02:00"}&thumbnail={"filename":"test.png","data":"THE_BASE_64_ENCODED_IMAGE"}' https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
  ],
  redeem: [
    `curl -i -X PUT https://api.passdock.com/api/v1/templates/106/passes/203/redeem?redeemed=true&api_token=75778a65dfdae310a107d2ef0bbd3780`,
    `curl -i -X PUT https://api.passdock.com/api/v1/templates/106/passes/203/redeem?redeemed=false&api_token=75778a65dfdae310a107d2ef0bbd3780`,
  ],
  remove: [
    `curl -i -X DELETE https://api.passdock.com/api/v1/templates/106/passes/203?api_token=75778a65dfdae310a107d2ef0bbd3780`,
  ],
  search: [
    `curl -i "https://api.passdock.com/api/v1/passes/search?code=XADESA%20FKKA-CAD&api_token=75778a65dfdae310a107d2ef0bbd3780"`,
  ],
} as const;

export interface Aim {
  readonly templateId?: number;
  readonly passId?: number;
  /** Replaces a printed serial number that is in use: the reference uses 1234567 several times. */
  readonly serialNumber?: string;
  /** In base64, for the reference's THE_BASE_64_ENCODED_IMAGE. */
  readonly image?: string;
}

/**
 * The arguments of a printed line for this instance.
 * @throws Error if the line contains nothing to replace
 */
export function aimed(line: string, { templateId, passId, serialNumber, image }: Aim): string[] {
  const replacements: [printed: RegExp, ours: string | number | undefined][] = [
    [/^https:\/\/api\.passdock\.com(?=\/)/, origin],
    [/(?<=[?&]api_token=)75778a65dfdae310a107d2ef0bbd3780(?=&|$)/, adminToken],
    [/(?<=\/templates\/)106(?=\/)/, templateId],
    [/(?<=\/passes\/)(?:199|203)(?=[/?])/, passId],
    [/(?<="serial_number":")1234567(?=")/, serialNumber],
    [/(?<="data":")THE_BASE_64_ENCODED_IMAGE(?=")/, image],
  ];
  let args = argumentsOf(line);
  for (const [printed, ours] of replacements) {
    if (ours === undefined) continue;
    if (!args.some((arg) => printed.test(arg))) throw new Error(`${printed} is not in the line: ${line}`);
    args = args.map((arg) => arg.replace(printed, () => `${ours}`));
  }
  return args;
}
