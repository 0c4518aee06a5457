/** An AMI and the usage operation under which EC2 bills its launches: `RunInstances:0010`. */
export interface BilledAmi {
  readonly ami: string;
  /** Undefined if EC2 does not report it, or no longer returns the AMI. */
  readonly usageOperation: string | undefined;
}

/**
 * AMIs keep the billing code of their source (EC2 user guide, "AMI billing information fields"). An AMI that lost it runs
 * without the license that its users would pay for; one that gained a code costs more than its parent.
 * @param what the created AMI, in words
 * @throws BillingCodeChanged
 */
export function requireSameBilling(what: string, made: BilledAmi, from: BilledAmi): void {
  if (made.usageOperation === undefined || from.usageOperation === undefined) return;
  if (made.usageOperation !== from.usageOperation) throw new BillingCodeChanged(what, made, from);
}

/** EC2 bills an AMI differently from its source. */
class BillingCodeChanged extends Error {
  override readonly name = "BillingCodeChanged";

  constructor(what: string, made: BilledAmi, from: BilledAmi) {
    super(
      `${what} ${made.ami} has the UsageOperation ${made.usageOperation}, but its source ${from.ami} ` +
        `has ${from.usageOperation}. An AMI keeps the billing code of its source unless it was registered from a snapshot; start another build.`,
    );
  }
}
