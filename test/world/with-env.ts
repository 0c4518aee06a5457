import { onTestFinished, vi } from "vitest";

/** Sets variables of this process until the test ends: test files share a worker. */
export function withEnv(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}
