import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { organizationsOf } from "../organizations/state.ts";
import { invalidItem, type PermissionChange } from "./launch-permissions.ts";
import { invalidParameter } from "./refusals.ts";

/** Accounts, units and organizations that one image can be shared with in its region (EC2 user guide, "AMI quotas"). */
const MOST_SHARES = 1000;
/** Ids in one request (EC2 API reference, LaunchPermission). */
const MOST_IDS = 10_000;

/**
 * What a request names, before anything else is asked. Which code too many ids get is not documented.
 * Whether EC2 looks an ARN up when it is given is not, either: here it does, since such a share lets nobody in.
 * @throws InvalidParameterValue, InvalidAMIAttributeItemValue
 */
export function requireNameable(aws: EmbeddedAws, { add, remove }: PermissionChange): void {
  const named = add.length + remove.length;
  if (named > MOST_IDS) {
    throw invalidParameter(`${named} launch permissions in one request; at most ${MOST_IDS} can be changed.`);
  }
  for (const { kind, value } of add) {
    const known = organizationsOf(aws).some(
      ({ arn, units }) =>
        (kind === "OrganizationArn" && arn === value) ||
        // The root is no unit.
        (kind === "OrganizationalUnitArn" && units.get(value.slice(value.lastIndexOf("/") + 1))?.arn === value),
    );
    if (kind.startsWith("Organization") && !known) throw invalidItem(kind, value);
  }
}

/**
 * The code is that of EC2's other quota on AMIs, public images; for this one it was not seen.
 * @throws ResourceLimitExceeded
 */
export function requireWithinQuota(image: string, shares: number): void {
  if (shares <= MOST_SHARES) return;
  throw new AwsError(
    "ResourceLimitExceeded",
    `Image ${image} can be shared with at most ${MOST_SHARES} entities; ${shares} were asked for`,
    { status: 400 },
  );
}
