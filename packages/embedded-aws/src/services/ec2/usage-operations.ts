/**
 * Billing codes of launches, and EC2's platform details for them (EC2 user guide, "AMI billing information fields").
 * Copies of an image keep its code; an image registered from a snapshot has no code of a license.
 */
const platformDetails: Readonly<Record<string, string>> = {
  RunInstances: "Linux/UNIX",
  "RunInstances:0002": "Windows",
  "RunInstances:0800": "Windows BYOL",
  "RunInstances:0006": "Windows with SQL Server Standard",
  "RunInstances:0010": "Red Hat Enterprise Linux",
  "RunInstances:00g0": "Red Hat BYOL Linux",
  "RunInstances:1010": "Red Hat Enterprise Linux with HA",
  "RunInstances:000g": "SUSE Linux",
  "RunInstances:0g00": "Ubuntu Pro",
};

/** The default code. */
export const usageOperationOf = (platform: "windows" | undefined): string =>
  platform === "windows" ? "RunInstances:0002" : "RunInstances";

export const platformDetailsOf = (usageOperation: string): string | undefined => platformDetails[usageOperation];
