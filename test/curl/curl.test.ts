/**
 * Tests that a printed command line reaches the service exactly as a shell would send it.
 */
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { listen } from "../apple/listen.ts";
import { argumentsOf, curl, runCurl } from "./curl.ts";
import { origin } from "./instance.ts";

/** The arguments that a real shell makes of the line. */
const asShellSplits = (line: string) =>
  execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

test.each([
  `curl -i -X PUT -H "Content-Type: application/json" -d '{"pass":{"gate":"53"}}' https://example.com/a`,
  `curl -i "https://example.com/search?code=XADESA%20FKKA-CAD&api_token=7"`,
  `curl -d 'debug=true&pass={"gate":{"value":"53"}}'   https://example.com/a?b=c`,
  `curl -H "X: \\"quoted\\" \\\\ and \\n" '' a\\ b x'y'"z"`,
])("a line is split as by a shell: %s", (line) => {
  expect(argumentsOf(line)).toEqual(asShellSplits(line));
});

test("? and & outside of quotes are literal", () => {
  expect(argumentsOf("curl -i https://example.com/a?b=c&d=e")).toEqual([
    "-i",
    "https://example.com/a?b=c&d=e",
  ]);
});

test.each(["curl $HOME", "curl a; rm b", 'curl "$(id)"', "curl 'open", "wget a"])(
  "a line with another meaning in a shell is refused: %s",
  (line) => {
    expect(() => argumentsOf(line)).toThrow();
  },
);

test("status, headers and body of a response are parsed", async () => {
  const answer = await curl(["-i", `${origin}/admin/v1/templates`]);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.json()).toMatchObject({ status: 401 });
});

test("an interim response is skipped", async () => {
  const server = createServer((_, response) => response.end("{}"));
  try {
    const port = await listen(server, 0);
    const asked = ["-i", "-H", "Expect: 100-continue", "-d", "x", `http://127.0.0.1:${port}/`];
    expect(String(await runCurl(asked))).toMatch(/^HTTP\/1\.1 100 /);
    expect(await curl(asked)).toMatchObject({ status: 200, body: "{}" });
  } finally {
    server.close();
  }
});
