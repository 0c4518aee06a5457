import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ec2";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { requestTagContext } from "../../tag-context.ts";
import { authorizeCreationTags, authorizeImage, authorizeResource, ec2Arn } from "../authorization.ts";
import { reportLaunch } from "../image-attributes.ts";
import { authorizeTemplate } from "../launch-templates/launch-template.ts";
import type { Subnet } from "../network/state.ts";
import { visibleSubnets } from "../network/visible.ts";
import { dryRunSucceeded, invalidParameter } from "../refusals.ts";
import { addTags, specifiedTags } from "../resource-tags.ts";
import { authorizeImageParameter, findImageId } from "./image-parameter.ts";
import { type Instance, instancesOf, instancesState } from "./instance.ts";
import { boot } from "./instance-life.ts";
import { requireBuilt, withTemplate } from "./launch-input.ts";
import { authorizeProfile, DEFAULT_TYPE, resolveLaunch } from "./resolve-launch.ts";
import { toReservation } from "./to-instance.ts";

type Input = Sdk.RunInstancesCommandInput;

/** The permissions for a launch, by resource (service authorization reference of EC2, RunInstances). */
export function authorizeLaunch(given: Input, call: Call): Partial<Authorization>[] {
  const input = withTemplate(call, given);
  const own = input.NetworkInterfaces?.[0];
  const template = authorizeTemplate(call, given.LaunchTemplate);
  const [templateArn] = template.flatMap(({ resources = [] }) => resources);
  // Service authorization reference, "Amazon EC2": condition keys of RunInstances.
  const ofTemplate = {
    "ec2:IsLaunchTemplateResource": String(template.length > 0),
    ...(templateArn !== undefined && { "ec2:LaunchTemplate": templateArn }),
  };
  const onInstance = {
    ...ofTemplate,
    ...requestTagContext(specifiedTags(input.TagSpecifications, "instance")),
    "ec2:InstanceType": input.InstanceType ?? DEFAULT_TYPE,
    ...(input.MetadataOptions?.HttpTokens && { "ec2:MetadataHttpTokens": input.MetadataOptions.HttpTokens }),
  };
  return [
    authorizeImage(call, findImageId(call, input.ImageId), ofTemplate),
    { resources: [ec2Arn(call, "instance", "*")], context: onInstance },
    { resources: [ec2Arn(call, "volume", "*")], context: ofTemplate },
    { resources: [ec2Arn(call, "network-interface", "*")], context: ofTemplate },
    authorizeSubnet(call, own?.SubnetId ?? input.SubnetId, ofTemplate),
    ...(own?.Groups ?? input.SecurityGroupIds ?? []).map((id) =>
      authorizeResource(call, "security-group", id, ofTemplate),
    ),
    ...(input.KeyName ? [authorizeResource(call, "key-pair", input.KeyName, ofTemplate)] : []),
    ...template,
    ...authorizeCreationTags(call, "RunInstances", input.TagSpecifications),
    ...authorizeImageParameter(call, input.ImageId),
    ...authorizeProfile(call, input.IamInstanceProfile),
  ];
}

/** The given subnet, or a default one. A shared subnet's ARN has its owner's account. */
function authorizeSubnet(call: Call, asked: string | undefined, context: Authorization["context"]) {
  const subnets = visibleSubnets(call.aws, call);
  const subnet = subnets.find(({ id, isDefault }) => (asked === undefined ? isDefault : id === asked));
  const arn = ec2Arn({ ...call, account: subnet?.owner ?? call.account }, "subnet", subnet?.id ?? asked ?? "*");
  return { ...authorizeResource(call, "subnet", subnet?.id, context), resources: [arn] };
}

export const operations = {
  /**
   * Launches instances, which start as time passes. A dry run only checks the permission to launch, not the permissions
   * on its volumes' keys: without those the instances terminate before they run.
   */
  RunInstances: {
    authorize: authorizeLaunch,
    run(given, call) {
      const input = withTemplate(call, given);
      requireBuilt(input);
      const count = requireCount(input);
      const { image, launch, volumes } = resolveLaunch(call, input);
      if (input.DryRun) throw dryRunSucceeded();
      const { aws, account, region } = call;
      const state = aws.state(instancesState, account, region);
      const request = createHash("sha256").update(JSON.stringify(given)).digest("hex");
      const earlier = input.ClientToken ? state.tokens.get(input.ClientToken) : undefined;
      if (earlier && earlier.request !== request) throw mismatch();
      if (earlier) {
        const again = [...instancesOf(aws, call).values()].filter((one) => one.reservationId === earlier.reservationId);
        return toReservation(call, earlier.reservationId, again);
      }
      const reservationId = `r-${aws.hexId(17)}`;
      if (input.ClientToken) state.tokens.set(input.ClientToken, { request, reservationId });
      const instances = Array.from({ length: count }, (_, index): Instance => {
        return {
          id: `i-${aws.hexId(17)}`,
          owner: account,
          region,
          reservationId,
          index,
          launch,
          volumes: volumes.map((volume) => ({ ...volume, id: `vol-${aws.hexId(17)}` })),
          privateIp: nextAddress(state.addresses, launch.subnet),
          networkInterfaceId: `eni-${aws.hexId(17)}`,
          launchedAt: aws.clock.now(),
          state: "pending",
          stateReason: undefined,
          transitionReason: "",
          since: aws.clock.now(),
        };
      });
      for (const instance of instances) {
        state.instances.set(instance.id, instance);
        addTags(aws, call, instance.id, specifiedTags(input.TagSpecifications, "instance"));
        for (const { id } of instance.volumes) addTags(aws, call, id, specifiedTags(input.TagSpecifications, "volume"));
        boot(call, instance, "terminated");
      }
      reportLaunch(image, aws.clock.now());
      return toReservation(call, reservationId, instances);
    },
  },
} satisfies Operations<typeof Sdk>;

const mismatch = (): AwsError =>
  new AwsError(
    "IdempotentParameterMismatch",
    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
  );

/** The maximum count: capacity never runs out here. */
function requireCount({ MinCount = 0, MaxCount = 0 }: Input): number {
  if (MinCount < 1) {
    throw invalidParameter(`Value (${MinCount}) for parameter minCount is invalid. Expecting a positive integer.`);
  }
  if (MaxCount < MinCount) {
    throw invalidParameter(`Value (${MaxCount}) for parameter maxCount is invalid. It must be at least minCount.`);
  }
  return MaxCount;
}

/** The subnet's addresses in order; AWS reserves the first four. */
function nextAddress(given: Map<string, number>, { id, cidr }: Subnet): string {
  const used = given.get(id) ?? 0;
  given.set(id, used + 1);
  const [a, b, c] = cidr.split(".");
  const host = 4 + (used % 4088);
  return `${a}.${b}.${Number(c) + Math.floor(host / 256)}.${host % 256}`;
}
