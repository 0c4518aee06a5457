import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";

/** IAM is global; its resources are kept where its endpoint is. */
export const IAM_REGION = "us-east-1";

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly description: string | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** The trust policy, JSON. */
  readonly trustPolicy: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Policy name -> JSON. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  /** ARN of the managed policy that bounds what the role may be granted. */
  boundary: string | undefined;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly created: number;
  readonly description: string | undefined;
  readonly document: string;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly created: number;
  /** AWS allows one. */
  role: string | undefined;
}

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

/** Undefined where no such role is. */
export function findRole(aws: EmbeddedAws, arn: string): Role | undefined {
  const account = arn.split(":")[4] ?? "";
  const role = iamOf(aws, account).roles.get(arn.slice(arn.lastIndexOf("/") + 1));
  return role?.arn === arn ? role : undefined;
}

/** A role's ARN by its name, for authorization: that of the root path where there is no such role. */
export function roleArn({ aws, account }: Call, name: string | undefined): string {
  return iamOf(aws, account).roles.get(name ?? "")?.arn ?? `arn:aws:iam::${account}:role/${name}`;
}

export function instanceProfileArn({ aws, account }: Call, name: string | undefined): string {
  const profile = iamOf(aws, account).instanceProfiles.get(name ?? "");
  return profile?.arn ?? `arn:aws:iam::${account}:instance-profile/${name}`;
}
