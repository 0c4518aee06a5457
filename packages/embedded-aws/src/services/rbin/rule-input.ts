import type { ResourceType } from "./state.ts";

/** The inputs and outputs of Recycle Bin's operations (Recycle Bin API reference). */

export interface TagOfResource {
  readonly ResourceTagKey: string;
  readonly ResourceTagValue?: string;
}

export type LockState = "locked" | "pending_unlock" | "unlocked";

export interface RuleTag {
  readonly Key: string;
  readonly Value: string;
}

export interface CreateRuleInput {
  readonly RetentionPeriod: { readonly RetentionPeriodValue: number; readonly RetentionPeriodUnit: "DAYS" };
  readonly ResourceType: ResourceType;
  readonly Description?: string;
  readonly Tags?: readonly RuleTag[];
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockConfiguration?: {
    readonly UnlockDelay: { readonly UnlockDelayValue: number; readonly UnlockDelayUnit: "DAYS" };
  };
}

interface UpdateRuleInput extends Partial<Omit<CreateRuleInput, "Tags" | "LockConfiguration">> {
  readonly Identifier: string;
}

interface ListRulesInput {
  readonly ResourceType: ResourceType;
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockState?: LockState;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface NamedRule {
  readonly Identifier: string;
}

interface LockRuleInput extends NamedRule {
  readonly LockConfiguration: {
    readonly UnlockDelay: { readonly UnlockDelayValue: number; readonly UnlockDelayUnit: "DAYS" };
  };
}

export interface RuleSummary {
  readonly Identifier: string;
  readonly Description?: string;
  readonly RetentionPeriod: { readonly RetentionPeriodValue: number; readonly RetentionPeriodUnit: "DAYS" };
  readonly LockState?: LockState;
  readonly RuleArn: string;
}

export interface RuleOutput extends RuleSummary {
  readonly ResourceType: ResourceType;
  readonly Status: "pending" | "available";
  readonly ResourceTags?: readonly TagOfResource[];
  readonly ExcludeResourceTags?: readonly TagOfResource[];
  readonly LockConfiguration?: {
    readonly UnlockDelay: { readonly UnlockDelayValue: number; readonly UnlockDelayUnit: "DAYS" };
  };
  readonly LockEndTime?: Date;
}

interface TaggedRule {
  readonly ResourceArn: string;
}

/** The part of an SDK command that `Operations` uses. */
type Command<Input, Output> = new () => {
  readonly input: Input;
  resolveMiddleware(): () => Promise<{ output: Output }>;
};

/** Replaces the SDK's client module; see `model.ts`. */
export interface RecycleBin {
  readonly CreateRuleCommand: Command<CreateRuleInput, RuleOutput & { readonly Tags?: readonly RuleTag[] }>;
  readonly DeleteRuleCommand: Command<NamedRule, object>;
  readonly GetRuleCommand: Command<NamedRule, RuleOutput>;
  readonly ListRulesCommand: Command<ListRulesInput, { readonly Rules: RuleSummary[]; readonly NextToken?: string }>;
  readonly ListTagsForResourceCommand: Command<TaggedRule, { readonly Tags: readonly RuleTag[] }>;
  readonly LockRuleCommand: Command<LockRuleInput, RuleOutput>;
  readonly TagResourceCommand: Command<TaggedRule & { readonly Tags: readonly RuleTag[] }, object>;
  readonly UnlockRuleCommand: Command<NamedRule, RuleOutput>;
  readonly UntagResourceCommand: Command<TaggedRule & { readonly TagKeys: readonly string[] }, object>;
  readonly UpdateRuleCommand: Command<UpdateRuleInput, RuleOutput>;
}
