import { consumerRoleName } from "../names.ts";

/** What AWS answered to something that was tried in a consumer's account. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What was tried, and where. */
export interface Trial {
  readonly account: string;
  readonly region: string;
  /** As IAM calls it: `ec2:RunInstances`. */
  readonly action: string;
  /** What it was tried on: an AMI, a key, a role, a parameter. */
  readonly on: string;
  readonly factory: string;
  /** Whether the account's Allowed AMIs settings hide images from it. */
  readonly hidesImages?: boolean;
}

/** What keeps a consumer from launching, for people, and what they can do about it. */
export interface Missing {
  readonly piece: string;
  readonly fix: string;
  /** The launch could not be tried there, which says nothing about the share. */
  readonly notTried?: true;
}

/** Where, what and the way out, in one sentence. */
export const sayMissing = ({ account, region }: Pick<Trial, "account" | "region">, { piece, fix }: Missing): string =>
  `account ${account} in ${region}: ${piece}; ${fix}`;

/** Names the missing piece behind a refusal. What is not known is told in AWS's own words. */
export function explainRefusal({ code, message }: Refusal, trial: Trial): Missing {
  if (trial.action === "sts:AssumeRole" && isDenied(code)) return explainNoEntry(parseDenial(message), trial);
  const known = KNOWN[code];
  if (known) return known(trial, message);
  if (isDenied(code)) return explainDenial(parseDenial(message), message, trial);
  return { piece: `${trial.action} refused with ${code} (${message})`, fix: "see what AWS says of this error" };
}

const isDenied = (code: string): boolean => /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(code);

const deploy = "deploy the factory";

/** The factory's own side, or the account's; STS says so little of another account's role that both are named. */
function explainNoEntry(denial: Denial | undefined, { account, on, factory }: Trial): Missing {
  if (denial?.by === "identity-based policy") {
    return { piece: `sts:AssumeRole on ${on} denied by the policy of the factory's own function`, fix: deploy };
  }
  if (denial?.by === "service control policy") return explainControl(denial, account);
  return {
    piece: `the role ${on} cannot be assumed`,
    fix: `it is missing or trusts somebody else: the StackSet of ${consumerRoleName(factory)} must reach the account (amint validate says what keeps it)`,
  };
}

function explainDenial(denial: Denial | undefined, message: string, trial: Trial): Missing {
  const { action, on, account, factory } = trial;
  if (!denial) return { piece: `${action} on ${on} denied (${message})`, fix: `look at the account's policies` };
  switch (denial.by) {
    case "identity-based policy":
    case "session policy":
      return {
        piece: `${denial.action} on ${denial.resource ?? on} denied by the policy of the role ${consumerRoleName(factory)}`,
        fix: `${deploy}: its StackSet brings the role up to date`,
      };
    case "service control policy":
    case "resource control policy":
      return explainControl(denial, account);
    case "permissions boundary":
      return {
        piece: `${denial.action} denied by the permissions boundary of the role ${consumerRoleName(factory)}`,
        fix: `the boundary must let ${denial.action} through`,
      };
    case "VPC endpoint policy":
      return {
        piece: `${denial.action} denied by a VPC endpoint policy`,
        fix: "the endpoint's policy must let it through",
      };
    case "resource-based policy":
      return explainResource(denial, trial);
    case undefined:
      return {
        piece: `${denial.action} denied on ${denial.resource ?? on}`,
        fix: "AWS names no policy: look at the role's and at the organization's",
      };
  }
}

const explainControl = ({ action, by }: Denial, account: string): Missing => ({
  piece: `${action} denied by a ${by}`,
  fix: `the organization's policies over account ${account} must let ${action} through`,
});

/** The resource is the factory's: its stack says who may do what with it. */
function explainResource({ action, resource = "", explicit }: Denial, { on }: Trial): Missing {
  const how = explicit ? "denied in so many words by" : "denied by";
  const what = resource || on;
  if (action.startsWith("kms:")) {
    return {
      piece: `${action} ${how} the key policy of ${what}`,
      fix: `${deploy}, or put back the key policy's statement ${keyStatement(action)}`,
    };
  }
  if (action.startsWith("ssm:")) {
    return {
      piece: `${action} ${how} the RAM share of ${what}`,
      fix: `the parameter must be shared through RAM with all of the channel's principals, and the organization must have RAM sharing on (amint validate)`,
    };
  }
  return { piece: `${action} ${how} the policy of ${what}`, fix: deploy };
}

/** By their names in the factory's stack. Directly, grants can be made for Auto Scaling only. */
const keyStatement = (action: string): string =>
  action === "kms:CreateGrant" ? "OrganizationGrantsToAutoScaling" : "OrganizationUses";

const notFound = ({ on, account, hidesImages }: Trial): Missing =>
  hidesImages
    ? {
        piece: `${on} is not allowed by the account's Allowed AMIs settings`,
        fix: "they must take the factory's account as an image provider (amint policy allowed-images prints the policy)",
      }
    : {
        piece: `the launch permission for ${on}`,
        fix: `the AMI is not shared with account ${account}: amint shares shows with whom it is`,
      };

const regionOff = ({ region, account }: Trial): Missing => ({
  piece: `the region ${region} is not enabled in the account`,
  fix: `enable it in account ${account}, or leave it out of the channel's regions`,
});

const instanceType = (_trial: Trial, message: string): Missing => ({
  piece: `the instance type cannot be launched (${message})`,
  fix: "name another in consumers.canary.instanceTypes",
});

const quota = ({ account, region }: Trial, message: string): Missing => ({
  piece: `the account has no room for one instance (${message})`,
  fix: `raise its quota in account ${account}, ${region}; nothing says that the share is at fault`,
});

const capacity = ({ region }: Trial, message: string): Missing => ({
  piece: `AWS has no capacity for the canary (${message})`,
  fix: `name another type in consumers.canary.instanceTypes, or promote later; nothing says that the share in ${region} is at fault`,
});

const noNetwork =
  (why: string) =>
  ({ account, region }: Trial): Missing => ({
    piece: `a network to launch in: ${why}`,
    fix: `name a subnet of account ${account} in consumers.subnets["${account}"]["${region}"]`,
    notTried: true,
  });

/** Tags that no subnet, or more than one, of a consumer's account has. */
export const noSubnetByTag = ({ account, region }: Pick<Trial, "account" | "region">, found: number): Missing => ({
  piece: `a network to launch in: ${found === 0 ? "no subnet has" : `${found} subnets have`} the tags that consumers.subnets names`,
  fix: `tag exactly one subnet of account ${account} in ${region} so, or name one in consumers.subnets["${account}"]["${region}"]`,
  notTried: true,
});

const key =
  (what: string) =>
  (trial: Trial): Missing => ({
    piece: `the key ${trial.on} ${what}`,
    fix: "nothing that is encrypted with it can be launched: enable the key, or cancel its deletion",
  });

/** By EC2's, KMS's, SSM's and STS's error codes (their API references, "Errors" and "Error codes"). */
const KNOWN: Readonly<Record<string, (trial: Trial, message: string) => Missing>> = {
  "InvalidAMIID.NotFound": notFound,
  "InvalidAMIID.Unavailable": ({ on }) => ({
    piece: `${on} is not available`,
    fix: "it was disabled, deregistered or never finished: look at it in the factory's account",
  }),
  // Keys that are good elsewhere are not known in a region that the account has not enabled.
  AuthFailure: regionOff,
  OptInRequired: regionOff,
  RegionDisabledException: regionOff,
  UnrecognizedClientException: regionOff,
  InvalidClientTokenId: regionOff,
  VPCIdNotSpecified: noNetwork("the account has no default VPC there"),
  MissingInput: noNetwork("the account's default VPC has no subnet there"),
  "InvalidSubnetID.NotFound": ({ account, region }, message) => ({
    piece: `the subnet that consumers.subnets names for the account in ${region} (${message})`,
    fix: `name one of account ${account}`,
  }),
  Unsupported: instanceType,
  InstanceTypeNotSupported: instanceType,
  InsufficientInstanceCapacity: capacity,
  InstanceLimitExceeded: quota,
  VcpuLimitExceeded: quota,
  DisabledException: key("is disabled"),
  KMSInvalidStateException: key("waits for its deletion, or for its material"),
  NotFoundException: key("does not exist in the region"),
  ParameterNotFound: ({ on }) => ({
    piece: `the parameter ${on} does not exist`,
    fix: `${deploy}, or promote the build again`,
  }),
};
/** The kinds of policy that AWS names in its refusals (IAM user guide, "Access denied error messages"). */
const kinds = [
  "identity-based policy",
  "resource-based policy",
  "service control policy",
  "resource control policy",
  "permissions boundary",
  "session policy",
  "VPC endpoint policy",
] as const;

/** What a refusal says of itself. */
interface Denial {
  /** `kms:Decrypt` */
  readonly action: string;
  readonly resource?: string;
  /** The kind of policy; undefined where AWS does not name it, as it often does across accounts. */
  readonly by: (typeof kinds)[number] | undefined;
  /** A statement denied it, rather than none allowing it. */
  readonly explicit: boolean;
}

/**
 * Reads `User: ... is not authorized to perform: ec2:RunInstances on resource: ... because no identity-based policy
 * allows the ec2:RunInstances action`, in the forms that AWS's services give it.
 * @returns undefined where the message names no action: EC2 encodes some of them
 */
function parseDenial(message: string): Denial | undefined {
  const found = /not authorized to perform:? ([\w-]+:\w+)(?: on resource:? (\S+))?/.exec(message);
  if (!found?.[1]) return undefined;
  const [, action, resource] = found;
  const policy = /(?:because no|explicit deny in an?) ([A-Za-z -]+?)(?: allows|[:.]|\s*$)/.exec(message)?.[1];
  const by = kinds.find((kind) => kind === policy);
  const explicit = message.includes("explicit deny");
  return { action, ...(resource && { resource: resource.replace(/\.$/, "") }), by, explicit };
}
