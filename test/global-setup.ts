/**
 * Starts the stand-in Apple once, in Node, for all test files.
 */
import type { TestProject } from "vitest/node";
import { startApple } from "./apple/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    apple: { origin: string; apnsOrigin: string; rootFingerprint: string };
  }
}

export default async function setup(project: TestProject) {
  const apple = await startApple();
  const { origin, apnsOrigin } = apple;
  project.provide("apple", { origin, apnsOrigin, rootFingerprint: apple.ca.rootFingerprint });
  return () => apple.close();
}
