import { defineState, type EmbeddedAws } from "./embedded-aws.ts";

/** An account's position in its organization. */
export interface Membership {
  /** `o-...` */
  readonly id: string;
  /** `arn:aws:organizations::<management account>:organization/o-...` */
  readonly arn: string;
  readonly managementAccount: string;
  /** The OUs above the account, outermost first, without the root. */
  readonly units: readonly { readonly id: string; readonly arn: string }[];
  /** `o-.../r-.../ou-.../`: the condition key aws:PrincipalOrgPaths. */
  readonly path: string;
}

/** A role with its policies. */
interface RoleInDirectory {
  readonly arn: string;
  /** `AROA...`: a later role of the same name has a different one. */
  readonly id: string;
  /** Policy name -> JSON. */
  readonly inline: ReadonlyMap<string, string>;
  /** ARNs of managed policies. */
  readonly attached: ReadonlySet<string>;
  /** ARN of the managed policy that is the role's permissions boundary. */
  readonly boundary: string | undefined;
}

/** What authorization and limits need from Organizations and IAM, which implement it. */
export interface Directory {
  /** Undefined for an account outside every organization. */
  organizationOf(aws: EmbeddedAws, account: string): Membership | undefined;
  /**
   * The service control policies (JSON) that apply to an account, by level, root first; each level must allow the
   * request.
   */
  serviceControlLevels(aws: EmbeddedAws, account: string): readonly (readonly string[])[];
  /** Undefined if the role does not exist. */
  findRole(aws: EmbeddedAws, arn: string): RoleInDirectory | undefined;
  /** The roles of every account. */
  allRoles(aws: EmbeddedAws): Iterable<RoleInDirectory>;
  /** A managed policy's JSON, AWS's or a customer's; undefined if it does not exist. */
  findManagedPolicy(aws: EmbeddedAws, arn: string): string | undefined;
}

const definition = defineState("directory", (): { current: Directory | undefined } => ({ current: undefined }));

export const setDirectory = (aws: EmbeddedAws, directory: Directory): void => {
  aws.state(definition, "", "").current = directory;
};

/** @throws Error for an AWS that was created without a directory */
export function directoryOf(aws: EmbeddedAws): Directory {
  const { current } = aws.state(definition, "", "");
  if (!current) throw new Error("This AWS has no directory.");
  return current;
}
