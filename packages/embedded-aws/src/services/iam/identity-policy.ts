import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError } from "../../engine/aws-error.ts";

/** Refuses, as IAM does, a policy for an identity that names principals or forgets its resources. */
export function assertIdentityPolicy(text: string): void {
  for (const { principals, resources, actions } of parsePolicy(text)) {
    if (principals) throw malformed("Policy document should not specify a principal.");
    if (!resources) throw malformed("Policy statement must contain resources.");
    const vendorless = actions.patterns.find((action) => action !== "*" && !action.includes(":"));
    if (vendorless !== undefined) {
      throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${vendorless})`);
    }
    const partial = resources.patterns.find((resource) => resource !== "*" && !resource.startsWith("arn:"));
    if (partial !== undefined) throw malformed(`Resource ${partial} must be in ARN format or "*".`);
  }
}

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message, { status: 400 });
