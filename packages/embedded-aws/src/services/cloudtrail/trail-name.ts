import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { trailArn } from "./state.ts";

const invalidName = (message: string): AwsError => new AwsError("InvalidTrailNameException", message, { status: 400 });

/** API reference, CreateTrail, `Name`; the texts as recorded from AWS. @throws InvalidTrailNameException */
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
  // The API reference has both rules; their texts were not seen.
  if (/[._-]{2}/.test(name)) throw invalidName("Trail name cannot have adjacent periods, underscores or hyphens.");
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) throw invalidName("Trail name must not be in IP address format.");
  return name;
}

/**
 * The ARN that a request means: as given, or of the name in the caller's account and region.
 * @throws CloudTrailARNInvalidException, InvalidTrailNameException
 */
export function toArn({ aws, account, region }: Call, nameOrArn: string): string {
  if (!nameOrArn.startsWith("arn:")) return trailArn(aws, account, region, requireName(nameOrArn));
  if (/^arn:[^:]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[a-zA-Z0-9._-]+$/.test(nameOrArn)) return nameOrArn;
  throw new AwsError("CloudTrailARNInvalidException", `The ARN ${nameOrArn} is not a valid trail ARN.`, {
    status: 400,
  });
}

/** What IAM is asked about; a reference that is not valid is refused by the operation itself. */
export const trailResource = (call: Call, nameOrArn = ""): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn : trailArn(call.aws, call.account, call.region, nameOrArn);
