import type * as Sdk from "@aws-sdk/client-iam";
import type { InstanceProfile as DescribedInstanceProfile } from "@aws-sdk/client-iam";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { conflict, describeRole, roleNamed } from "./roles.ts";
import { type InstanceProfile, iamOf, instanceProfileArn, roleArn, tagList, tagMap } from "./state.ts";

export const operations = {
  CreateInstanceProfile: {
    authorize: ({ Path = "/", InstanceProfileName, Tags }, { account }) => [
      {
        resources: [`arn:aws:iam::${account}:instance-profile${Path}${InstanceProfileName}`],
        context: requestTagContext([...tagMap(Tags)]),
      },
    ],
    run({ Path: path = "/", InstanceProfileName: name = "", Tags }, call) {
      const { aws, account } = call;
      const { instanceProfiles } = iamOf(aws, account);
      if (instanceProfiles.has(name)) {
        throw new AwsError("EntityAlreadyExists", `Instance Profile ${name} already exists.`);
      }
      const arn = `arn:aws:iam::${account}:instance-profile${path}${name}`;
      const id = `AIPA${aws.hexId(17).toUpperCase()}`;
      const tags = tagMap(Tags);
      const profile: InstanceProfile = { name, path, arn, id, created: aws.clock.now(), tags, role: undefined };
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
        throw new AwsError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
      }
      profile.role = role.name;
    },
  },
  GetInstanceProfile: {
    authorize: ({ InstanceProfileName }, call) => [{ resources: [instanceProfileArn(call, InstanceProfileName)] }],
    run: ({ InstanceProfileName }, call) => ({
      InstanceProfile: describeProfile(profileNamed(call, InstanceProfileName), call),
    }),
  },
  RemoveRoleFromInstanceProfile: {
    authorize: ({ InstanceProfileName }, call) => [{ resources: [instanceProfileArn(call, InstanceProfileName)] }],
    run({ InstanceProfileName, RoleName }, call) {
      const profile = profileNamed(call, InstanceProfileName);
      if (profile.role !== RoleName) {
        throw gone(`Role ${RoleName} in Instance Profile ${InstanceProfileName} cannot be found.`);
      }
      profile.role = undefined;
    },
  },
  ListInstanceProfiles: {
    list: "InstanceProfiles",
    authorize: ({ PathPrefix = "/" }, { account }) => [
      { resources: [`arn:aws:iam::${account}:instance-profile${PathPrefix}`] },
    ],
    run: ({ PathPrefix = "/" }, call) => ({
      InstanceProfiles: listed(call, ({ path }) => path.startsWith(PathPrefix)),
    }),
  },
  ListInstanceProfilesForRole: {
    list: "InstanceProfiles",
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName }, call) {
      const { name } = roleNamed(call.aws, call.account, RoleName);
      return { InstanceProfiles: listed(call, ({ role }) => role === name) };
    },
  },
  DeleteInstanceProfile: {
    authorize: ({ InstanceProfileName }, call) => [{ resources: [instanceProfileArn(call, InstanceProfileName)] }],
    run({ InstanceProfileName }, call) {
      const { name, role } = profileNamed(call, InstanceProfileName);
      if (role !== undefined) throw conflict("must remove roles from instance profile first.");
      iamOf(call.aws, call.account).instanceProfiles.delete(name);
    },
  },
} satisfies Operations<typeof Sdk>;

/** Lists of instance profiles do not contain tags (API reference). */
const listed = (call: Call, passes: (profile: InstanceProfile) => boolean): DescribedInstanceProfile[] =>
  [...iamOf(call.aws, call.account).instanceProfiles.values()]
    .filter(passes)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((one) => ({ ...describeProfile(one, call), Tags: undefined }));

/** The instance profile with that name. @throws AwsError NoSuchEntity */
export function profileNamed({ aws, account }: Call, name: string | undefined): InstanceProfile {
  const profile = iamOf(aws, account).instanceProfiles.get(name ?? "");
  if (!profile) throw gone(`Instance Profile ${name} cannot be found.`);
  return profile;
}

const gone = (message: string): AwsError => new AwsError("NoSuchEntity", message);

function describeProfile(profile: InstanceProfile, { aws, account }: Call): DescribedInstanceProfile {
  return {
    InstanceProfileName: profile.name,
    Path: profile.path,
    Arn: profile.arn,
    InstanceProfileId: profile.id,
    CreateDate: new Date(profile.created),
    Tags: tagList(profile.tags),
    Roles: profile.role === undefined ? [] : [describeRole(roleNamed(aws, account, profile.role))],
  };
}
