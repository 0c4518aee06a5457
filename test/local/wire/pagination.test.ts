import { NormalizedSchema } from "@smithy/core/schema";
import { beforeAll, describe, expect, test } from "vitest";
import { accountPrincipal } from "../../../local/principal.ts";
import { allServices } from "../../../local/services/all.ts";
import { membersOf } from "../../../local/wire/shape.ts";
import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";
import { filledAws } from "./filled-aws.ts";

type Filled = Awaited<ReturnType<typeof filledAws>>;

interface PagedList {
  /** `<service>:<operation>` */
  readonly name: string;
  readonly input?: (filled: Filled) => object;
  /** Another question to the same operation. */
  readonly other?: object | ((filled: Filled) => object);
  /** The smallest page; where there is no such parameter, pages have the size that AWS fixed. */
  readonly smallest?: number;
  /** There cannot be a second page. */
  readonly onePage?: true;
}

interface Names {
  readonly size?: string;
  readonly asked: string;
  readonly given: string;
  readonly refusal: string;
}

const awsJson = { asked: "NextToken", given: "NextToken" };
const NAMES: Readonly<Record<string, Names>> = {
  ec2: { ...awsJson, size: "MaxResults", refusal: "InvalidPaginationToken" },
  events: { ...awsJson, size: "Limit", refusal: "ValidationException" },
  iam: { asked: "Marker", given: "Marker", size: "MaxItems", refusal: "ValidationError" },
  imagebuilder: {
    asked: "nextToken",
    given: "nextToken",
    size: "maxResults",
    refusal: "InvalidPaginationTokenException",
  },
  kms: { asked: "Marker", given: "NextMarker", size: "Limit", refusal: "InvalidMarkerException" },
  lambda: { asked: "Marker", given: "NextMarker", size: "MaxItems", refusal: "InvalidParameterValueException" },
  monitoring: { ...awsJson, size: "MaxRecords", refusal: "InvalidNextToken" },
  organizations: { ...awsJson, size: "MaxResults", refusal: "InvalidInputException" },
  scheduler: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  sns: { ...awsJson, refusal: "InvalidParameterException" },
  sqs: { ...awsJson, size: "MaxResults", refusal: "InvalidParameterValue" },
  ssm: { ...awsJson, size: "MaxResults", refusal: "InvalidNextToken" },
  states: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidToken" },
  "s3:ListBuckets": {
    asked: "ContinuationToken",
    given: "ContinuationToken",
    size: "MaxBuckets",
    refusal: "InvalidArgument",
  },
  "s3:ListObjectsV2": {
    asked: "ContinuationToken",
    given: "NextContinuationToken",
    size: "MaxKeys",
    refusal: "InvalidArgument",
  },
};

const versionOf = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
const byPath = () => ({ Path: "/a" });
const topic = (n: number) => ({ TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:t-${n}` });
const account = { name: "accountId", values: [ACCOUNT] };

const LISTS: readonly PagedList[] = [
  { name: "ec2:DescribeImages", other: { Owners: ["self"] } },
  { name: "ec2:DescribeSecurityGroups", other: { Filters: [{ Name: "group-name", Values: ["g-*"] }] }, smallest: 5 },
  { name: "ec2:DescribeSnapshots", other: { OwnerIds: ["self"] }, smallest: 5 },
  { name: "ec2:DescribeTags", other: { Filters: [{ Name: "key", Values: ["n"] }] }, smallest: 5 },
  { name: "ec2:DescribeSubnets", smallest: 5, onePage: true },
  { name: "ec2:DescribeVpcs", smallest: 5, onePage: true },
  { name: "events:ListEventBuses", other: { NamePrefix: "b" } },
  { name: "events:ListRules", other: { NamePrefix: "r" } },
  { name: "events:ListTargetsByRule", input: () => ({ Rule: "r-1" }), other: { Rule: "r-2" } },
  { name: "iam:ListRoles", other: { PathPrefix: "/" } },
  { name: "iam:ListRolePolicies", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "iam:ListAttachedRolePolicies", input: () => ({ RoleName: "r-1" }), other: { RoleName: "r-2" } },
  { name: "imagebuilder:ListComponents", other: { owner: "Self" } },
  {
    name: "imagebuilder:ListComponentBuildVersions",
    input: () => ({ componentVersionArn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:component/part-1/1.0.0` }),
    onePage: true,
  },
  { name: "imagebuilder:ListDistributionConfigurations", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListInfrastructureConfigurations", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListImagePipelines", other: { filters: [{ name: "name", values: ["x"] }] } },
  { name: "imagebuilder:ListImageRecipes", other: { owner: "Self" } },
  { name: "imagebuilder:ListImages", onePage: true },
  { name: "imagebuilder:ListImageBuildVersions", other: ({ image }) => ({ imageVersionArn: versionOf(image) }) },
  {
    name: "imagebuilder:ListImagePipelineImages",
    input: ({ pipelineArn }) => ({ imagePipelineArn: pipelineArn }),
    other: ({ pipelineArn }) => ({
      imagePipelineArn: pipelineArn,
      filters: [{ name: "version", values: ["1.0.0"] }],
    }),
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
  { name: "kms:ListKeys" },
  { name: "kms:ListAliases", other: ({ key }) => ({ KeyId: key }) },
  { name: "kms:ListGrants", input: ({ key }) => ({ KeyId: key }), other: ({ otherKey }) => ({ KeyId: otherKey }) },
  {
    name: "kms:ListResourceTags",
    input: ({ key }) => ({ KeyId: key }),
    other: ({ otherKey }) => ({ KeyId: otherKey }),
  },
  { name: "kms:ListKeyPolicies", input: ({ key }) => ({ KeyId: key }), onePage: true },
  { name: "lambda:ListFunctions" },
  { name: "lambda:ListFunctionUrlConfigs", input: () => ({ FunctionName: "f-1" }), onePage: true },
  { name: "monitoring:DescribeAlarms", other: { StateValue: "OK" } },
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
  { name: "organizations:ListParents", input: () => ({ ChildId: ACCOUNT }), onePage: true },
  { name: "organizations:ListRoots", onePage: true },
  { name: "organizations:ListTagsForResource", input: () => ({ ResourceId: ACCOUNT }), onePage: true },
  { name: "s3:ListBuckets", other: { Prefix: "bucket" } },
  { name: "s3:ListObjectsV2", input: () => ({ Bucket: "bucket-1" }), other: { Bucket: "bucket-1", Prefix: "k" } },
  { name: "scheduler:ListSchedules", other: { NamePrefix: "s" } },
  { name: "scheduler:ListScheduleGroups", other: { NamePrefix: "g" } },
  { name: "sns:ListTopics" },
  { name: "sns:ListSubscriptions" },
  { name: "sns:ListSubscriptionsByTopic", input: () => topic(0), other: topic(1) },
  { name: "sqs:ListQueues", other: { QueueNamePrefix: "q" } },
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

/** They go on after a key or name that anybody may say: there is no token to misuse. */
const BY_KEY = ["dynamodb:ListTables", "dynamodb:Query", "dynamodb:Scan"];

let filled: Filled;
beforeAll(async () => {
  filled = await filledAws();
}, 60_000);

const ask = (name: string, input: object) => {
  const [service = "", operation = ""] = name.split(":");
  return filled.aws.call<Record<string, unknown>>(service, operation, input, {
    principal: accountPrincipal(ACCOUNT),
    region: REGION,
  });
};
const itemsOf = (output: object): unknown[] => Object.values(output).filter(Array.isArray).flat();
const inputOf = (list: PagedList) => list.input?.(filled) ?? {};
const otherOf = ({ other }: PagedList) => (typeof other === "function" ? other(filled) : other);
const namesOf = ({ name }: PagedList) => NAMES[name] ?? NAMES[name.split(":")[0] ?? ""];

test("every operation that the SDK can page is walked here", async () => {
  const pageable: string[] = [];
  for (const [name, load] of Object.entries(allServices)) {
    const { operations, client } = await load();
    const module = await client();
    pageable.push(...Object.keys(operations).flatMap((one) => (module[`paginate${one}`] ? [`${name}:${one}`] : [])));
  }

  const walked = new Set([...LISTS.map(({ name }) => name), ...BY_KEY]);
  expect(pageable.filter((name) => !walked.has(name))).toEqual([]);
});

test("lists that AWS does not page come whole: none of them can be asked for a page", async () => {
  const { DescribeAvailabilityZones$, DescribeRegions$ } = await import("@aws-sdk/client-ec2");
  const members = [DescribeAvailabilityZones$, DescribeRegions$].map((schema) =>
    membersOf(NormalizedSchema.of(schema[4])),
  );
  const TableName = "tagged";
  const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `k-${n}`, Value: "v" }));
  const key = { AttributeName: "pk", KeyType: "HASH" };
  await ask("dynamodb:CreateTable", {
    TableName,
    KeySchema: [key],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  const ResourceArn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`;
  await ask("dynamodb:TagResource", { ResourceArn, Tags });

  // As many as AWS allows. Its answer to aws/aws-sdk#583: there is no pagination, whatever the model says.
  const tags = await ask("dynamodb:ListTagsOfResource", { ResourceArn });

  expect(tags).toEqual({ Tags: expect.arrayContaining(Tags) });
  expect(members.flat().filter(([name]) => /token|marker|max/i.test(name))).toEqual([]);
});

describe.each(LISTS.map((list) => ({ name: list.name, list })))("$name", ({ list }) => {
  test("comes in pages that together are the whole list", async () => {
    const { size, asked, given } = namesOf(list) as Names;
    const fixed = size === undefined || list.name.endsWith("Aggregations") || list.name.endsWith("ListTagsForResource");
    const sized = { ...inputOf(list), ...(fixed ? {} : { [size]: list.smallest ?? 1 }) };
    const pages: Record<string, unknown>[] = [];
    for (let token: unknown; pages.length === 0 || token !== undefined; token = pages.at(-1)?.[given]) {
      pages.push(await ask(list.name, { ...sized, ...(token !== undefined && { [asked]: token }) }));
    }

    const items = pages.flatMap(itemsOf);
    expect(pages.length > 1, `${pages.length} pages of ${items.length}`).toBe(list.onePage === undefined);
    expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(items.length);
    if (!fixed && list.smallest === undefined) expect(pages.every((page) => itemsOf(page).length <= 1)).toBe(true);
  });

  test("refuses a token that it never gave, or that it gave for another question", async () => {
    const { size, asked, given, refusal } = namesOf(list) as Names;
    const fixed = size === undefined || list.name.endsWith("Aggregations") || list.name.endsWith("ListTagsForResource");
    const sized = { ...inputOf(list), ...(fixed ? {} : { [size]: list.smallest ?? 1 }) };
    const token = (await ask(list.name, sized))[given];
    const misuses = [
      { ...sized, [asked]: "bm90LW1pbmU" },
      { ...sized, [asked]: Buffer.from("after:1").toString("base64url") },
      ...(token === undefined || !list.other ? [] : [{ ...otherOf(list), [asked]: token }]),
    ];

    for (const misuse of misuses) await expect(ask(list.name, misuse)).rejects.toMatchObject({ code: refusal });
  });
});
