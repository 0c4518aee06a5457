import { createHash } from "node:crypto";

/**
 * What all of a canary is called, and its tag says: its launch template, its Auto Scaling group.
 * @param trial what sets it apart from every other: where, what and when
 */
export const canaryName = (factory: string, trial: readonly string[]): string =>
  `${canaryPrefix(factory)}${createHash("sha256").update(trial.join(" ")).digest("hex").slice(0, 16)}`;

/** What the names of all of a factory's canaries begin with; the consumer's role knows it. */
const canaryPrefix = (factory: string): string => `amint-${factory}-canary-`;
