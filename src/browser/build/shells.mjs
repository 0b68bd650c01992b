/**
 * The pages that are files, and the headers of all files. A page is a shell: it has no data in it, and a script fills it.
 * Headers follow Cloudflare's "Headers" of static assets: these never apply to what the Worker answers.
 */
import { readFileSync } from "node:fs";

/** What every shell may load: its own scripts, styles and images, and the API. Nothing inline, and nothing from other hosts. */
const POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data: blob:",
  "connect-src": "'self'",
  "media-src": "blob:",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/**
 * One entry for each shell. The route is the address under which the file is served: `scan.html` at /scan, and
 * `admin/index.html` at /admin/. `policy` replaces directives of POLICY.
 */
export const SHELLS = [
  {
    entry: "scan",
    source: "scanner/main.tsx",
    route: "/scan",
    file: "scan.html",
    title: "Scanner",
    withoutScript: "The scanner needs JavaScript, which this browser does not run.",
    // The decoder of barcodes is WebAssembly.
    policy: { "script-src": "'self' 'wasm-unsafe-eval'" },
    headers: {
      "Permissions-Policy": "camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()",
    },
    // The service worker caches the page and what the page loads.
    worker: { source: "scanner/worker/scan-sw.ts", file: "scan-sw.js" },
    manifest: {
      file: "scan.webmanifest",
      name: "Edgepass scanner",
      short_name: "Scanner",
      description: "Scans passes at a gate or a counter.",
    },
  },
  {
    entry: "admin",
    source: "dashboard/main.tsx",
    route: "/admin/",
    file: "admin/index.html",
    title: "Edgepass",
    withoutScript: "The dashboard needs JavaScript, which this browser does not run.",
    headers: {
      "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
      // A page that opened the dashboard in a new window has no access to that window.
      "Cross-Origin-Opener-Policy": "same-origin",
    },
  },
];

/** The colours of the browser's own bars, which are outside of the page's styles. */
const [LIGHT, DARK] = backgroundsIn(readFileSync(new URL("../styles/base.css", import.meta.url), "utf8"));

/** The values of --background, in light and dark. */
function backgroundsIn(css) {
  const values = [...css.matchAll(/--background: (#[0-9a-f]{6});/g)].map(([, value]) => value);
  if (values.length !== 2) throw new Error("base.css sets --background once for light and once for dark");
  return values;
}

/**
 * The document of a shell.
 * @param assets addresses: `script`, `styles`, `chunks`, and the icons by purpose
 */
export function documentOf({ title, withoutScript, manifest }, { script, styles, chunks, icons }) {
  const links = [
    `<link rel="icon" href="${icons.any192}" type="image/png">`,
    `<link rel="apple-touch-icon" href="${icons.apple180}">`,
    ...(manifest === undefined ? [] : [`<link rel="manifest" href="/${manifest.file}">`]),
    ...styles.map((address) => `<link rel="stylesheet" href="${address}">`),
    ...chunks.map((address) => `<link rel="modulepreload" href="${address}">`),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="${LIGHT}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${DARK}" media="(prefers-color-scheme: dark)">
<title>${title}</title>
${links.join("\n")}
<script type="module" src="${script}"></script>
</head>
<body>
<div id="app"></div>
<noscript><p>${withoutScript}</p></noscript>
</body>
</html>
`;
}

/** The manifest of a shell that can be installed. Follows the W3C's "Web Application Manifest". `id` must never change. */
export function manifestOf({ route, manifest: { file: _, ...names } }, icons) {
  const icon = (src, size, purpose) => ({ src, sizes: `${size}x${size}`, type: "image/png", purpose });
  const manifest = {
    ...names,
    id: route,
    start_url: route,
    scope: route,
    display: "standalone",
    background_color: DARK,
    theme_color: DARK,
    icons: [
      icon(icons.any192, 192, "any"),
      icon(icons.any512, 512, "any"),
      icon(icons.maskable512, 512, "maskable"),
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The file `_headers`. Each later rule adds to the first one; `!` removes a header that the first one has set. */
export function headersFile() {
  const rules = [
    rule("/*", [
      "X-Content-Type-Options: nosniff",
      "Referrer-Policy: no-referrer",
      "X-Robots-Tag: noindex, nofollow",
      policyHeader(),
    ]),
    ...SHELLS.map(({ route, policy, headers = {} }) =>
      rule(route, [
        "! Content-Security-Policy",
        policyHeader(policy),
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ]),
    ),
    // Their names change with their content.
    rule("/static/*", ["Cache-Control: public, max-age=31536000, immutable"]),
  ];
  return rules.join("");
}

function rule(path, lines) {
  return [path, ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join("");
}

function policyHeader(more = {}) {
  const directives = Object.entries({ ...POLICY, ...more }).map(([name, value]) => `${name} ${value}`);
  return `Content-Security-Policy: ${directives.join("; ")}`;
}
