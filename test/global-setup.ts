/**
 * Starts the stand-ins for Apple and Google once, in Node, for all test files.
 */
import type { TestProject } from "vitest/node";
import { startApple } from "./apple/server.ts";
import { startGoogle } from "./google/stand-in/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    apple: { origin: string; apnsOrigin: string; rootFingerprint: string };
    google: { origin: string };
  }
}

export default async function setup(project: TestProject) {
  const [apple, google] = await Promise.all([startApple(), startGoogle()]);
  const { origin, apnsOrigin } = apple;
  project.provide("apple", { origin, apnsOrigin, rootFingerprint: apple.ca.rootFingerprint });
  project.provide("google", { origin: google.origin });
  return async () => {
    await Promise.all([apple.close(), google.close()]);
  };
}
