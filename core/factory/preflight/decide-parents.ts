import { type Check, fails, fine } from "./check.ts";

export interface ParentFacts {
  readonly image: string;
  readonly parameter: string;
  /** What the config says. */
  readonly architecture: string;
  readonly rootDevice: string | undefined;
  readonly volumeGiB: number | undefined;
  /** Undefined if the parameter does not exist. */
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
}

/** What an image starts from: a parameter, and the AMI that it names. */
export function decideParent(facts: ParentFacts): Check {
  const { image, parameter, architecture, rootDevice, volumeGiB, amiId, ami } = facts;
  const subject = { check: "parent", where: `images.${image}.parent.ssm` };
  const says = (found: string, breaks: string, fix: string): Check => fails(subject, found, breaks, fix);
  const build = `builds of ${image}`;
  if (amiId === undefined) return says(`no parameter ${parameter}`, build, "name one that exists");
  if (!ami) return says(`${amiId} of ${parameter} is not visible`, build, "have it shared with this account");
  const what = `${amiId}: ${ami.architecture}, ${ami.rootDeviceName} on ${ami.rootDeviceType}`;
  if (ami.architecture !== architecture) {
    return says(what, `${build}, which is ${architecture}`, `change images.${image}.architecture or the parameter`);
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
