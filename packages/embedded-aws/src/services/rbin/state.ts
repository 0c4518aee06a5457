import { defineState } from "../../engine/state.ts";

/** What a rule can retain. Volumes cannot be deleted here, so that their rules retain nothing. */
export type ResourceType = "EBS_SNAPSHOT" | "EC2_IMAGE" | "EBS_VOLUME";

/** A tag by which a rule chooses resources; without a value any value will do. */
export interface ResourceTag {
  readonly key: string;
  readonly value: string | undefined;
}

interface Lock {
  /** How long an unlocked rule cannot be changed yet. */
  readonly delayDays: number;
  /** When it was unlocked; undefined while it is locked. */
  readonly unlockedAt: number | undefined;
}

export interface Rule {
  readonly id: string;
  readonly arn: string;
  readonly resourceType: ResourceType;
  retentionDays: number;
  description: string | undefined;
  /** Of a tag-level rule; empty: the rule is for the whole region. */
  resourceTags: readonly ResourceTag[];
  /** Of a region-level rule: what has one of these is not retained. */
  excludeTags: readonly ResourceTag[];
  /** The rule's own. */
  readonly tags: Map<string, string>;
  /** From then on it retains; before, its status is `pending`. */
  readonly activeAt: number;
  /** Undefined: it was never locked. */
  lock: Lock | undefined;
}

/** By id, oldest first. */
export const rbinState = defineState("rbin", () => ({
  rules: new Map<string, Rule>(),
  /** Whether there ever was a rule: the first takes time. */
  started: false,
}));
