import type * as Sdk from "@aws-sdk/client-iam";
import type { InstanceProfile as DescribedInstanceProfile } from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { describeRole, roleNamed } from "./roles.ts";
import { type InstanceProfile, iamOf, instanceProfileArn, roleArn } from "./state.ts";

export const operations = {
  CreateInstanceProfile: {
    authorize: ({ Path = "/", InstanceProfileName }, { account }) => [
      { resources: [`arn:aws:iam::${account}:instance-profile${Path}${InstanceProfileName}`] },
    ],
    run({ Path: path = "/", InstanceProfileName: name = "" }, call) {
      const { aws, account } = call;
      const { instanceProfiles } = iamOf(aws, account);
      if (instanceProfiles.has(name)) {
        throw new AwsError("EntityAlreadyExists", `Instance Profile ${name} already exists.`, { status: 409 });
      }
      const arn = `arn:aws:iam::${account}:instance-profile${path}${name}`;
      const id = `AIPA${aws.hexId(17).toUpperCase()}`;
      const profile: InstanceProfile = { name, path, arn, id, created: aws.clock.now(), role: undefined };
      instanceProfiles.set(name, profile);
      return { InstanceProfile: describeProfile(profile, call) };
    },
  },
  AddRoleToInstanceProfile: {
    authorize: ({ InstanceProfileName, RoleName }, call) => [
      { resources: [instanceProfileArn(call, InstanceProfileName)] },
      {
        action: "iam:PassRole",
        resources: [roleArn(call, RoleName)],
        context: { "iam:PassedToService": "ec2.amazonaws.com" },
      },
    ],
    run({ InstanceProfileName, RoleName }, call) {
      const profile = profileNamed(call, InstanceProfileName);
      const role = roleNamed(call.aws, call.account, RoleName);
      if (profile.role !== undefined) {
        throw new AwsError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", {
          status: 409,
        });
      }
      profile.role = role.name;
      return {};
    },
  },
  GetInstanceProfile: {
    authorize: ({ InstanceProfileName }, call) => [{ resources: [instanceProfileArn(call, InstanceProfileName)] }],
    run: ({ InstanceProfileName }, call) => ({
      InstanceProfile: describeProfile(profileNamed(call, InstanceProfileName), call),
    }),
  },
} satisfies Operations<typeof Sdk>;

function profileNamed({ aws, account }: Call, name: string | undefined): InstanceProfile {
  const profile = iamOf(aws, account).instanceProfiles.get(name ?? "");
  if (!profile) throw new AwsError("NoSuchEntity", `Instance Profile ${name} cannot be found.`, { status: 404 });
  return profile;
}

function describeProfile(profile: InstanceProfile, { aws, account }: Call): DescribedInstanceProfile {
  return {
    InstanceProfileName: profile.name,
    Path: profile.path,
    Arn: profile.arn,
    InstanceProfileId: profile.id,
    CreateDate: new Date(profile.created),
    Roles: profile.role === undefined ? [] : [describeRole(roleNamed(aws, account, profile.role))],
  };
}
