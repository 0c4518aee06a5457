import { defineState } from "../../engine/embedded-aws.ts";

/** Resource types that a rule can retain. Volumes cannot be deleted here, so their rules retain nothing. */
export type ResourceType = "EBS_SNAPSHOT" | "EC2_IMAGE" | "EBS_VOLUME";

/** A tag that selects resources for a rule; without a value any value matches. */
export interface ResourceTag {
  readonly key: string;
  readonly value: string | undefined;
}

interface Lock {
  /** Days during which an unlocked rule cannot be changed yet. */
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
  /** For a tag-level rule; empty: the rule is for the whole region. */
  resourceTags: readonly ResourceTag[];
  /** For a region-level rule: resources with one of these are not retained. */
  excludeTags: readonly ResourceTag[];
  /** The rule's own. */
  readonly tags: Map<string, string>;
  /** When it becomes active; before, its status is `pending`. */
  readonly activeAt: number;
  /** Undefined: it was never locked. */
  lock: Lock | undefined;
}

/** By id, oldest first. */
export const rbinState = defineState("rbin", () => ({
  rules: new Map<string, Rule>(),
  /** Whether a rule ever existed: the first takes time. */
  started: false,
}));
