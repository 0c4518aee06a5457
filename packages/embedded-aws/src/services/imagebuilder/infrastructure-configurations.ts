import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { iamOf } from "../iam/state.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, type Needs, on, once } from "./authorization.ts";
import { alreadyExists } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { builderState } from "./state.ts";

type Settings = Sdk.UpdateInfrastructureConfigurationCommandInput | Sdk.CreateInfrastructureConfigurationCommandInput;

/** The profile is read, and its role is passed to the instances (service authorization reference, Image Builder). */
const profile = (call: Call, name = "*"): Needs => {
  const { instanceProfiles, roles } = iamOf(call.aws, call.account);
  const role = roles.get(instanceProfiles.get(name)?.role ?? "");
  const arn =
    instanceProfiles.get(name)?.arn ?? `arn:${call.aws.partition}:iam::${call.account}:instance-profile/${name}`;
  return [
    { action: "iam:GetInstanceProfile", resources: [arn] },
    ...(role
      ? [{ action: "iam:PassRole", resources: [role.arn], context: { "iam:PassedToService": "ec2.amazonaws.com" } }]
      : []),
  ];
};

const settingsOf = ({ clientToken: _, ...settings }: Settings): Omit<Settings, "clientToken"> =>
  structuredClone(settings);

export const operations = {
  CreateInfrastructureConfiguration: {
    authorize: (input, call) => [
      ...making(call, "infrastructure-configuration", [input.name], input.tags),
      ...profile(call, input.instanceProfileName),
    ],
    run: (input, call) =>
      once(call, "CreateInfrastructureConfiguration", input, () => {
        const { name = "" } = input;
        const arn = arnOf(call, "infrastructure-configuration", normalised(name));
        const { infrastructures } = call.aws.state(builderState, call.account, call.region);
        if (infrastructures.has(arn)) throw alreadyExists("InfrastructureConfiguration", arn);
        infrastructures.set(arn, {
          terminateInstanceOnFailure: true,
          ...settingsOf(input),
          arn,
          name,
          tags: { ...input.tags },
          dateCreated: new Date(call.aws.clock.now()).toISOString(),
        });
        return { requestId: call.requestId, clientToken: input.clientToken, infrastructureConfigurationArn: arn };
      }),
  },
  UpdateInfrastructureConfiguration: {
    authorize: (input, call) => [
      ...on(call, input.infrastructureConfigurationArn),
      ...profile(call, input.instanceProfileName),
    ],
    run: (input, call) =>
      once(call, "UpdateInfrastructureConfiguration", input, () => {
        const before = requireResource(call, "InfrastructureConfiguration", input.infrastructureConfigurationArn);
        const { arn = "", name, tags, dateCreated } = before;
        const { infrastructureConfigurationArn: _, ...settings } = settingsOf(input) as typeof input;
        const { infrastructures } = call.aws.state(builderState, call.account, call.region);
        const dateUpdated = new Date(call.aws.clock.now()).toISOString();
        infrastructures.set(arn, {
          terminateInstanceOnFailure: true,
          ...settings,
          arn,
          name,
          tags,
          dateCreated,
          dateUpdated,
        });
        return { requestId: call.requestId, clientToken: input.clientToken, infrastructureConfigurationArn: arn };
      }),
  },
} satisfies Operations<typeof Sdk>;
