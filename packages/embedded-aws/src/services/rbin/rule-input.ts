import type { ResourceType } from "./state.ts";

/** The inputs and outputs of Recycle Bin's operations (Recycle Bin API reference). */

interface RetentionPeriod {
  readonly RetentionPeriodValue: number;
  readonly RetentionPeriodUnit: "DAYS";
}

export interface TagOfResource {
  readonly ResourceTagKey: string;
  readonly ResourceTagValue?: string;
}

interface LockConfiguration {
  readonly UnlockDelay: { readonly UnlockDelayValue: number; readonly UnlockDelayUnit: "DAYS" };
}

export type LockState = "locked" | "pending_unlock" | "unlocked";

export interface RuleTag {
  readonly Key: string;
  readonly Value: string;
}

export interface CreateRuleInput {
  readonly RetentionPeriod: RetentionPeriod;
  readonly ResourceType: ResourceType;
  readonly Description?: string;
  readonly Tags?: readonly RuleTag[];
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockConfiguration?: LockConfiguration;
}

export interface UpdateRuleInput extends Partial<Omit<CreateRuleInput, "Tags" | "LockConfiguration">> {
  readonly Identifier: string;
}

export interface ListRulesInput {
  readonly ResourceType: ResourceType;
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockState?: LockState;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface NamedRule {
  readonly Identifier: string;
}

export interface LockRuleInput extends NamedRule {
  readonly LockConfiguration: LockConfiguration;
}

export interface RuleSummary {
  readonly Identifier: string;
  readonly Description?: string;
  readonly RetentionPeriod: RetentionPeriod;
  readonly LockState?: LockState;
  readonly RuleArn: string;
}

export interface RuleOutput extends RuleSummary {
  readonly ResourceType: ResourceType;
  readonly Status: "pending" | "available";
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockConfiguration?: LockConfiguration;
  readonly LockEndTime?: Date;
}
