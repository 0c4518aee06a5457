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
export interface Denial {
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
export function parseDenial(message: string): Denial | undefined {
  const found = /not authorized to perform:? ([\w-]+:\w+)(?: on resource:? (\S+))?/.exec(message);
  if (!found?.[1]) return undefined;
  const [, action, resource] = found;
  const policy = /(?:because no|explicit deny in an?) ([A-Za-z -]+?)(?: allows|[:.]|\s*$)/.exec(message)?.[1];
  const by = kinds.find((kind) => kind === policy);
  const explicit = message.includes("explicit deny");
  return { action, ...(resource && { resource: resource.replace(/\.$/, "") }), by, explicit };
}
