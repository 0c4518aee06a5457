import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";
import { allow } from "../policy.ts";
import type { filledAws } from "./filled-aws.ts";

export type Filled = Awaited<ReturnType<typeof filledAws>>;

type Input = object | ((filled: Filled) => object);

export interface PagedList {
  /** `<service>:<operation>` */
  readonly name: string;
  readonly input: Input;
  /** Another request to the same operation. */
  readonly other?: Input;
  /** The smallest page; without such a parameter, AWS's fixed page size. */
  readonly smallest?: number;
  /** There cannot be a second page. */
  readonly onePage?: true;
}

type More = Pick<PagedList, "smallest" | "onePage">;
const list = (name: string, input: Input = {}, other?: Input, more: More = {}): PagedList => {
  return { name, input, ...(other && { other }), ...more };
};
const onePage = (name: string, input?: Input) => list(name, input, undefined, { onePage: true });

const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
const named = (name: string, ...values: string[]) => ({ filters: [{ name, values }] });
const policyArn = (n: number) => `arn:aws:iam::${ACCOUNT}:policy/m-${n}`;
const versionOf = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
const ofRole = (...ActionNames: string[]) => ({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/r-1`, ActionNames });
const everything = JSON.stringify({ Version: "2012-10-17", Statement: [allow("*")] });
const template = (LaunchTemplateName: string) => ({ LaunchTemplateName });
const repository = (n: number) => ({ repositoryName: `repository-${n}` });
const topic = (n: number) => ({ TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:t-${n}` });
const metricData = (Stat: string) => ({
  MetricDataQueries: [{ Id: "m", MetricStat: { Metric: { Namespace: "Many", MetricName: "m-1" }, Period: 60, Stat } }],
  StartTime: new Date("2026-04-01T00:00:00Z"),
  EndTime: new Date("2026-04-02T00:00:00Z"),
});
const inGroup = (AutoScalingGroupName: string) => ({ AutoScalingGroupName });
const set = (StackSetName: string) => ({ StackSetName });
const account = { name: "accountId", values: [ACCOUNT] };

export const LISTS: readonly PagedList[] = [
  list("autoscaling:DescribeAutoScalingGroups", {}, filter("tag-key", "n")),
  list("autoscaling:DescribeAutoScalingInstances"),
  list("autoscaling:DescribeInstanceRefreshes", inGroup("g-1"), inGroup("g-2")),
  list("autoscaling:DescribeScalingActivities", {}, { IncludeDeletedGroups: true }),
  onePage("autoscaling:DescribeTags"),
  onePage("cloudtrail:ListTags", { ResourceIdList: [] }),
  onePage("cloudtrail:ListTrails"),
  list("cloudformation:DescribeStackEvents", { StackName: "many" }, { StackName: "s-1" }),
  list("cloudformation:DescribeStacks"),
  list("cloudformation:ListStackSets", {}, { Status: "DELETED" }),
  list("cloudformation:ListStackInstances", set("set-1"), set("set-2")),
  list("cloudformation:ListStackSetOperations", set("set-1"), set("set-2")),
  list(
    "cloudformation:ListStackSetOperationResults",
    ({ stackSetOperation }) => ({ StackSetName: "set-1", OperationId: stackSetOperation }),
    ({ stackSetOperation }) => ({ StackSetName: "set-2", OperationId: stackSetOperation }),
  ),
  list("ec2:DescribeImages", {}, { Owners: ["self"] }),
  list("ebs:ListSnapshotBlocks", (all) => ({ SnapshotId: all.writtenSnapshot }), {}, { smallest: 100 }),
  list("ec2:DescribeExportImageTasks", {}, filter("task-state", "completed")),
  list("ec2:DescribeImageUsageReports", {}, filter("state", "available")),
  list("ec2:DescribeImageUsageReportEntries", {}, filter("resource-type", "ec2:Instance")),
  list(
    "ec2:DescribeImageReferences",
    ({ launchedImage }) => ({ ImageIds: [launchedImage], IncludeAllResourceTypes: true }),
    ({ launchedImage }) => ({ ImageIds: [launchedImage], ResourceTypes: [{ ResourceType: "ec2:Instance" }] }),
    { smallest: 5 },
  ),
  list("ec2:ListImagesInRecycleBin"),
  list("ec2:ListSnapshotsInRecycleBin", {}, undefined, { smallest: 5 }),
  list("ec2:DescribeInstances", {}, filter("instance-type", "t*"), { smallest: 5 }),
  list("ec2:DescribeInstanceStatus", {}, { IncludeAllInstances: true }, { smallest: 5 }),
  list("ec2:DescribeLaunchTemplates", {}, filter("launch-template-name", "t-*")),
  list("ec2:DescribeLaunchTemplateVersions", template("t-1"), template("t-2")),
  list("ec2:DescribeSecurityGroups", {}, filter("group-name", "g-*"), { smallest: 5 }),
  list("ec2:DescribeInstanceTypes", {}, filter("bare-metal", "false"), { smallest: 5 }),
  list("ec2:DescribeNetworkInterfaces", {}, filter("status", "in-use"), { smallest: 5 }),
  list("ec2:DescribeSecurityGroupRules", {}, filter("group-id", "sg-*"), { smallest: 5 }),
  list("ec2:DescribeVolumes", {}, filter("status", "in-use"), { smallest: 5 }),
  list("ec2:DescribeSnapshots", {}, { OwnerIds: ["self"] }, { smallest: 5 }),
  list("ec2:DescribeTags", {}, filter("key", "n"), { smallest: 5 }),
  ...["InternetGateways", "NatGateways", "RouteTables", "Subnets", "VpcEndpoints", "Vpcs"].map((what): PagedList => {
    return { ...onePage(`ec2:Describe${what}`), ...(what !== "VpcEndpoints" && { smallest: 5 }) };
  }),
  list("ecr:DescribeRepositories"),
  list("ecr:DescribeImages", repository(1), repository(2)),
  list("ecr:ListImages", repository(1), repository(2)),
  list("ecr:GetLifecyclePolicyPreview", repository(1)),
  list("ecr:DescribeImageScanFindings", ({ imageDigest }) => ({ ...repository(1), imageId: { imageDigest } }), {
    ...repository(1),
    imageId: { imageTag: "1" },
  }),
  list("events:ListEventBuses", {}, { NamePrefix: "b" }),
  list("events:ListRules", {}, { NamePrefix: "r" }),
  list("events:ListTargetsByRule", { Rule: "r-1" }, { Rule: "r-2" }),
  list("iam:ListInstanceProfiles", {}, { PathPrefix: "/" }),
  list("iam:ListInstanceProfilesForRole", { RoleName: "r-1" }, { RoleName: "r-2" }),
  list("iam:ListPolicyVersions", { PolicyArn: policyArn(1) }, { PolicyArn: policyArn(2) }),
  list("iam:ListRoleTags", { RoleName: "r-1" }, { RoleName: "r-2" }),
  list("iam:ListPolicyTags", { PolicyArn: policyArn(1) }, { PolicyArn: policyArn(2) }),
  list("iam:ListInstanceProfileTags", { InstanceProfileName: "i-1" }, { InstanceProfileName: "i-2" }),
  list("iam:SimulatePrincipalPolicy", ofRole("s3:Get", "s3:Put"), ofRole("s3:List")),
  list(
    "iam:SimulateCustomPolicy",
    { PolicyInputList: [everything], ActionNames: ["s3:Get", "s3:Put"] },
    { PolicyInputList: [everything], ActionNames: ["s3:List"] },
  ),
  list("servicequotas:ListServiceQuotas", { ServiceCode: "ec2" }, { ServiceCode: "lambda" }),
  list("iam:ListRoles", {}, { PathPrefix: "/" }),
  list("iam:ListRolePolicies", { RoleName: "r-1" }, { RoleName: "r-2" }),
  list("iam:ListAttachedRolePolicies", { RoleName: "r-1" }, { RoleName: "r-2" }),
  list("imagebuilder:ListComponents", {}, { owner: "Self" }),
  onePage("imagebuilder:ListComponentBuildVersions", {
    componentVersionArn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:component/part-1/1.0.0`,
  }),
  list("imagebuilder:ListContainerRecipes", {}, { owner: "Self" }),
  list("imagebuilder:ListDistributionConfigurations", {}, named("name", "x")),
  list("imagebuilder:ListInfrastructureConfigurations", {}, named("name", "x")),
  list("imagebuilder:ListImagePipelines", {}, named("name", "x")),
  list("imagebuilder:ListImageRecipes", {}, { owner: "Self" }),
  onePage("imagebuilder:ListImages"),
  list("imagebuilder:ListImageBuildVersions", {}, ({ image }) => ({ imageVersionArn: versionOf(image) })),
  list(
    "imagebuilder:ListImagePipelineImages",
    ({ pipelineArn }) => ({ imagePipelineArn: pipelineArn }),
    ({ pipelineArn }) => ({ imagePipelineArn: pipelineArn, filters: [{ name: "version", values: ["1.0.0"] }] }),
  ),
  list(
    "imagebuilder:ListImagePackages",
    ({ image }) => ({ imageBuildVersionArn: image }),
    ({ image }) => ({ imageBuildVersionArn: image.replace(/1$/, "2") }),
  ),
  list("imagebuilder:ListImageScanFindings", {}, named("severity", "HIGH")),
  list("imagebuilder:ListImageScanFindingAggregations", { filter: { name: "vulnerabilityId" } }, { filter: account }),
  list("imagebuilder:ListWorkflowExecutions", ({ image }) => ({ imageBuildVersionArn: image })),
  list("imagebuilder:ListWorkflowStepExecutions", ({ workflowExecutionId }) => ({ workflowExecutionId })),
  list(
    "inspector2:ListCisScans",
    {},
    { filterCriteria: { scanNameFilters: [{ comparison: "PREFIX", value: "scan" }] } },
  ),
  list(
    "inspector2:ListCisScanResultsAggregatedByTargetResource",
    ({ scanArn }) => ({ scanArn }),
    ({ otherScanArn }) => ({ scanArn: otherScanArn }),
  ),
  list(
    "inspector2:GetCisScanResultDetails",
    ({ scanArn, scanned }) => ({ scanArn, accountId: ACCOUNT, targetResourceId: scanned }),
    ({ otherScanArn, scanned }) => ({ scanArn: otherScanArn, accountId: ACCOUNT, targetResourceId: scanned }),
  ),
  list("kms:ListKeys"),
  list("kms:ListAliases", {}, ({ key }) => ({ KeyId: key })),
  list(
    "kms:ListGrants",
    ({ key }) => ({ KeyId: key }),
    ({ otherKey }) => ({ KeyId: otherKey }),
  ),
  list(
    "kms:ListResourceTags",
    ({ key }) => ({ KeyId: key }),
    ({ otherKey }) => ({ KeyId: otherKey }),
  ),
  onePage("kms:ListKeyPolicies", ({ key }) => ({ KeyId: key })),
  list("logs:DescribeLogGroups", {}, { logGroupNamePrefix: "/many" }),
  list("logs:DescribeLogStreams", { logGroupName: "/many/1" }, { logGroupName: "/many/2" }),
  list("logs:FilterLogEvents", { logGroupName: "/many/1" }, { logGroupName: "/many/1", filterPattern: "line" }),
  list("lambda:ListFunctions"),
  onePage("lambda:ListFunctionUrlConfigs", { FunctionName: "f-1" }),
  onePage("lambda:ListVersionsByFunction", { FunctionName: "f-1" }),
  list("monitoring:DescribeAlarmHistory", {}, { HistoryItemType: "Action" }),
  list("monitoring:DescribeAlarms", {}, { StateValue: "OK" }),
  list("monitoring:GetMetricData", metricData("Sum"), metricData("Maximum")),
  list("monitoring:ListDashboards", {}, { DashboardNamePrefix: "d" }),
  list("monitoring:ListMetrics", {}, { Namespace: "Many" }),
  list("organizations:ListAccounts"),
  list("organizations:ListAccountsForParent", { ParentId: "r-exam" }, { ParentId: "ou-exam-workload1" }),
  list(
    "organizations:ListChildren",
    { ParentId: "r-exam", ChildType: "ACCOUNT" },
    { ParentId: "r-exam", ChildType: "ORGANIZATIONAL_UNIT" },
  ),
  list("organizations:ListOrganizationalUnitsForParent", { ParentId: "r-exam" }, { ParentId: "ou-exam-workload1" }),
  list("organizations:ListAWSServiceAccessForOrganization"),
  list("organizations:ListDelegatedAdministrators", {}, { ServicePrincipal: "ram.amazonaws.com" }),
  list("organizations:ListDelegatedServicesForAccount", { AccountId: "222233334441" }, { AccountId: "222233334442" }),
  list("organizations:ListPolicies", { Filter: "SERVICE_CONTROL_POLICY" }, { Filter: "DECLARATIVE_POLICY_EC2" }),
  list(
    "organizations:ListPoliciesForTarget",
    { TargetId: "r-exam", Filter: "SERVICE_CONTROL_POLICY" },
    { TargetId: ACCOUNT, Filter: "SERVICE_CONTROL_POLICY" },
  ),
  list("organizations:ListTargetsForPolicy", { PolicyId: "p-FullAWSAccess" }, ({ policy }) => ({ PolicyId: policy })),
  onePage("organizations:ListParents", { ChildId: ACCOUNT }),
  onePage("organizations:ListRoots"),
  onePage("organizations:ListTagsForResource", { ResourceId: ACCOUNT }),
  list("rbin:ListRules", { ResourceType: "EC2_IMAGE" }, { ResourceType: "EBS_SNAPSHOT" }),
  list("s3:ListBuckets", {}, { Prefix: "bucket" }),
  list("s3:ListObjectsV2", { Bucket: "bucket-1" }, { Bucket: "bucket-1", Prefix: "k" }),
  list("scheduler:ListSchedules", {}, { NamePrefix: "s" }),
  list("scheduler:ListScheduleGroups", {}, { NamePrefix: "g" }),
  list("sns:ListTopics"),
  list("sns:ListSubscriptions"),
  list("sns:ListSubscriptionsByTopic", topic(0), topic(1)),
  list("sqs:ListQueues", {}, { QueueNamePrefix: "q" }),
  list("ram:GetResourceShareAssociations", { associationType: "PRINCIPAL" }, { associationType: "RESOURCE" }),
  list("ram:GetResourceShareInvitations", {}, { resourceShareArns: [] }),
  list("ram:GetResourceShares", { resourceOwner: "SELF" }, { resourceOwner: "OTHER-ACCOUNTS" }),
  list("ram:ListPrincipals", { resourceOwner: "SELF" }, { resourceOwner: "OTHER-ACCOUNTS" }),
  list("ram:ListResources", { resourceOwner: "SELF" }, { resourceOwner: "OTHER-ACCOUNTS" }),
  list("ssm:DescribeParameters", {}, { ParameterFilters: [{ Key: "Type", Values: ["String"] }] }),
  list("ssm:GetParameterHistory", { Name: "/a/p-1" }, { Name: "/a/p-2" }),
  list("ssm:GetParametersByPath", { Path: "/a" }, { Path: "/a", Recursive: true }),
  list("states:ListStateMachines"),
  list(
    "states:ListExecutions",
    ({ machine }) => ({ stateMachineArn: machine }),
    ({ machine }) => ({ stateMachineArn: machine, statusFilter: "SUCCEEDED" }),
  ),
  list(
    "states:GetExecutionHistory",
    ({ execution }) => ({ executionArn: execution }),
    ({ execution }) => ({ executionArn: execution, reverseOrder: true }),
  ),
];
