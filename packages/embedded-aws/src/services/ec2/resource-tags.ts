import type { Tag, TagSpecification } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { invalidParameter } from "./refusals.ts";
import { ec2State } from "./state.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

const MAX_TAGS = 50;

const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** A reader of an account's tags, for many resources. */
export function tagReader(
  aws: EmbeddedAws,
  { account, region }: Place,
): (resourceId: string) => ReadonlyMap<string, string> {
  const { tags } = aws.state(ec2State, account, region);
  return (resourceId) => tags.get(resourceId) ?? NO_TAGS;
}

/** An account's tags of a resource. */
export const tagsOf = (aws: EmbeddedAws, place: Place, resourceId: string): ReadonlyMap<string, string> =>
  tagReader(aws, place)(resourceId);

export const toTags = (tags: ReadonlyMap<string, string>): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

export const fromTags = (tags: readonly Tag[] | undefined): [string, string][] =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);

/** The request's tags for new resources of one type. */
export const specifiedTags = (
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): [string, string][] =>
  (specifications ?? []).filter((one) => one.ResourceType === resourceType).flatMap((one) => fromTags(one.Tags));

/** Adds or overwrites. @throws InvalidParameterValue, TagLimitExceeded */
export function addTags(
  aws: EmbeddedAws,
  { account, region }: Place,
  resourceId: string,
  added: Iterable<readonly [string, string]>,
): void {
  const { tags } = aws.state(ec2State, account, region);
  const merged = new Map(tags.get(resourceId));
  for (const [key, value] of added) {
    requireValidTag(key, value);
    merged.set(key, value);
  }
  // AWS's own tags do not count (EC2 user guide, "Tag restrictions").
  if ([...merged.keys()].filter((key) => !key.startsWith("aws:")).length > MAX_TAGS) {
    throw new AwsError("TagLimitExceeded", `More than ${MAX_TAGS} tags specified`);
  }
  if (merged.size > 0) tags.set(resourceId, merged);
}

function requireValidTag(key: string, value: string): void {
  if (key.startsWith("aws:")) {
    throw invalidParameter("Tag keys starting with 'aws:' are reserved for internal use");
  }
  if (key.length === 0 || key.length > 127) {
    throw invalidParameter(`Tag key length should be between 1 and 127 characters: '${key}'`);
  }
  if (value.length > 255) {
    throw invalidParameter(`Tag value exceeds the maximum length of 255 characters: '${value}'`);
  }
}
