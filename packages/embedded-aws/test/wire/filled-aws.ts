import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { createFunction } from "../../src/services/lambda/create-function.ts";
import { ACCOUNT, aBuilder, document, REGION } from "../imagebuilder/builder.ts";
import { policy } from "../policy.ts";
import { filledBin, filledExports, filledRegistries, filledReports, filledScans } from "./filled-images.ts";
import { filledOrganization, filledShares, filledStacks } from "./filled-organization.ts";

const three = [1, 2, 3];
const role = `arn:aws:iam::${ACCOUNT}:role/instance`;
const trust = policy({
  Effect: "Allow",
  Principal: { Service: ["states.amazonaws.com", "scheduler.amazonaws.com"] },
  Action: "sts:AssumeRole",
});
const machine = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "A",
  States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } },
});

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

/** An account with more of everything than fits in the smallest page. */
export async function filledAws() {
  const { aws, call, pipeline, start, pass, workflows, component } = await aBuilder();
  const images = await builtImages({ aws, call, pipeline, start, pass, component });
  const [workflow] = await workflows(images.image);
  const organization = await filledOrganization(aws, call);
  for (const n of three) {
    createFunction(aws, ACCOUNT, REGION, {
      name: `f-${n}`,
      handler: "echo.handler",
      root: `${import.meta.dirname}/../lambda/fixtures`,
      role,
    });
  }
  const keys = await filledKeys(call);
  const states = await filledMachines(call);
  await filledNetwork(call);
  const launchedImage = await filledLaunches(call, pass);
  filledReports(aws);
  await filledBin(aws, call, pass);
  await filledRoles(call);
  await filledMessaging(call);
  await filledStores(call);
  await filledMetrics(call);
  await filledLogs(call);
  await filledShares(aws, call);
  const registries = await filledRegistries({ aws, call, pass });
  const stackSetOperation = await filledStacks(call, pass);
  await pass(1);
  return {
    aws,
    stackSetOperation,
    launchedImage,
    ...images,
    ...organization,
    ...keys,
    ...states,
    ...registries,
    ...filledExports(aws),
    workflowExecutionId: workflow?.workflowExecutionId,
  };
}

type Builder = Pick<Awaited<ReturnType<typeof aBuilder>>, "aws" | "call" | "pipeline" | "start" | "pass" | "component">;

async function builtImages({ aws, call, pipeline, start, pass, component }: Builder) {
  await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
  simulateInstances(aws, ACCOUNT, REGION, {
    packages: () => three.map((n) => ({ name: `package-${n}`, version: "1" })),
    findings: () =>
      Array.from({ length: 30 }, (_, n) => ({
        severity: "HIGH",
        packageVulnerabilityDetails: { vulnerabilityId: `CVE-${n}` },
      })),
    cis: () =>
      three.map((n) => ({ checkId: `1.1.${n}`, title: `Check ${n}`, level: 1, status: n === 2 ? "FAILED" : "PASSED" })),
    // Long enough for scans of the instances that test.
    durations: { scan: 20 * 60_000 },
  });
  const pipelineArn = await pipeline({ pipeline: { imageScanningConfiguration: { imageScanningEnabled: true } } });
  const image = await start(pipelineArn);
  // Two AMIs from the same minute would have the same name.
  await pass(1);
  await start(pipelineArn);
  await pass(30);
  const cisScan = await filledScans(call);
  await pass(90);
  for (const n of three) await component(`part-${n}`, document("build", "Configure"));
  for (const n of three) {
    const { imageRecipeArn } = await call<{ imageRecipeArn: string }>("imagebuilder", "CreateImageRecipe", {
      name: `recipe-${n}`,
      semanticVersion: "1.0.0",
      parentImage: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      components: [{ componentArn: `arn:aws:imagebuilder:${REGION}:aws:component/update-linux/x.x.x` }],
    });
    const { infrastructureConfigurationArn } = await call<{ infrastructureConfigurationArn: string }>(
      "imagebuilder",
      "CreateInfrastructureConfiguration",
      { name: `infrastructure-${n}`, instanceProfileName: "builder" },
    );
    const more = { imageRecipeArn, infrastructureConfigurationArn };
    await call("imagebuilder", "CreateImagePipeline", { name: `pipeline-${n}`, ...more });
    const distributions = [{ region: REGION, amiDistributionConfiguration: {} }];
    await call("imagebuilder", "CreateDistributionConfiguration", { name: `distribution-${n}`, distributions });
  }
  return { image, pipelineArn, ...(await cisScan()) };
}

async function filledKeys(call: Call) {
  const made: string[] = [];
  for (const n of three) {
    const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>("kms", "CreateKey", {
      Tags: three.map((tag) => ({ TagKey: `k-${tag}`, TagValue: "v" })),
    });
    made.push(KeyMetadata.KeyId);
    await call("kms", "CreateAlias", { AliasName: `alias/a-${n}`, TargetKeyId: KeyMetadata.KeyId });
  }
  for (const n of three) {
    await call("kms", "CreateGrant", {
      KeyId: made[0],
      GranteePrincipal: role,
      Operations: ["Decrypt"],
      Name: `g-${n}`,
    });
  }
  return { key: made[0], otherKey: made[1] };
}

async function filledMachines(call: Call) {
  await call("iam", "CreateRole", { RoleName: "machine", AssumeRolePolicyDocument: trust });
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/machine`;
  let made = { stateMachineArn: "" };
  for (const n of three)
    made = await call("states", "CreateStateMachine", { name: `m-${n}`, definition: machine, roleArn });
  let started = { executionArn: "" };
  for (const _ of three) started = await call("states", "StartExecution", { stateMachineArn: made.stateMachineArn });
  return { machine: made.stateMachineArn, execution: started.executionArn };
}

async function filledNetwork(call: Call): Promise<void> {
  const { Images = [] } = await call<{ Images?: { ImageId: string }[] }>("ec2", "DescribeImages", {
    Owners: ["amazon"],
  });
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    const tags = (ResourceType: string) => [{ ResourceType, Tags: [{ Key: "n", Value: String(n) }] }];
    const group = { GroupName: `g-${n}`, Description: "d", TagSpecifications: tags("security-group") };
    await call("ec2", "CreateSecurityGroup", group);
    const source = { SourceImageId: Images[0]?.ImageId, SourceRegion: REGION };
    await call("ec2", "CopyImage", { Name: `copy-${n}`, ...source });
  }
}

/** Instances, templates with versions, and groups that launch by them. */
/** Answers the image that was launched. */
async function filledLaunches(call: Call, pass: Builder["pass"]): Promise<string> {
  const { Images = [] } = await call<{ Images?: { ImageId: string }[] }>("ec2", "DescribeImages", { Owners: ["self"] });
  const launch = { ImageId: Images[0]?.ImageId, InstanceType: "t3.micro" };
  await call("ec2", "RunInstances", { ...launch, MinCount: 7, MaxCount: 7 });
  for (const n of three) {
    await call("ec2", "CreateLaunchTemplate", { LaunchTemplateName: `t-${n}`, LaunchTemplateData: launch });
    await call("ec2", "CreateLaunchTemplateVersion", { LaunchTemplateName: "t-1", LaunchTemplateData: launch });
    await call("autoscaling", "CreateAutoScalingGroup", {
      AutoScalingGroupName: `g-${n}`,
      LaunchTemplate: { LaunchTemplateName: "t-1" },
      MinSize: 1,
      MaxSize: 1,
      AvailabilityZones: [`${REGION}a`],
    });
  }
  await pass(1);
  for (const _ of three) {
    await call("autoscaling", "StartInstanceRefresh", { AutoScalingGroupName: "g-1" });
    const ended = { AutoScalingGroupName: "g-1", WaitForTransitioningInstances: false };
    await call("autoscaling", "CancelInstanceRefresh", ended);
  }
  return Images[0]?.ImageId ?? "";
}

async function filledRoles(call: Call): Promise<void> {
  const tags = three.map((n) => ({ Key: `k-${n}`, Value: "v" }));
  for (const n of three) {
    await call("iam", "CreateRole", { RoleName: `r-${n}`, AssumeRolePolicyDocument: trust, Tags: tags });
    const PolicyDocument = policy();
    await call("iam", "PutRolePolicy", { RoleName: "r-1", PolicyName: `p-${n}`, PolicyDocument });
    const { Policy } = await call<{ Policy: { Arn: string } }>("iam", "CreatePolicy", {
      PolicyName: `m-${n}`,
      PolicyDocument,
      Tags: tags,
    });
    await call("iam", "AttachRolePolicy", { RoleName: "r-1", PolicyArn: Policy.Arn });
    for (const _ of [2, 3]) await call("iam", "CreatePolicyVersion", { PolicyArn: Policy.Arn, PolicyDocument });
    await call("iam", "CreateInstanceProfile", { InstanceProfileName: `i-${n}`, Tags: tags });
    await call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: `i-${n}`, RoleName: "r-1" });
  }
}

async function filledMessaging(call: Call): Promise<void> {
  const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:t-0`;
  for (let n = 0; n < 101; n++) await call("sns", "CreateTopic", { Name: `t-${n}` });
  for (let n = 0; n < 101; n++) {
    await call("sns", "Subscribe", { TopicArn, Protocol: "email", Endpoint: `ops-${n}@example.com` });
  }
  for (const n of three) {
    await call("sqs", "CreateQueue", { QueueName: `q-${n}` });
    await call("events", "CreateEventBus", { Name: `b-${n}` });
    await call("events", "PutRule", { Name: `r-${n}`, EventPattern: '{"source":["a"]}' });
    const Targets = [{ Id: `t-${n}`, Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:q-1` }];
    await call("events", "PutTargets", { Rule: "r-1", Targets });
    await call("scheduler", "CreateScheduleGroup", { Name: `g-${n}` });
    await call("scheduler", "CreateSchedule", {
      Name: `s-${n}`,
      ScheduleExpression: "rate(365 days)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:q-1`, RoleArn: `arn:aws:iam::${ACCOUNT}:role/machine` },
    });
    await call("monitoring", "PutMetricAlarm", {
      AlarmName: `a-${n}`,
      MetricName: "Errors",
      Namespace: "AWS/Lambda",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    });
  }
}

/** More than a page of lists whose pages have the size that AWS fixed. */
async function filledMetrics(call: Call): Promise<void> {
  const MetricData = Array.from({ length: 501 }, (_, n) => ({ MetricName: `m-${n + 1}`, Value: 1 }));
  await call("monitoring", "PutMetricData", { Namespace: "Many", MetricData });
  for (const n of three) {
    const Timestamp = new Date(`2026-04-01T0${n}:00:00Z`);
    await call("monitoring", "PutMetricData", {
      Namespace: "Many",
      MetricData: [{ MetricName: "m-1", Value: n, Timestamp }],
    });
  }
  for (let n = 1; n <= 1_001; n++) {
    await call("monitoring", "PutDashboard", { DashboardName: `d-${n}`, DashboardBody: '{"widgets":[]}' });
  }
}

async function filledLogs(call: Call): Promise<void> {
  for (const n of three) {
    await call("logs", "CreateLogGroup", { logGroupName: `/many/${n}` });
    await call("logs", "CreateLogStream", { logGroupName: "/many/1", logStreamName: `s-${n}` });
    const logEvents = [{ timestamp: Date.UTC(2026, 3, 1, 8), message: `line ${n}` }];
    await call("logs", "PutLogEvents", { logGroupName: "/many/1", logStreamName: `s-${n}`, logEvents });
  }
}

async function filledStores(call: Call): Promise<void> {
  for (const n of three) {
    await call("ssm", "PutParameter", { Name: `/a/p-${n}`, Value: "v", Type: "String" });
    await call("ssm", "PutParameter", { Name: "/a/p-1", Value: `v${n}`, Type: "String", Overwrite: true });
    await call("s3", "CreateBucket", {
      Bucket: `bucket-${n}`,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    await call("s3", "PutObject", { Bucket: "bucket-1", Key: `k-${n}`, Body: Buffer.from("v") });
  }
}
