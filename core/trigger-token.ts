import { createHash } from "node:crypto";
import type { Trigger } from "../events/trigger.ts";

/**
 * A trigger's reasons, each as a token: the same reason gives the same token however often it comes, so it starts one
 * build. A trigger by packages has one for each of its advisories; every other has one.
 * @param eventId tells two manual requests by the same person apart; the others say themselves which one they are
 */
export const reasonTokens = (image: string, trigger: Trigger, eventId: string): string[] =>
  reasons(trigger, eventId).map((reason) => hash([image, trigger.kind, ...reason]));

function reasons(trigger: Trigger, eventId: string): string[][] {
  switch (trigger.kind) {
    case "schedule":
      return [[trigger.scheduledTime]];
    case "packages":
      return [...trigger.advisories.map(({ id }) => id), ...trigger.others].map((id) => [id]);
    case "base":
      return [[trigger.name, trigger.from, trigger.to]];
    case "parent":
      return [[trigger.parentBuild]];
    case "manual":
      return [[trigger.requestedBy, eventId]];
  }
}

/** The token of several reasons that start one build together; of a single one, its own. Fits Image Builder's `clientToken`. */
export function combinedToken(tokens: readonly string[]): string {
  const [only] = tokens;
  return only && tokens.length === 1 ? only : hash(tokens.toSorted());
}

const hash = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 40);
