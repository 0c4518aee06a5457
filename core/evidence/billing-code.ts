/** An AMI, and what EC2 bills its launches as: `RunInstances:0010`. */
export interface BilledAmi {
  readonly ami: string;
  /** Undefined where EC2 does not say, or does not show the AMI any more. */
  readonly usageOperation: string | undefined;
}

/**
 * AMIs keep the billing code of what they are made from (EC2 user guide, "AMI billing information fields"). One that lost it
 * runs without the license that its users pay for otherwise; one that gained it costs more than its parent.
 * @param what the AMI that was made
 * @throws BillingCodeChanged
 */
export function requireSameBilling(what: string, made: BilledAmi, from: BilledAmi): void {
  if (made.usageOperation === undefined || from.usageOperation === undefined) return;
  if (made.usageOperation !== from.usageOperation) throw new BillingCodeChanged(what, made, from);
}

/** EC2 bills an AMI otherwise than what it was made from. */
class BillingCodeChanged extends Error {
  override readonly name = "BillingCodeChanged";

  constructor(what: string, made: BilledAmi, from: BilledAmi) {
    super(
      `${what} ${made.ami} has the UsageOperation ${made.usageOperation}, and ${from.ami}, from which it was made, ` +
        `has ${from.usageOperation}. An AMI keeps the billing code of its source unless it was registered from a snapshot.`,
    );
  }
}
