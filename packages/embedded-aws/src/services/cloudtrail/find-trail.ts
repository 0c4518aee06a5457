import { AwsError, type Call } from "../../engine/operation.ts";
import { seesAccount } from "./covers.ts";
import { type Trail, trailArn, trailsOf } from "./state.ts";

/** An account's trails in a region: its own, shadows of its trails of other regions, its organization's. */
export const trailsIn = ({ aws, account, region }: Pick<Call, "aws" | "account" | "region">): Trail[] =>
  [...trailsOf(aws).values()].filter(
    (trail) => (trail.homeRegion === region || trail.multiRegion) && seesAccount(aws, trail, account),
  );

/** Undefined if the caller does not have the trail; a name only matches trails of the caller's account and region. */
export function findTrail(call: Call, nameOrArn: string): Trail | undefined {
  const trail = trailsOf(call.aws).get(toArn(call, nameOrArn));
  return trail && seesAccount(call.aws, trail, call.account) ? trail : undefined;
}

/** @throws TrailNotFoundException, with the message recorded from AWS */
export function requireTrail(call: Call, nameOrArn = ""): Trail {
  const trail = findTrail(call, nameOrArn);
  if (trail) return trail;
  const message = `Unknown trail: ${toArn(call, nameOrArn)} for the user: ${call.account}`;
  throw new AwsError("TrailNotFoundException", message);
}

/**
 * A trail that the caller may change: in its home region; an organization's only by the management account. It is
 * inferred that a shadow named by name fails with the home region, not as unknown.
 * @throws TrailNotFoundException, InvalidHomeRegionException, NotOrganizationMasterAccountException
 */
export function requireChangeable(call: Call, nameOrArn = ""): Trail {
  const arn = toArn(call, nameOrArn);
  const trail = trailsIn(call).find((one) => one.name === nameOrArn) ?? requireTrail(call, arn);
  if (trail.account !== call.account) {
    throw new AwsError(
      "NotOrganizationMasterAccountException",
      `The trail ${trail.arn} belongs to the organization: only its management account can change it.`,
    );
  }
  if (trail.homeRegion !== call.region) {
    throw new AwsError(
      "InvalidHomeRegionException",
      `Trail must be updated from its home region: ${trail.homeRegion}.`,
    );
  }
  return trail;
}

const invalidName = (message: string): AwsError => new AwsError("InvalidTrailNameException", message);

/** API reference, CreateTrail, `Name`; the messages as recorded from AWS. @throws InvalidTrailNameException */
export function requireName(name: string): string {
  const length = `Specified name length: ${name.length} characters.`;
  if (name.length < 3) throw invalidName(`Trail name too short. Minimum allowed length: 3 characters. ${length}`);
  if (name.length > 128) throw invalidName(`Trail name too long. Maximum allowed length: 128 characters. ${length}`);
  if (!/^[a-zA-Z0-9]/.test(name)) throw invalidName("Trail name must starts with a letter or number.");
  if (!/[a-zA-Z0-9]$/.test(name)) throw invalidName("Trail name must ends with a letter or number.");
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw invalidName(
      "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
    );
  }
  // The API reference has both rules; their messages are not known.
  if (/[._-]{2}/.test(name)) throw invalidName("Trail name cannot have adjacent periods, underscores or hyphens.");
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) throw invalidName("Trail name must not be in IP address format.");
  return name;
}

/**
 * The request's trail ARN: as given, or built from the name and the caller's account and region.
 * @throws CloudTrailARNInvalidException, InvalidTrailNameException
 */
function toArn({ aws, account, region }: Call, nameOrArn: string): string {
  if (!nameOrArn.startsWith("arn:")) return trailArn(aws, account, region, requireName(nameOrArn));
  if (/^arn:[^:]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[a-zA-Z0-9._-]+$/.test(nameOrArn)) return nameOrArn;
  throw new AwsError("CloudTrailARNInvalidException", `The ARN ${nameOrArn} is not a valid trail ARN.`);
}

/** The resource for IAM; the operation itself refuses an invalid reference. */
export const trailResource = (call: Call, nameOrArn = ""): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn : trailArn(call.aws, call.account, call.region, nameOrArn);
