import type { EmbeddedAws } from "./embedded-aws.ts";
import { defineState } from "./state.ts";

/** Where an account stands in its organization. */
export interface Membership {
  /** `o-...` */
  readonly id: string;
  /** `arn:aws:organizations::<management account>:organization/o-...` */
  readonly arn: string;
  readonly managementAccount: string;
  /** The units above the account, outermost first; the root is not among them. As many as the tree is deep there. */
  readonly units: readonly { readonly id: string; readonly arn: string }[];
  /** `o-.../r-.../ou-.../`: the condition key aws:PrincipalOrgPaths. */
  readonly path: string;
}

/** What a role was given. */
interface RoleInDirectory {
  readonly arn: string;
  /** `AROA...`: a role of the same name that is made later has another one. */
  readonly id: string;
  /** Policy name -> JSON. */
  readonly inline: ReadonlyMap<string, string>;
  /** ARNs of managed policies. */
  readonly attached: ReadonlySet<string>;
  /** ARN of the managed policy that bounds what the role may be granted. */
  readonly boundary: string | undefined;
}

/** What authorization and limits ask of Organizations and IAM, whose services answer it. */
export interface Directory {
  /** Undefined for an account outside every organization. */
  organizationOf(aws: EmbeddedAws, account: string): Membership | undefined;
  /** The service control policies (JSON) over an account by level, root first; each level must allow what is asked. */
  serviceControlLevels(aws: EmbeddedAws, account: string): readonly (readonly string[])[];
  /** Undefined where no such role is. */
  findRole(aws: EmbeddedAws, arn: string): RoleInDirectory | undefined;
  /** The roles of every account. */
  allRoles(aws: EmbeddedAws): Iterable<RoleInDirectory>;
  /** A managed policy's JSON, AWS's own or a customer's; undefined where there is none. */
  findManagedPolicy(aws: EmbeddedAws, arn: string): string | undefined;
}

const definition = defineState("directory", (): { current: Directory | undefined } => ({ current: undefined }));

export const setDirectory = (aws: EmbeddedAws, directory: Directory): void => {
  aws.state(definition, "", "").current = directory;
};

/** @throws Error for an AWS that was made without one */
export function directoryOf(aws: EmbeddedAws): Directory {
  const { current } = aws.state(definition, "", "");
  if (!current) throw new Error("This AWS has no directory.");
  return current;
}
