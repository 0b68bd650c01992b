/** Writes the page of a pass without a Worker: on an iPhone and in English, if a test says nothing else. */
import { PassPage, type PassPageProps } from "../../src/pages/pass-page.tsx";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";

export async function writePassPage(pass: TemplatePass, more: Partial<PassPageProps> = {}): Promise<string> {
  const page = PassPage({
    pass,
    files: new Map(),
    imagePath: (path) => `/images/${path}`,
    downloadPath: "/d.pkpass",
    pageUrl: "https://passes.example.com/p/1/secret",
    badgePath: undefined,
    googleBadgePath: undefined,
    googlePath: undefined,
    contact: null,
    status: "active",
    isAvailable: true,
    device: "iphone",
    languages: ["en"],
    ...more,
  });
  return String(await page);
}
