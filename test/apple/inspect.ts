/**
 * Checks a pass with independent tools: `unzip -t` for the archive and `openssl smime -verify` for the signature. Node
 * only. pkpass.ts is the check that knows Wallet's rules. If a tool is not installed, the result lists it as missing.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";

export interface SecondOpinion {
  /** The tools that accept the pass. */
  accepted: string[];
  /** The output of the tools that do not accept it. */
  objections: string[];
  /** Tools that are not installed on this machine. */
  absent: string[];
}

export async function secondOpinion(pkpass: Uint8Array, rootPem: string): Promise<SecondOpinion> {
  const folder = await mkdtemp(join(tmpdir(), "edgepass-inspect-"));
  const file = (name: string) => join(folder, name);
  try {
    const { signature, "manifest.json": manifest } = unzipSync(pkpass);
    await Promise.all([
      writeFile(file("pass.pkpass"), pkpass),
      writeFile(file("signature"), signature ?? new Uint8Array()),
      writeFile(file("manifest.json"), manifest ?? new Uint8Array()),
      writeFile(file("root.pem"), rootPem),
    ]);
    const verify = ["smime", "-verify", "-inform", "DER", "-purpose", "any", "-out", file("verified")];
    const files = ["-in", file("signature"), "-content", file("manifest.json"), "-CAfile", file("root.pem")];
    const outcomes = await Promise.all([
      run("unzip", ["-t", "-qq", file("pass.pkpass")]),
      run("openssl", [...verify, ...files]),
    ]);
    return {
      accepted: outcomes.flatMap((outcome) => (outcome.said === "accepted" ? [outcome.tool] : [])),
      objections: outcomes.flatMap((outcome) => (outcome.said === "objection" ? [outcome.text] : [])),
      absent: outcomes.flatMap((outcome) => (outcome.said === "absent" ? [outcome.tool] : [])),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Outcome =
  | { said: "accepted" | "absent"; tool: string }
  | { said: "objection"; tool: string; text: string };

function run(tool: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(tool, args, (error, stdout, stderr) => {
      if (error === null) resolve({ said: "accepted", tool });
      else if (error.code === "ENOENT") resolve({ said: "absent", tool });
      else resolve({ said: "objection", tool, text: `${tool}: ${stderr || stdout}` });
    });
  });
}
