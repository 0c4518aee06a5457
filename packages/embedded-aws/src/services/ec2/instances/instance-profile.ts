import type { IamInstanceProfileSpecification } from "@aws-sdk/client-ec2";
import type { Authorization, Call } from "../../../engine/operation.ts";
import { type InstanceProfile, iamOf, roleArn } from "../../iam/state.ts";
import { invalidParameter } from "../refusals.ts";

function findProfile({ aws, account }: Call, asked: IamInstanceProfileSpecification): InstanceProfile | undefined {
  const { instanceProfiles } = iamOf(aws, account);
  return [...instanceProfiles.values()].find(({ arn, name }) => (asked.Arn ? arn === asked.Arn : name === asked.Name));
}

/** Handing an instance a role takes the right to pass it. */
export function authorizeProfile(
  call: Call,
  asked: IamInstanceProfileSpecification | undefined,
): Partial<Authorization>[] {
  const role = asked && findProfile(call, asked)?.role;
  if (role === undefined) return [];
  const context = { "iam:PassedToService": "ec2.amazonaws.com" };
  return [{ action: "iam:PassRole", resources: [roleArn(call, role)], context }];
}

/** @throws InvalidParameterValue */
export function requireProfile(call: Call, asked: IamInstanceProfileSpecification | undefined) {
  if (!asked?.Arn && !asked?.Name) return undefined;
  const profile = findProfile(call, asked);
  if (profile) return { arn: profile.arn, id: profile.id };
  throw invalidParameter(
    asked.Arn
      ? `Value (${asked.Arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`
      : `Value (${asked.Name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
  );
}
