import { consumerRoleName } from "../names.ts";

/** AWS's error for a check in a consumer account. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A check in a consumer account. */
export interface Trial {
  readonly account: string;
  readonly region: string;
  /** The IAM action: `ec2:RunInstances`. */
  readonly action: string;
  /** The resource: an AMI, a key, a role, a parameter. */
  readonly on: string;
  readonly factory: string;
  /** Whether the account's Allowed AMIs settings hide images from it. */
  readonly hidesImages?: boolean;
}

/** The missing permission or setting that keeps a consumer from launching, and how to fix it. */
export interface Missing {
  readonly piece: string;
  readonly fix: string;
  /** The check could not run there, which says nothing about the share. */
  readonly notTried?: true;
}

/** Where, what and the fix, in one sentence. */
export const sayMissing = ({ account, region }: Pick<Trial, "account" | "region">, { piece, fix }: Missing): string =>
  `account ${account} in ${region}: ${piece}; ${fix}`;

/** Explains a refusal. Unknown errors are quoted. */
export function explainRefusal({ code, message }: Refusal, trial: Trial): Missing {
  if (trial.action === "sts:AssumeRole" && isDenied(code)) return explainNoEntry(parseDenial(message), trial);
  const known = KNOWN[code];
  if (known) return known(trial, message);
  if (isDenied(code)) return explainDenial(parseDenial(message), message, trial);
  return { piece: `${trial.action} failed with ${code} (${message})`, fix: "look up the error in AWS's documentation" };
}

const isDenied = (code: string): boolean => /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(code);

const deploy = "deploy the factory";

/** The cause is in the factory's account or in the consumer's. STS gives no details across accounts, so both are named. */
function explainNoEntry(denial: Denial | undefined, { account, on, factory }: Trial): Missing {
  if (denial?.by === "identity-based policy") {
    return { piece: `sts:AssumeRole on ${on} denied by the policy of the factory's own function`, fix: deploy };
  }
  if (denial?.by === "service control policy") return explainControl(denial, account);
  return {
    piece: `the role ${on} cannot be assumed`,
    fix: `it does not exist, or its trust policy does not allow the factory: the StackSet with ${consumerRoleName(factory)} must reach the account (amint validate reports problems)`,
  };
}

function explainDenial(denial: Denial | undefined, message: string, trial: Trial): Missing {
  const { action, on, account, factory } = trial;
  if (!denial) return { piece: `${action} on ${on} denied (${message})`, fix: `check the account's policies` };
  switch (denial.by) {
    case "identity-based policy":
    case "session policy":
      return {
        piece: `${denial.action} on ${denial.resource ?? on} denied by the policy of the role ${consumerRoleName(factory)}`,
        fix: `${deploy}: its StackSet updates the role`,
      };
    case "service control policy":
    case "resource control policy":
      return explainControl(denial, account);
    case "permissions boundary":
      return {
        piece: `${denial.action} denied by the permissions boundary of the role ${consumerRoleName(factory)}`,
        fix: `the boundary must allow ${denial.action}`,
      };
    case "VPC endpoint policy":
      return {
        piece: `${denial.action} denied by a VPC endpoint policy`,
        fix: "the endpoint's policy must allow it",
      };
    case "resource-based policy":
      return explainResource(denial, trial);
    case undefined:
      return {
        piece: `${denial.action} denied on ${denial.resource ?? on}`,
        fix: "AWS does not name the policy: check the role's and the organization's policies",
      };
  }
}

const explainControl = ({ action, by }: Denial, account: string): Missing => ({
  piece: `${action} denied by a ${by}`,
  fix: `the organization's policies for account ${account} must allow ${action}`,
});

/** The resource belongs to the factory, whose stack sets the policy. */
function explainResource({ action, resource = "", explicit }: Denial, { on }: Trial): Missing {
  const how = explicit ? "explicitly denied by" : "denied by";
  const what = resource || on;
  if (action.startsWith("kms:")) {
    return {
      piece: `${action} ${how} the key policy of ${what}`,
      fix: `${deploy}, or restore the key policy's statement ${keyStatement(action)}`,
    };
  }
  if (action.startsWith("ssm:")) {
    return {
      piece: `${action} ${how} the RAM share of ${what}`,
      fix: `the parameter must be shared through RAM with all of the channel's principals, and RAM sharing must be enabled for the organization (amint validate)`,
    };
  }
  return { piece: `${action} ${how} the policy of ${what}`, fix: deploy };
}

/** The statement's Sid in the factory's stack. Direct grants are allowed only for Auto Scaling. */
const keyStatement = (action: string): string =>
  action === "kms:CreateGrant" ? "OrganizationGrantsToAutoScaling" : "OrganizationUses";

const notFound = ({ on, account, hidesImages }: Trial): Missing =>
  hidesImages
    ? {
        piece: `${on} is not allowed by the account's Allowed AMIs settings`,
        fix: "they must allow the factory's account as an image provider (amint policy allowed-images prints the policy)",
      }
    : {
        piece: `the launch permission for ${on}`,
        fix: `the AMI is not shared with account ${account}: amint shares lists its recipients`,
      };

const regionOff = ({ region, account }: Trial): Missing => ({
  piece: `the region ${region} is not enabled in the account`,
  fix: `enable it in account ${account}, or remove it from the channel's regions`,
});

const instanceType = (_trial: Trial, message: string): Missing => ({
  piece: `the instance type cannot be launched (${message})`,
  fix: "set another type in consumers.canary.instanceTypes",
});

const quota = ({ account, region }: Trial, message: string): Missing => ({
  piece: `the account's quota does not allow another instance (${message})`,
  fix: `raise its quota in account ${account}, ${region}; the share is probably not the cause`,
});

const capacity = ({ region }: Trial, message: string): Missing => ({
  piece: `AWS has no capacity for the canary (${message})`,
  fix: `set another type in consumers.canary.instanceTypes, or promote later; the share in ${region} is probably not the cause`,
});

const noNetwork =
  (why: string) =>
  ({ account, region }: Trial): Missing => ({
    piece: `a network to launch in: ${why}`,
    fix: `set a subnet of account ${account} in consumers.subnets["${account}"]["${region}"]`,
    notTried: true,
  });

/** No subnet, or more than one, of a consumer account has the configured tag. */
export const noSubnetByTag = ({ account, region }: Pick<Trial, "account" | "region">, found: number): Missing => ({
  piece: `a network to launch in: ${found === 0 ? "no subnet has" : `${found} subnets have`} the tags that consumers.subnets names`,
  fix: `tag exactly one subnet of account ${account} in ${region}, or set one in consumers.subnets["${account}"]["${region}"]`,
  notTried: true,
});

const key =
  (what: string) =>
  (trial: Trial): Missing => ({
    piece: `the key ${trial.on} ${what}`,
    fix: "AMIs that are encrypted with it cannot be launched: enable the key, or cancel its deletion",
  });

/** Explanations by error code of EC2, KMS, SSM and STS (their API references, "Errors" and "Error codes"). */
const KNOWN: Readonly<Record<string, (trial: Trial, message: string) => Missing>> = {
  "InvalidAMIID.NotFound": notFound,
  "InvalidAMIID.Unavailable": ({ on }) => ({
    piece: `${on} is not available`,
    fix: "it was disabled, deregistered or never finished: check it in the factory's account",
  }),
  // Valid credentials are rejected in a region that the account has not enabled.
  AuthFailure: regionOff,
  OptInRequired: regionOff,
  RegionDisabledException: regionOff,
  UnrecognizedClientException: regionOff,
  InvalidClientTokenId: regionOff,
  VPCIdNotSpecified: noNetwork("the account has no default VPC in the region"),
  MissingInput: noNetwork("the account's default VPC has no subnet in the region"),
  "InvalidSubnetID.NotFound": ({ account, region }, message) => ({
    piece: `the subnet that consumers.subnets names for the account in ${region} (${message})`,
    fix: `set a subnet of account ${account}`,
  }),
  Unsupported: instanceType,
  InstanceTypeNotSupported: instanceType,
  InsufficientInstanceCapacity: capacity,
  InstanceLimitExceeded: quota,
  VcpuLimitExceeded: quota,
  DisabledException: key("is disabled"),
  KMSInvalidStateException: key("is pending deletion, or pending import of key material"),
  NotFoundException: key("does not exist in the region"),
  ParameterNotFound: ({ on }) => ({
    piece: `the parameter ${on} does not exist`,
    fix: `${deploy}, or promote the build again`,
  }),
};
/** The policy types that AWS names in access denied errors (IAM user guide, "Access denied error messages"). */
const kinds = [
  "identity-based policy",
  "resource-based policy",
  "service control policy",
  "resource control policy",
  "permissions boundary",
  "session policy",
  "VPC endpoint policy",
] as const;

/** The parts of an access denied error. */
interface Denial {
  /** `kms:Decrypt` */
  readonly action: string;
  readonly resource?: string;
  /** The policy type; undefined if AWS does not name it, which is common across accounts. */
  readonly by: (typeof kinds)[number] | undefined;
  /** A statement explicitly denied it. */
  readonly explicit: boolean;
}

/**
 * Parses `User: ... is not authorized to perform: ec2:RunInstances on resource: ... because no identity-based policy allows
 * the ec2:RunInstances action`, in the variants of AWS's services.
 * @returns undefined if the message does not name an action: EC2 encodes some messages
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
