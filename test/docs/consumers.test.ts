import { readFileSync } from "node:fs";
import {
  CreateAutoScalingGroupCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { VirtualClock } from "embedded-aws";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { BEGIN, MINUTE } from "../world/time.ts";
import { CHANNEL, consumerAccount } from "./consumer-account.ts";
import { hclErrors } from "./hcl.ts";

const text = (file: string): string => readFileSync(`docs/consumers/${file}`, "utf8");
const json = (file: string) => JSON.parse(text(file));

test("each file names the channel's parameter, except those without an AMI", () => {
  const following = ["launch-template.json", "cloudformation.yaml", "cdk.ts", "terraform.tf", "karpenter.yaml"];

  for (const file of [...following, "packer.pkr.hcl"]) expect(text(file), file).toContain(CHANNEL);
});

test("a launch template resolves the channel at each launch; an instance refresh replaces what already runs", async () => {
  const { pass, ec2, scaling, amis, subnets, point, running } = await consumerAccount(new VirtualClock(BEGIN));

  await ec2.send(new CreateLaunchTemplateCommand(json("launch-template.json")));
  const group = { ...json("auto-scaling-group.json"), VPCZoneIdentifier: subnets.join() };
  await scaling.send(new CreateAutoScalingGroupCommand(group));
  await pass(5 * MINUTE);
  const launched = await running("web");
  await point(amis[1]);
  await pass(5 * MINUTE);
  const afterTheMove = await running("web");
  await scaling.send(new StartInstanceRefreshCommand(json("instance-refresh.json")));
  await pass(60 * MINUTE);
  const { InstanceRefreshes } = await scaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: "web" }),
  );

  expect(launched).toEqual([amis[0], amis[0]]);
  expect(afterTheMove).toEqual(launched);
  expect(InstanceRefreshes).toMatchObject([{ Status: "Successful" }]);
  expect(await running("web")).toEqual([amis[1], amis[1]]);
});

test("the template is valid, and its parameter is read again by each stack operation", async () => {
  const { pass, amis, point, settings } = await consumerAccount(new VirtualClock(BEGIN));
  const cloudFormation = new CloudFormationClient(settings);
  const template = text("cloudformation.yaml");
  // The embedded CloudFormation has no launch templates and no groups: a parameter stands in for what the AMI's ID goes into.
  const resources = "  Copy: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Ami } }\n";
  const TemplateBody = template.replace(/^Resources:\n.*?(?=^Outputs:)/ms, `Resources:\n${resources}`);
  const stack = {
    StackName: "web",
    TemplateBody,
    Parameters: [{ ParameterKey: "Subnets", ParameterValue: "subnet-1" }],
  };
  const output = async () => {
    await pass(1 * MINUTE);
    const { Stacks: [found] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: "web" }));
    return [found?.StackStatus, found?.Outputs?.[0]?.OutputValue];
  };

  const { Parameters } = await cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: template }));
  await cloudFormation.send(new CreateStackCommand(stack));
  const created = await output();
  await point(amis[1]);
  const unchanged = await output();
  await cloudFormation.send(new UpdateStackCommand(stack));

  expect(Parameters?.map(({ ParameterKey, DefaultValue }) => [ParameterKey, DefaultValue])).toEqual([
    ["Ami", CHANNEL],
    ["Subnets", undefined],
  ]);
  expect([created, unchanged]).toEqual(Array(2).fill(["CREATE_COMPLETE", amis[0]]));
  expect(await output()).toEqual(["UPDATE_COMPLETE", amis[1]]);
});

test.each(["karpenter.yaml", "eksctl.yaml"])("%s is YAML, each document of a kind", (file) => {
  const documents = parseAllDocuments(text(file), { strict: true, uniqueKeys: true });

  const errors = documents.flatMap(({ errors: found, warnings }) => [...found, ...warnings]);
  const kinds = documents
    .map((one) => one.toJS())
    .map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name]);

  expect(errors).toEqual([]);
  expect(kinds).toEqual(
    file === "eksctl.yaml"
      ? [["eksctl.io/v1alpha5", "ClusterConfig", "shop"]]
      : [
          ["karpenter.k8s.aws/v1", "EC2NodeClass", "golden"],
          ["karpenter.sh/v1", "NodePool", "golden"],
        ],
  );
});

test("the CDK's program is TypeScript", async () => {
  const { warnings } = await transform(text("cdk.ts"), { loader: "ts", target: "es2024" });

  expect(warnings).toEqual([]);
});

test.each(["terraform.tf", "packer.pkr.hcl"])("%s is formatted HCL", { tags: "needs/terraform" }, async (file) => {
  expect(await hclErrors(text(file))).toBe("");
});
