import { type Check, fails, fine } from "./check.ts";

export interface ParentFacts {
  readonly image: string;
  /** How the config names it. */
  readonly by: "ssm" | "ami" | "imageBuilder";
  /** The parameter, the pattern with its owner, or the ARN. */
  readonly named: string;
  /** What the config says. */
  readonly architecture: string;
  readonly rootDevice: string | undefined;
  readonly volumeGiB: number | undefined;
  /** Undefined if nothing is named so. */
  readonly amiId: string | undefined;
  /** Undefined: EC2 shows no such AMI to the account. */
  readonly ami: ParentAmi | undefined;
}

export interface ParentAmi {
  readonly architecture: string;
  readonly rootDeviceType: string;
  readonly rootDeviceName: string;
  /** Of its root device; undefined if EC2 does not say. */
  readonly volumeGiB: number | undefined;
  readonly productCodes: readonly string[];
  /** Since when, if it is. ISO 8601. */
  readonly deprecated: string | undefined;
}

const SORTS = { ssm: "parameter", ami: "AMI", imageBuilder: "image that AWS manages" } as const;

/** What an image starts from: what the config names, and the AMI behind it. */
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
  /** The pattern of names, and the newest AMI of it. */
  readonly pattern: string;
  readonly newest: { readonly id: string; readonly name: string };
  /** What the deployed parameter names, which is newer. */
  readonly parameter: string;
  readonly present: string;
  /** EC2 still shows it, so that the config has another pattern than before. */
  readonly isThere: boolean;
}

/** An AMI that is older than the one before. `resolve-parents` goes back only where the config says another pattern. */
export function decideBackward({ image, pattern, newest, parameter, present, isThere }: BackwardFacts): Check {
  const subject = { check: "parent", where: `images.${image}.parent.ami` };
  const older = `${newest.id} (${newest.name}) is older than ${present}, which ${parameter} names`;
  // The name in full is the way to say that the older one is wanted.
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
  /** The reason where no AMI was found. */
  readonly reason: string;
  /** AMIs of the owner that match, and that are of other architectures or deprecated. */
  readonly ofOwner: readonly { readonly architecture: string; readonly deprecated: boolean }[];
  /** Accounts that have AMIs of such names, beside the owner. */
  readonly others: readonly string[];
}

/** A pattern that no AMI of its owner can stand for. */
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

/** A parameter that may not be read. @param who the account, or the execution role */
export const decideUnreadable = (image: string, named: string, who: string): Check =>
  fails(
    { check: "parent", where: `images.${image}.parent.ssm` },
    `${who} may not read ${named}`,
    `builds of ${image}`,
    who.startsWith("arn:")
      ? `allow the role ssm:GetParameter on it, or name a parameter below "/imagebuilder/"`
      : "have its owner share it through RAM (advanced tier), and accept the share",
  );
