import { createHash } from "node:crypto";
import { type ApplicableAdvisory, MOST_REPORTED, type Trigger } from "../../events/build.ts";

/** One reason to build an image, with its unique token. */
export interface Reason {
  readonly token: string;
  /** For a trigger by packages: the part with this one advisory. */
  readonly trigger: Trigger;
}

type PackagesTrigger = Extract<Trigger, { kind: "packages" }>;

/**
 * Splits a trigger into its reasons, because some may already be known while others are new.
 * @param eventId see `reasonTokens`
 */
export const toReasons = (image: string, trigger: Trigger, eventId: string): Reason[] =>
  split(trigger).flatMap((part) => reasonTokens(image, part, eventId).map((token) => ({ token, trigger: part })));

function split(trigger: Trigger): Trigger[] {
  if (trigger.kind !== "packages") return [trigger];
  return [
    ...trigger.advisories.map((advisory) => ({ ...trigger, advisories: [advisory], others: [] })),
    ...trigger.others.map((id) => ({ ...trigger, advisories: [], others: [id] })),
  ];
}

/** Characters of advisories that are described in full, so that neither the ledger's item (400 KB) nor an event (256 KB) is too large. */
const MOST_CHARACTERS = 64_000;

/** The newest triggers are kept in full; older ones are known by their tokens only. */
const MOST_TRIGGERS = 100;

/** Merges triggers for a build's record: all advisories in one trigger, the others unchanged, both within limits. */
export function mergeTriggers(triggers: readonly Trigger[]): Trigger[] {
  const packages = triggers.filter((trigger) => trigger.kind === "packages");
  const rest = triggers.filter((trigger) => trigger.kind !== "packages").slice(-MOST_TRIGGERS);
  return [...(packages.length > 0 ? [mergePackages(packages)] : []), ...rest];
}

function mergePackages(triggers: readonly PackagesTrigger[]): PackagesTrigger {
  const known = new Map<string, ApplicableAdvisory>();
  for (const advisory of triggers.flatMap(({ advisories }) => advisories)) known.set(advisory.id, advisory);
  const advisories: ApplicableAdvisory[] = [];
  const others = new Set(triggers.flatMap(({ others }) => others).filter((id) => !known.has(id)));
  let characters = 0;
  for (const [id, advisory] of known) {
    characters += JSON.stringify(advisory).length;
    if (advisories.length < MOST_REPORTED && characters <= MOST_CHARACTERS) advisories.push(advisory);
    else others.add(id);
  }
  const build = triggers.at(-1)!.build;
  return { kind: "packages", build, advisories, others: [...others] };
}

/**
 * The tokens of a trigger's reasons. The same reason always has the same token, so it starts one build. A trigger by
 * packages has one token for each advisory, every other trigger has one.
 * @param eventId distinguishes manual requests by the same person; other triggers identify themselves
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

/** One token for all reasons of a build; for a single reason, its own. Valid as Image Builder's `clientToken`. */
export function combinedToken(tokens: readonly string[]): string {
  const [only] = tokens;
  return only && tokens.length === 1 ? only : hash(tokens.toSorted());
}

const hash = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 40);
