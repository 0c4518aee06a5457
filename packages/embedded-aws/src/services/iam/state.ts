import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";

/** IAM is global; its resources are stored in its endpoint's region. */
export const IAM_REGION = "us-east-1";

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  /** The trust policy, JSON. */
  trustPolicy: string;
  readonly tags: Map<string, string>;
  /** Policy name -> JSON. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  /** ARN of the permissions boundary. */
  boundary: string | undefined;
}

export interface PolicyVersion {
  /** `v1`, `v2`, ...: never reused. */
  readonly id: string;
  readonly created: number;
  /** JSON */
  readonly document: string;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly created: number;
  /** When its latest version was created. */
  updated: number;
  readonly description: string | undefined;
  readonly tags: Map<string, string>;
  /** By id, in the order of creation. */
  readonly versions: Map<string, PolicyVersion>;
  /** The version in force. */
  defaultVersion: PolicyVersion;
  /** The number of versions ever created. */
  versionsMade: number;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly created: number;
  readonly tags: Map<string, string>;
  /** AWS allows one. */
  role: string | undefined;
}

type Tag = { readonly Key: string | undefined; readonly Value: string | undefined };

/** Tags as in requests. */
export const tagMap = (tags: readonly Tag[] = []): Map<string, string> =>
  new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

/** Tags as IAM answers them: undefined instead of an empty list. */
export const tagList = (tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] | undefined =>
  tags.size ? [...tags].map(([Key, Value]) => ({ Key, Value })) : undefined;

interface IamState {
  readonly roles: Map<string, Role>;
  /** By ARN. */
  readonly policies: Map<string, ManagedPolicy>;
  readonly instanceProfiles: Map<string, InstanceProfile>;
}

const definition = defineState<IamState>("iam", () => ({
  roles: new Map(),
  policies: new Map(),
  instanceProfiles: new Map(),
}));

export const iamOf = (aws: EmbeddedAws, account: string): IamState => aws.state(definition, account, IAM_REGION);

/** The roles of every account. */
export function* allRoles(aws: EmbeddedAws): Iterable<Role> {
  for (const { state } of aws.places(definition)) yield* state.roles.values();
}

/** Undefined if the role does not exist. */
export function findRole(aws: EmbeddedAws, arn: string): Role | undefined {
  const account = arn.split(":")[4] ?? "";
  const role = iamOf(aws, account).roles.get(arn.slice(arn.lastIndexOf("/") + 1));
  return role?.arn === arn ? role : undefined;
}

/** A role's ARN by name, for authorization; with the root path if the role does not exist. */
export function roleArn({ aws, account }: Call, name: string | undefined): string {
  return iamOf(aws, account).roles.get(name ?? "")?.arn ?? `arn:aws:iam::${account}:role/${name}`;
}

export function instanceProfileArn({ aws, account }: Call, name: string | undefined): string {
  const profile = iamOf(aws, account).instanceProfiles.get(name ?? "");
  return profile?.arn ?? `arn:aws:iam::${account}:instance-profile/${name}`;
}
