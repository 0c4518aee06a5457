import { allow } from "../policy.ts";
import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";
import type { filledAws } from "./filled-aws.ts";

export type Filled = Awaited<ReturnType<typeof filledAws>>;

export interface PagedList {
  /** `<service>:<operation>` */
  readonly name: string;
  readonly input?: (filled: Filled) => object;
  /** Another request to the same operation. */
  readonly other?: object | ((filled: Filled) => object);
  /** The smallest page; without such a parameter, AWS's fixed page size. */
  readonly smallest?: number;
  /** There cannot be a second page. */
  readonly onePage?: true;
}

const policyArn = (n: number) => `arn:aws:iam::${ACCOUNT}:policy/m-${n}`;
const versionOf = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
const ofRole = (...ActionNames: string[]) => ({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/r-1`, ActionNames });
const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [allow("*")],
});
const byPath = () => ({ Path: "/a" });
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
  { name: "autoscaling:DescribeAutoScalingGroups", other: { Filters: [{ Name: "tag-key", Values: ["n"] }] } },
  { name: "autoscaling:DescribeAutoScalingInstances" },
  { name: "autoscaling:DescribeInstanceRefreshes", input: () => inGroup("g-1"), other: inGroup("g-2") },
  { name: "autoscaling:DescribeScalingActivities", other: { IncludeDeletedGroups: true } },
  { name: "autoscaling:DescribeTags", onePage: true },
  { name: "cloudtrail:ListTags", input: () => ({ ResourceIdList: [] }), onePage: true },
  { name: "cloudtrail:ListTrails", onePage: true },
  { name: "cloudformation:DescribeStackEvents", input: () => ({ StackName: "many" }), other: { StackName: "s-1" } },
  { name: "cloudformation:DescribeStacks" },
  { name: "cloudformation:ListStackSets", other: { Status: "DELETED" } },
  { name: "cloudformation:ListStackInstances", input: () => set("set-1"), other: set("set-2") },
  { name: "cloudformation:ListStackSetOperations", input: () => set("set-1"), other: set("set-2") },
  {
    name: "cloudformation:ListStackSetOperationResults",
    input: ({ stackSetOperation }) => ({ StackSetName: "set-1", OperationId: stackSetOperation }),
    other: ({ stackSetOperation }) => ({ StackSetName: "set-2", OperationId: stackSetOperation }),
  },
  { name: "ec2:DescribeImages", other: { Owners: ["self"] } },
  { name: "ebs:ListSnapshotBlocks", input: (all) => ({ SnapshotId: all.writtenSnapshot }), smallest: 100 },
  { name: "ec2:DescribeExportImageTasks", other: { Filters: [{ Name: "task-state", Values: ["completed"] }] } },
  { name: "ec2:DescribeImageUsageReports", other: { Filters: [{ Name: "state", Values: ["available"] }] } },
  {
    name: "ec2:DescribeImageUsageReportEntries",
    other: { Filters: [{ Name: "resource-type", Values: ["ec2:Instance"] }] },
  },
  {
    name: "ec2:DescribeImageReferences",
    input: ({ launchedImage }) => ({ ImageIds: [launchedImage], IncludeAllResourceTypes: true }),
    other: ({ launchedImage }) => ({ ImageIds: [launchedImage], ResourceTypes: [{ ResourceType: "ec2:Instance" }] }),
    smallest: 5,
  },
  { name: "ec2:ListImagesInRecycleBin" },
  { name: "ec2:ListSnapshotsInRecycleBin", smallest: 5 },
  { name: "ec2:DescribeInstances", other: { Filters: [{ Name: "instance-type", Values: ["t*"] }] }, smallest: 5 },
  { name: "ec2:DescribeInstanceStatus", other: { IncludeAllInstances: true }, smallest: 5 },
  { name: "ec2:DescribeLaunchTemplates", other: { Filters: [{ Name: "launch-template-name", Values: ["t-*"] }] } },
  { name: "ec2:DescribeLaunchTemplateVersions", input: () => template("t-1"), other: template("t-2") },
  { name: "ec2:DescribeSecurityGroups", other: { Filters: [{ Name: "group-name", Values: ["g-*"] }] }, smallest: 5 },
  {
    name: "ec2:DescribeInstanceTypes",
    other: { Filters: [{ Name: "bare-metal", Values: ["false"] }] },
    smallest: 5,
  },
  {
    name: "ec2:DescribeNetworkInterfaces",
    other: { Filters: [{ Name: "status", Values: ["in-use"] }] },
    smallest: 5,
  },
  {
    name: "ec2:DescribeSecurityGroupRules",
    other: { Filters: [{ Name: "group-id", Values: ["sg-*"] }] },
    smallest: 5,
  },
  { name: "ec2:DescribeVolumes", other: { Filters: [{ Name: "status", Values: ["in-use"] }] }, smallest: 5 },
  { name: "ec2:DescribeSnapshots", other: { OwnerIds: ["self"] }, smallest: 5 },
  { name: "ec2:DescribeTags", other: { Filters: [{ Name: "key", Values: ["n"] }] }, smallest: 5 },
  ...["InternetGateways", "NatGateways", "RouteTables", "Subnets", "VpcEndpoints", "Vpcs"].map((what): PagedList => {
    return { name: `ec2:Describe${what}`, ...(what !== "VpcEndpoints" && { smallest: 5 }), onePage: true };
  }),
  { name: "ecr:DescribeRepositories" },
  { name: "ecr:DescribeImages", input: () => repository(1), other: repository(2) },
  { name: "ecr:ListImages", input: () => repository(1), other: repository(2) },
  { name: "ecr:GetLifecyclePolicyPreview", input: () => repository(1) },
  {
    name: "ecr:DescribeImageScanFindings",
    input: ({ imageDigest }) => ({ ...repository(1), imageId: { imageDigest } }),
    other: { ...repository(1), imageId: { imageTag: "1" } },
  },
  { name: "events:ListEventBuses", other: { NamePrefix: "b" } },
  { name: "events:ListRules", other: { NamePrefix: "r" } },
  { name: "events:ListTargetsByRule", input: () => ({ Rule: "r-1" }), other: { Rule: "r-2" } },
  { name: "iam:ListInstanceProfiles", other: { PathPrefix: "/" } },
  { name: "iam:ListInstanceProfilesForRole", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "iam:ListPolicyVersions", input: () => ({ PolicyArn: policyArn(1) }), other: { PolicyArn: policyArn(2) } },
  { name: "iam:ListRoleTags", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "iam:ListPolicyTags", input: () => ({ PolicyArn: policyArn(1) }), other: { PolicyArn: policyArn(2) } },
  {
    name: "iam:ListInstanceProfileTags",
    input: () => ({ InstanceProfileName: "i-1" }),
    other: { InstanceProfileName: "i-2" },
  },
  { name: "iam:SimulatePrincipalPolicy", input: () => ofRole("s3:Get", "s3:Put"), other: ofRole("s3:List") },
  {
    name: "iam:SimulateCustomPolicy",
    input: () => ({ PolicyInputList: [everything], ActionNames: ["s3:Get", "s3:Put"] }),
    other: { PolicyInputList: [everything], ActionNames: ["s3:List"] },
  },
  { name: "servicequotas:ListServiceQuotas", input: () => ({ ServiceCode: "ec2" }), other: { ServiceCode: "lambda" } },
  { name: "iam:ListRoles", other: { PathPrefix: "/" } },
  { name: "iam:ListRolePolicies", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "iam:ListAttachedRolePolicies", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "imagebuilder:ListComponents", other: { owner: "Self" } },
  {
    name: "imagebuilder:ListComponentBuildVersions",
    input: () => ({ componentVersionArn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:component/part-1/1.0.0` }),
    onePage: true,
  },
  { name: "imagebuilder:ListContainerRecipes", other: { owner: "Self" } },
  { name: "imagebuilder:ListDistributionConfigurations", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListInfrastructureConfigurations", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListImagePipelines", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListImageRecipes", other: { owner: "Self" } },
  { name: "imagebuilder:ListImages", onePage: true },
  { name: "imagebuilder:ListImageBuildVersions", other: ({ image }) => ({ imageVersionArn: versionOf(image) }) },
  {
    name: "imagebuilder:ListImagePipelineImages",
    input: ({ pipelineArn }) => ({ imagePipelineArn: pipelineArn }),
    other: ({ pipelineArn }) => ({ imagePipelineArn: pipelineArn, filters: [{ name: "version", values: ["1.0.0"] }] }),
  },
  {
    name: "imagebuilder:ListImagePackages",
    input: ({ image }) => ({ imageBuildVersionArn: image }),
    other: ({ image }) => ({ imageBuildVersionArn: image.replace(/1$/, "2") }),
  },
  { name: "imagebuilder:ListImageScanFindings", other: { filters: [{ name: "severity", values: ["HIGH"] }] } },
  {
    name: "imagebuilder:ListImageScanFindingAggregations",
    input: () => ({ filter: { name: "vulnerabilityId" } }),
    other: { filter: account },
  },
  { name: "imagebuilder:ListWorkflowExecutions", input: ({ image }) => ({ imageBuildVersionArn: image }) },
  {
    name: "imagebuilder:ListWorkflowStepExecutions",
    input: ({ workflowExecutionId }) => ({ workflowExecutionId }),
  },
  {
    name: "inspector2:ListCisScans",
    other: { filterCriteria: { scanNameFilters: [{ comparison: "PREFIX", value: "scan" }] } },
  },
  {
    name: "inspector2:ListCisScanResultsAggregatedByTargetResource",
    input: ({ scanArn }) => ({ scanArn }),
    other: ({ otherScanArn }) => ({ scanArn: otherScanArn }),
  },
  {
    name: "inspector2:GetCisScanResultDetails",
    input: ({ scanArn, scanned }) => ({ scanArn, accountId: ACCOUNT, targetResourceId: scanned }),
    other: ({ otherScanArn, scanned }) => ({ scanArn: otherScanArn, accountId: ACCOUNT, targetResourceId: scanned }),
  },
  { name: "kms:ListKeys" },
  { name: "kms:ListAliases", other: ({ key }) => ({ KeyId: key }) },
  { name: "kms:ListGrants", input: ({ key }) => ({ KeyId: key }), other: ({ otherKey }) => ({ KeyId: otherKey }) },
  {
    name: "kms:ListResourceTags",
    input: ({ key }) => ({ KeyId: key }),
    other: ({ otherKey }) => ({ KeyId: otherKey }),
  },
  { name: "kms:ListKeyPolicies", input: ({ key }) => ({ KeyId: key }), onePage: true },
  { name: "logs:DescribeLogGroups", other: { logGroupNamePrefix: "/many" } },
  {
    name: "logs:DescribeLogStreams",
    input: () => ({ logGroupName: "/many/1" }),
    other: { logGroupName: "/many/2" },
  },
  {
    name: "logs:FilterLogEvents",
    input: () => ({ logGroupName: "/many/1" }),
    other: { logGroupName: "/many/1", filterPattern: "line" },
  },
  { name: "lambda:ListFunctions" },
  { name: "lambda:ListFunctionUrlConfigs", input: () => ({ FunctionName: "f-1" }), onePage: true },
  { name: "lambda:ListVersionsByFunction", input: () => ({ FunctionName: "f-1" }), onePage: true },
  { name: "monitoring:DescribeAlarmHistory", other: { HistoryItemType: "Action" } },
  { name: "monitoring:DescribeAlarms", other: { StateValue: "OK" } },
  { name: "monitoring:GetMetricData", input: () => metricData("Sum"), other: metricData("Maximum") },
  { name: "monitoring:ListDashboards", other: { DashboardNamePrefix: "d" } },
  { name: "monitoring:ListMetrics", other: { Namespace: "Many" } },
  { name: "organizations:ListAccounts" },
  {
    name: "organizations:ListAccountsForParent",
    input: () => ({ ParentId: "r-exam" }),
    other: { ParentId: "ou-exam-workload1" },
  },
  {
    name: "organizations:ListChildren",
    input: () => ({ ParentId: "r-exam", ChildType: "ACCOUNT" }),
    other: { ParentId: "r-exam", ChildType: "ORGANIZATIONAL_UNIT" },
  },
  {
    name: "organizations:ListOrganizationalUnitsForParent",
    input: () => ({ ParentId: "r-exam" }),
    other: { ParentId: "ou-exam-workload1" },
  },
  { name: "organizations:ListAWSServiceAccessForOrganization" },
  { name: "organizations:ListDelegatedAdministrators", other: { ServicePrincipal: "ram.amazonaws.com" } },
  {
    name: "organizations:ListDelegatedServicesForAccount",
    input: () => ({ AccountId: "222233334441" }),
    other: { AccountId: "222233334442" },
  },
  {
    name: "organizations:ListPolicies",
    input: () => ({ Filter: "SERVICE_CONTROL_POLICY" }),
    other: { Filter: "DECLARATIVE_POLICY_EC2" },
  },
  {
    name: "organizations:ListPoliciesForTarget",
    input: () => ({ TargetId: "r-exam", Filter: "SERVICE_CONTROL_POLICY" }),
    other: { TargetId: ACCOUNT, Filter: "SERVICE_CONTROL_POLICY" },
  },
  {
    name: "organizations:ListTargetsForPolicy",
    input: () => ({ PolicyId: "p-FullAWSAccess" }),
    other: ({ policy }) => ({ PolicyId: policy }),
  },
  { name: "organizations:ListParents", input: () => ({ ChildId: ACCOUNT }), onePage: true },
  { name: "organizations:ListRoots", onePage: true },
  { name: "organizations:ListTagsForResource", input: () => ({ ResourceId: ACCOUNT }), onePage: true },
  {
    name: "rbin:ListRules",
    input: () => ({ ResourceType: "EC2_IMAGE" }),
    other: { ResourceType: "EBS_SNAPSHOT" },
  },
  { name: "s3:ListBuckets", other: { Prefix: "bucket" } },
  { name: "s3:ListObjectsV2", input: () => ({ Bucket: "bucket-1" }), other: { Bucket: "bucket-1", Prefix: "k" } },
  { name: "scheduler:ListSchedules", other: { NamePrefix: "s" } },
  { name: "scheduler:ListScheduleGroups", other: { NamePrefix: "g" } },
  { name: "sns:ListTopics" },
  { name: "sns:ListSubscriptions" },
  { name: "sns:ListSubscriptionsByTopic", input: () => topic(0), other: topic(1) },
  { name: "sqs:ListQueues", other: { QueueNamePrefix: "q" } },
  {
    name: "ram:GetResourceShareAssociations",
    input: () => ({ associationType: "PRINCIPAL" }),
    other: { associationType: "RESOURCE" },
  },
  { name: "ram:GetResourceShareInvitations", other: { resourceShareArns: [] } },
  {
    name: "ram:GetResourceShares",
    input: () => ({ resourceOwner: "SELF" }),
    other: { resourceOwner: "OTHER-ACCOUNTS" },
  },
  { name: "ram:ListPrincipals", input: () => ({ resourceOwner: "SELF" }), other: { resourceOwner: "OTHER-ACCOUNTS" } },
  { name: "ram:ListResources", input: () => ({ resourceOwner: "SELF" }), other: { resourceOwner: "OTHER-ACCOUNTS" } },
  { name: "ssm:DescribeParameters", other: { ParameterFilters: [{ Key: "Type", Values: ["String"] }] } },
  { name: "ssm:GetParameterHistory", input: () => ({ Name: "/a/p-1" }), other: { Name: "/a/p-2" } },
  { name: "ssm:GetParametersByPath", input: byPath, other: { Path: "/a", Recursive: true } },
  { name: "states:ListStateMachines" },
  {
    name: "states:ListExecutions",
    input: ({ machine }) => ({ stateMachineArn: machine }),
    other: ({ machine }) => ({ stateMachineArn: machine, statusFilter: "SUCCEEDED" }),
  },
  {
    name: "states:GetExecutionHistory",
    input: ({ execution }) => ({ executionArn: execution }),
    other: ({ execution }) => ({ executionArn: execution, reverseOrder: true }),
  },
];
