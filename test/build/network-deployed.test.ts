// @module-tag deep
// @module-tag needs/sst-platform
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreatePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetInfrastructureConfigurationCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { startAws, VirtualClock } from "embedded-aws";
import type { Blueprint, BlueprintResource } from "embedded-aws/deploy";
import { seedNetwork } from "embedded-aws/seeds";
import { beforeAll, expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { exampleOrganization } from "../../demo/organization.ts";
import { optionsInProcess } from "../../local/boot/client-options.ts";
import { setUpManagementAccount } from "../../local/boot/set-up-management-account.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, root } from "../../stacks/blueprint/project.ts";
import factory from "./fixtures/with-network.ts";

let blueprint: Blueprint;
beforeAll(async () => {
  blueprint = JSON.parse(await evaluateProgram(findProject(`${import.meta.dirname}/fixtures/with-network.ts`)));
}, 60_000);

const ofType = (type: string): readonly BlueprintResource[] => blueprint.resources.filter((one) => one.type === type);

/** Types that the provider gives tags. */
function takesTags(type: string): boolean {
  const [provider, module = ""] = type.split(":");
  if (provider !== "aws") return false;
  const file = join(root, ".sst/platform/node_modules/@pulumi/aws", `${module}.js`);
  return readFileSync(file, "utf8").includes('"tagsAll"');
}

test("everything that takes tags has the factory's, and every role the boundary", () => {
  const taggable = blueprint.resources.filter(({ type }) => takesTags(type));
  const untagged = taggable.filter(
    ({ inputs }) => (inputs.tags as Record<string, string> | undefined)?.["cost-center"] !== "42",
  );
  const unbounded = ofType("aws:iam/role:Role").filter(
    ({ inputs }) => inputs.permissionsBoundary !== factory.permissionsBoundary,
  );

  expect(taggable.length).toBeGreaterThan(100);
  expect(untagged.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  expect(unbounded.map(({ name }) => name)).toEqual([]);
});

test("AMIs, and the instances that they are built on, have the tags, too", () => {
  const recipes = ofType("aws:imagebuilder/imageRecipe:ImageRecipe");
  const instances = ofType("aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration");

  expect(recipes.map(({ inputs }) => inputs.amiTags)).toEqual(
    recipes.map(() => expect.objectContaining({ "cost-center": "42" })),
  );
  expect(instances.map(({ inputs }) => inputs.resourceTags)).toEqual(
    instances.map(() => expect.objectContaining({ "cost-center": "42", schedule: "always" })),
  );
});

test("configured roles are used, and no others are created", () => {
  const roles = ofType("aws:iam/role:Role").map(({ inputs }) => inputs.name);
  const profiles = ofType("aws:iam/instanceProfile:InstanceProfile");
  const pipelines = ofType("aws:imagebuilder/imagePipeline:ImagePipeline");

  expect(roles.filter((name) => String(name).endsWith("build-instance"))).toEqual([]);
  expect(profiles.map(({ inputs }) => inputs.role)).toEqual(["image-instances"]);
  expect(new Set(pipelines.map(({ inputs }) => inputs.executionRole))).toEqual(
    new Set(["arn:aws:iam::111122223333:role/image-builder"]),
  );
});

test("the function behind the public address reserves what the config says, and no other reserves any", () => {
  const reserving = ofType("aws:lambda/function:Function").filter(({ inputs }) => inputs.reservedConcurrentExecutions);

  expect(reserving.map(({ inputs }) => [inputs.name, inputs.reservedConcurrentExecutions])).toEqual([
    ["amint-acme-answer-slack", 5],
  ]);
});

test("deployed, infrastructure configurations name what the tags were found on", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const { account, buildRegion } = blueprint;
  const { managementAccountId } = factory.organization;
  const secrets = { SlackApiUrl: "http://127.0.0.1", FeedMirrors: "{}" };
  const booted = await startAws(
    { clock, organization: exampleOrganization(factory, account) },
    {
      ...{ blueprint, root, secrets },
      async before(aws) {
        const options = (id: string, region = buildRegion) => optionsInProcess(aws, id, region);
        seedNetwork(aws, account, { region: buildRegion, name: "web", cidr: "10.1.0.0/16" });
        await giveWhatTheConfigNames(new IAMClient(options(account)), new EC2Client(options(account)));
        const wait = () => clock.runUntil(clock.now() + 10_000);
        await setUpManagementAccount({ factory, ...blueprint }, options(managementAccountId, "us-east-1"), wait);
      },
    },
  );
  const own = optionsInProcess(booted.aws, account, buildRegion);
  const [builder, ec2, iam] = [new ImagebuilderClient(own), new EC2Client(own), new IAMClient(own)];
  const infrastructure = async (image: string) => {
    const arn = `arn:aws:imagebuilder:${buildRegion}:${account}:infrastructure-configuration/acme-${image}`;
    const input = { infrastructureConfigurationArn: arn };
    return (await builder.send(new GetInfrastructureConfigurationCommand(input))).infrastructureConfiguration;
  };

  const [base, web] = [await infrastructure("al2023-base"), await infrastructure("al2023-web")];

  const named = async (name: string) => {
    const Filters = [{ Name: "tag:Name", Values: [name] }];
    return (await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets?.[0]?.SubnetId;
  };
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: "amint-acme-start-build" }));
  await booted.close();
  expect(base).toMatchObject({
    subnetId: await named("image-builds-private-c"),
    securityGroupIds: [booted.deployment.get("SecurityGroupImageBuilds")?.id],
    instanceTypes: ["c7i.large", "c6i.large"],
  });
  expect(web).toMatchObject({
    subnetId: await named("web-private-a"),
    securityGroupIds: [booted.deployment.get("BuildInstancesWeb")?.id],
  });
  expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(factory.permissionsBoundary);
});

async function giveWhatTheConfigNames(iam: IAMClient, ec2: EC2Client): Promise<void> {
  const statement = (service: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  await iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: JSON.stringify(everything) }));
  for (const [RoleName, service, Path] of [
    ["image-instances", "ec2.amazonaws.com", "/builds/"],
    ["image-builder", "imagebuilder.amazonaws.com", "/"],
  ] as const) {
    const AssumeRolePolicyDocument = JSON.stringify(statement(service));
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
  }
  const Name = "image-builds";
  const Filters = [{ Name: "tag:Name", Values: [Name] }];
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters }));
  const TagSpecifications = [{ ResourceType: "security-group" as const, Tags: [{ Key: "Name", Value: Name }] }];
  const group = { GroupName: Name, Description: "Image builds", VpcId: Vpcs[0]?.VpcId, TagSpecifications };
  await ec2.send(new CreateSecurityGroupCommand(group));
}

test("without a network in the config, a deployment to an account without a default VPC is refused as by EC2", async () => {
  const whole = await readBlueprint();
  const resources = whole.resources.flatMap(({ dependencies: _, ...one }) => {
    if (one.name !== "BuildInstances") return [];
    const { vpcId: __, ...inputs } = one.inputs;
    return [{ ...one, inputs }];
  });
  const organization = exampleOrganization(factory, whole.account);
  const options = { clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)), organization };

  const deploying = startAws(options, { blueprint: { ...whole, resources }, root, secrets: {} });

  await expect(deploying).rejects.toThrow(
    "BuildInstances (aws:ec2/securityGroup:SecurityGroup): VPCIdNotSpecified: No default VPC for this user",
  );
});
