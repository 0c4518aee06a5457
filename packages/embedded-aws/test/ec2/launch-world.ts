import { onDenied } from "../../src/authorization/denial.ts";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { allow, makeRole, policy } from "../policy.ts";
import type { TypedCall } from "../typed-call.ts";
import { FACTORY, PRODUCTION, REGION } from "./an-aws.ts";

export const ASG_ROLE = (account: string) =>
  `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

/** Permissions that the EBS user guide requires for a launch. */
export const LAUNCH_ACTIONS = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

const OWNER = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${FACTORY}:root` }, Action: "kms:*", Resource: "*" };

/** The statement that lets a consumer's account launch: grants only for AWS's own use. */
export const forConsumer = (actions: readonly string[] = LAUNCH_ACTIONS): object[] => [
  {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${PRODUCTION}:root` },
    Action: actions.filter((action) => action !== "kms:CreateGrant"),
    Resource: "*",
  },
  ...(actions.includes("kms:CreateGrant")
    ? [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${PRODUCTION}:root` },
          Action: "kms:CreateGrant",
          Resource: "*",
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
      ]
    : []),
];

/** Policies are enforced; the factory has an encrypted image that production's account may launch. */
export async function launchWorld(...keyStatements: readonly object[]) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  const denied: string[] = [];
  onDenied(aws, ({ message }) => denied.push(message));
  const as =
    <Service extends string>(
      service: Service,
      principal: Principal = accountPrincipal(FACTORY),
      region = REGION,
    ): TypedCall<Service> =>
    (operation: string, input: object = {}) =>
      aws.call<never>(service, operation, input, { principal, region });
  const { KeyMetadata } = await as("kms")("CreateKey", { Policy: policy(OWNER, ...keyStatements) });
  const keyArn = KeyMetadata?.Arn ?? "";
  const imageId = registerImage(aws, FACTORY, REGION, {
    name: "golden",
    architecture: "x86_64",
    imdsSupport: "v2.0",
    blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: true, kmsKeyId: keyArn, volumeSizeGiB: 8 }],
  });
  await as("ec2")("ModifyImageAttribute", { ImageId: imageId, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } });
  /** A role of production's account with one policy. */
  const role = (name: string, ...statements: object[]): Promise<Principal> =>
    makeRole(aws, PRODUCTION, name, { AWS: PRODUCTION }, ...statements);
  /** Launches one instance. @returns its description a minute later */
  const launch = async (principal: Principal, input: object = {}) => {
    const ec2 = as("ec2", principal);
    const launched = await ec2("RunInstances", {
      ImageId: imageId,
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      ...input,
    });
    await clock.runUntil(clock.now() + 60_000);
    const { Reservations } = await as("ec2", accountPrincipal(principal.account))("DescribeInstances", {
      InstanceIds: launched.Instances?.map(({ InstanceId }) => InstanceId),
    });
    return { launched, instance: Reservations?.[0]?.Instances?.[0] };
  };
  return { aws, clock, as, keyArn, imageId, role, launch, denied };
}

export const ALLOW_LAUNCHES = allow(["ec2:*"]);
export const ALLOW_KEYS = allow(LAUNCH_ACTIONS);
