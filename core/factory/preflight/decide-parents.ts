import { type Check, fails, fine } from "./check.ts";

export interface ParentFacts {
  readonly image: string;
  /** How the config names it. */
  readonly by: "ssm" | "ami" | "imageBuilder";
  /** The parameter, the pattern with its owner, or the ARN. */
  readonly named: string;
  /** The config's architecture. */
  readonly architecture: string;
  readonly rootDevice: string | undefined;
  readonly volumeGiB: number | undefined;
  /** Undefined if it does not exist. */
  readonly amiId: string | undefined;
  /** Undefined: EC2 shows no such AMI to the account. */
  readonly ami: ParentAmi | undefined;
}

export interface ParentAmi {
  readonly architecture: string;
  readonly rootDeviceType: string;
  readonly rootDeviceName: string;
  /** Size of its root device; undefined if EC2 does not return it. */
  readonly volumeGiB: number | undefined;
  readonly productCodes: readonly string[];
  /** Time of deprecation, if any. ISO 8601. */
  readonly deprecated: string | undefined;
}

const SORTS = { ssm: "parameter", ami: "AMI", imageBuilder: "image that AWS manages" } as const;

/** Decides on an image's parent in the config and the AMI that it resolves to. */
export function decideParent(facts: ParentFacts): Check {
  const { image, by, named, architecture, rootDevice, volumeGiB, amiId, ami } = facts;
  const subject = { check: "parent", where: `images.${image}.parent.${by}` };
  const says = (found: string, breaks: string, fix: string): Check => fails(subject, found, breaks, fix);
  const build = `builds of ${image}`;
  if (amiId === undefined) return says(`no ${SORTS[by]} ${named}`, build, "name one that exists");
  if (!ami) {
    const fix = "have it shared with this account, and admitted where the account limits AMIs (Allowed AMIs)";
    return says(`${amiId} of ${named} is not visible`, build, fix);
  }
  const what = `${amiId}: ${ami.architecture}, ${ami.rootDeviceName} on ${ami.rootDeviceType}`;
  if (ami.architecture !== architecture) {
    return says(what, `${build}, which is ${architecture}`, `change images.${image}.architecture or the parent`);
  }
  if (ami.deprecated !== undefined) {
    return says(
      `${what}; deprecated since ${ami.deprecated}`,
      `${build}, once its owner removes it: it gets no more updates`,
      "name a parent that its vendor still publishes",
    );
  }
  if (ami.rootDeviceType !== "ebs")
    return says(what, `${build}: its root device is not an EBS volume`, "name another AMI");
  if (rootDevice !== undefined && ami.rootDeviceName !== rootDevice) {
    return says(
      what,
      `${build}: its recipe sets the size and key of ${rootDevice}`,
      `change images.${image}.os, or name an AMI that boots from ${rootDevice}`,
    );
  }
  if (volumeGiB !== undefined && ami.volumeGiB !== undefined && volumeGiB < ami.volumeGiB) {
    return says(
      `${what}; its root volume has ${ami.volumeGiB} GiB`,
      `${build}: its recipe asks for ${volumeGiB} GiB, and EC2 launches no AMI with a smaller volume`,
      `set images.${image}.volumeGiB to ${ami.volumeGiB} or more`,
    );
  }
  if (ami.productCodes.length > 0) {
    return says(
      `${what}; product codes ${ami.productCodes.join(", ")}`,
      "launches in accounts without a subscription, and exports",
      "subscribe each consumer in AWS Marketplace, or name an AMI without product codes",
    );
  }
  return fine(subject, what);
}

interface BackwardFacts {
  readonly image: string;
  /** The name pattern, and its newest AMI. */
  readonly pattern: string;
  readonly newest: { readonly id: string; readonly name: string };
  /** The AMI in the deployed parameter, which is newer. */
  readonly parameter: string;
  readonly present: string;
  /** Whether EC2 still shows it; then the config's pattern has changed. */
  readonly isThere: boolean;
}

/** The newest match is older than the current AMI. `resolve-parents` goes back only if the config's pattern changed. */
export function decideBackward({ image, pattern, newest, parameter, present, isThere }: BackwardFacts): Check {
  const subject = { check: "parent", where: `images.${image}.parent.ami` };
  const older = `${newest.id} (${newest.name}) is older than ${present}, which ${parameter} names`;
  // A full name selects the older AMI explicitly.
  if (isThere || newest.name === pattern) return fine(subject, `${older}: builds go back to it`);
  return fails(
    subject,
    `${older}, and ${present} is no longer available`,
    `builds of ${image}, as long as ${parameter} names it: an older AMI is not taken by itself`,
    `wait for the owner's next AMI, or set images.${image}.parent.ami.name to "${newest.name}"`,
  );
}

export interface PatternFacts {
  readonly image: string;
  readonly owner: string;
  readonly name: string;
  readonly architecture: string;
  /** Why no AMI was found. */
  readonly reason: string;
  /** The owner's matching AMIs that have another architecture or are deprecated. */
  readonly ofOwner: readonly { readonly architecture: string; readonly deprecated: boolean }[];
  /** Other accounts with AMIs of matching names. */
  readonly others: readonly string[];
}

/** A pattern without a usable AMI of its owner. */
export function decideUnmatched({ image, owner, architecture, reason, ofOwner, others }: PatternFacts): Check {
  const subject = { check: "parent", where: `images.${image}.parent.ami` };
  const breaks = "the deployment: no AMI is found for the parent's parameter";
  const architectures = [...new Set(ofOwner.map((one) => one.architecture))].filter((one) => one !== architecture);
  if (ofOwner.some((one) => one.deprecated && one.architecture === architecture)) {
    return fails(
      subject,
      `${reason}; those that match are deprecated`,
      breaks,
      "name a release that is still published",
    );
  }
  if (architectures.length > 0) {
    const fix = `change images.${image}.architecture or the pattern`;
    return fails(subject, `${reason}; those that match are ${architectures.join(", ")}`, breaks, fix);
  }
  if (others.length > 0) {
    const found = `${reason}; AMIs of such names belong to ${others.slice(0, 5).join(", ")}`;
    return fails(subject, found, breaks, `check the vendor's account id: names prove nothing, only ${owner} counts`);
  }
  const fix = "correct the pattern: capitals count, * stands for any characters and ? for one";
  return fails(subject, reason, breaks, fix);
}

/** Access to a parameter is denied. @param who the account, or the execution role */
export const decideUnreadable = (image: string, named: string, who: string): Check =>
  fails(
    { check: "parent", where: `images.${image}.parent.ssm` },
    `${who} may not read ${named}`,
    `builds of ${image}`,
    who.startsWith("arn:")
      ? `allow the role ssm:GetParameter on it, or name a parameter below "/imagebuilder/"`
      : "have its owner share it through RAM (advanced tier), and accept the share",
  );
