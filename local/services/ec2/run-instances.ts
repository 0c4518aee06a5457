import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { type Call, operation } from "../../operation.ts";
import { findParameter, parameterResource, requireVersion } from "../ssm/find-parameter.ts";
import { authorizeImage, authorizeResource, ec2Arn } from "./authorization.ts";
import { defaultNetwork } from "./default-network.ts";
import { dryRunSucceeded } from "./dry-run.ts";
import { requireVisibleImage } from "./find-image.ts";
import { imageUnavailable, invalidParameter, missingParameter } from "./refusals.ts";
import { requireSecurityGroup } from "./security-groups.ts";

const PREFIX = "resolve:ssm:";

/** The parameter that names the image instead of its id: `resolve:ssm:<name, or ARN of a shared one>[:<selector>]`. */
const parameterOf = (imageId: string | undefined): string | undefined =>
  imageId?.startsWith(PREFIX) ? imageId.slice(PREFIX.length) : undefined;

function imageIdOf(input: RunInstancesCommandInput, call: Call): string | undefined {
  const parameter = parameterOf(input.ImageId);
  if (parameter === undefined) return input.ImageId;
  try {
    return requireVersion(call.aws, call, parameter).version.value;
  } catch (cause) {
    throw new AwsError("InvalidParameterValue", `The parameter ${parameter} could not be resolved to an image`, {
      status: 400,
      cause,
    });
  }
}

/** Answers whether an image can be launched, by a dry run. As in AWS it says nothing of the right to the image's key. */
export const runInstances = operation<RunInstancesCommandInput, never>({
  authorize(input, call) {
    const parameter = parameterOf(input.ImageId);
    const known = parameter === undefined || findParameter(call.aws, call, parameter) !== undefined;
    const { subnets } = defaultNetwork(call.account, call.region);
    return [
      authorizeImage(call, known ? imageIdOf(input, call) : undefined),
      { resources: [ec2Arn(call, "instance", "*")], context: { "ec2:InstanceType": input.InstanceType ?? "m1.small" } },
      { resources: [ec2Arn(call, "volume", "*")] },
      { resources: [ec2Arn(call, "network-interface", "*")] },
      authorizeResource(call, "subnet", input.SubnetId ?? subnets[0]?.id),
      ...(input.SecurityGroupIds ?? []).map((id) => authorizeResource(call, "security-group", id)),
      ...(input.KeyName ? [authorizeResource(call, "key-pair", input.KeyName)] : []),
      ...(parameter === undefined
        ? []
        : [{ action: "ssm:GetParameters", resources: [parameterResource(call.aws, call, parameter).arn] }]),
    ];
  },
  run(input, call) {
    const image = requireVisibleImage(call, imageIdOf(input, call) ?? missing());
    if (image.state !== "available") throw imageUnavailable(image.id);
    requireArchitecture(input.InstanceType, image.architecture);
    for (const id of input.SecurityGroupIds ?? []) requireSecurityGroup(call, id);
    if (input.DryRun) throw dryRunSucceeded();
    throw new AwsError(
      "NotImplemented",
      "ec2:RunInstances is built for DryRun only: instances are simulated, and by Image Builder alone",
    );
  },
});

function missing(): never {
  throw missingParameter("imageId");
}

/** Graviton types have a `g` behind their generation: `t4g`, `m7gd`, `im4gn`. */
function requireArchitecture(type: string | undefined, architecture: string): void {
  if (!type) return;
  const arm = /^(a1|[a-z]+\d+g[a-z]*)\./.test(type);
  if (arm === (architecture === "arm64")) return;
  throw invalidParameter(
    `The architecture '${arm ? "arm64" : "x86_64"}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );
}
