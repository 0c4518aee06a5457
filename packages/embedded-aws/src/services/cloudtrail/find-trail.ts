import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { seesAccount } from "./covers.ts";
import { type Trail, trailsOf } from "./state.ts";
import { toArn } from "./trail-name.ts";

/** The trails that an account has in a region: its own, the shadows of those of other regions, its organization's. */
export const trailsIn = ({ aws, account, region }: Pick<Call, "aws" | "account" | "region">): Trail[] =>
  [...trailsOf(aws).values()].filter(
    (trail) => (trail.homeRegion === region || trail.multiRegion) && seesAccount(aws, trail, account),
  );

/** Undefined where the caller has no such trail; a name means a trail of the caller's account and region only. */
export function findTrail(call: Call, nameOrArn: string): Trail | undefined {
  const trail = trailsOf(call.aws).get(toArn(call, nameOrArn));
  return trail && seesAccount(call.aws, trail, call.account) ? trail : undefined;
}

/** @throws TrailNotFoundException, in the words recorded from AWS */
export function requireTrail(call: Call, nameOrArn = ""): Trail {
  const trail = findTrail(call, nameOrArn);
  if (trail) return trail;
  const message = `Unknown trail: ${toArn(call, nameOrArn)} for the user: ${call.account}`;
  throw new AwsError("TrailNotFoundException", message, { status: 400 });
}

/**
 * A trail that the caller may change: in its home region, and of an organization by the management account only. That a
 * shadow given by name is refused with the home region, not as unknown, is inferred.
 * @throws TrailNotFoundException, InvalidHomeRegionException, NotOrganizationMasterAccountException
 */
export function requireChangeable(call: Call, nameOrArn = ""): Trail {
  const arn = toArn(call, nameOrArn);
  const trail = trailsIn(call).find((one) => one.name === nameOrArn) ?? requireTrail(call, arn);
  if (trail.account !== call.account) {
    throw new AwsError(
      "NotOrganizationMasterAccountException",
      `The trail ${trail.arn} belongs to the organization: only its management account can change it.`,
      { status: 400 },
    );
  }
  if (trail.homeRegion !== call.region) {
    throw new AwsError(
      "InvalidHomeRegionException",
      `Trail must be updated from its home region: ${trail.homeRegion}.`,
      { status: 400 },
    );
  }
  return trail;
}
