import { NormalizedSchema } from "@smithy/core/schema";
import { beforeAll, describe, expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { allServices } from "../../src/services/all.ts";
import { membersOf } from "../../src/wire/shape.ts";
import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";
import { filledAws } from "./filled-aws.ts";
import { type Filled, LISTS, type PagedList } from "./paged-lists.ts";

/** How a service's lists are paged. */
interface Names {
  readonly size?: string;
  readonly asked: string;
  readonly given: string;
  readonly refusal: string;
}

const awsJson = { asked: "NextToken", given: "NextToken" };
/** By service; `<service>:<operation>` where an operation differs from its service. */
const NAMES: Readonly<Record<string, Names>> = {
  autoscaling: { ...awsJson, size: "MaxRecords", refusal: "InvalidNextToken" },
  cloudtrail: { ...awsJson, refusal: "InvalidTokenException" },
  cloudformation: { ...awsJson, size: "MaxResults", refusal: "ValidationError" },
  "cloudformation:DescribeStackEvents": { ...awsJson, refusal: "ValidationError" },
  "cloudformation:DescribeStacks": { ...awsJson, refusal: "ValidationError" },
  ecr: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidParameterException" },
  ebs: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  ec2: { ...awsJson, size: "MaxResults", refusal: "InvalidPaginationToken" },
  events: { ...awsJson, size: "Limit", refusal: "ValidationException" },
  iam: { asked: "Marker", given: "Marker", size: "MaxItems", refusal: "ValidationError" },
  imagebuilder: {
    asked: "nextToken",
    given: "nextToken",
    size: "maxResults",
    refusal: "InvalidPaginationTokenException",
  },
  inspector2: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "ValidationException" },
  kms: { asked: "Marker", given: "NextMarker", size: "Limit", refusal: "InvalidMarkerException" },
  lambda: { asked: "Marker", given: "NextMarker", size: "MaxItems", refusal: "InvalidParameterValueException" },
  logs: { asked: "nextToken", given: "nextToken", size: "limit", refusal: "InvalidParameterException" },
  monitoring: { ...awsJson, size: "MaxRecords", refusal: "InvalidNextToken" },
  "monitoring:GetMetricData": { ...awsJson, size: "MaxDatapoints", refusal: "InvalidNextToken" },
  "monitoring:ListDashboards": { ...awsJson, refusal: "InvalidNextToken" },
  "monitoring:ListMetrics": { ...awsJson, refusal: "InvalidNextToken" },
  organizations: { ...awsJson, size: "MaxResults", refusal: "InvalidInputException" },
  rbin: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  ram: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidNextTokenException" },
  scheduler: { ...awsJson, size: "MaxResults", refusal: "ValidationException" },
  servicequotas: { ...awsJson, size: "MaxResults", refusal: "InvalidPaginationTokenException" },
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

/** They continue after a key or name from the request, without an opaque token that could be misused. */
const BY_KEY = ["dynamodb:ListTables", "dynamodb:Query", "dynamodb:Scan"];

/** Its tokens lead both ways and never end: logs/events.test.ts. */
const BOTH_WAYS = ["logs:GetLogEvents"];

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
const filledIn = (input: PagedList["input"]) => (typeof input === "function" ? input(filled) : input);
const namesOf = ({ name }: PagedList) => NAMES[name] ?? NAMES[name.split(":")[0] ?? ""];

test("every operation that the SDK can page is walked here", async () => {
  const pageable: string[] = [];
  for (const [name, load] of Object.entries(allServices)) {
    const { operations, client } = await load();
    const module = await client();
    pageable.push(...Object.keys(operations).flatMap((one) => (module[`paginate${one}`] ? [`${name}:${one}`] : [])));
  }

  const walked = new Set([...LISTS.map(({ name }) => name), ...BY_KEY, ...BOTH_WAYS]);
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

  // The maximum that AWS allows. Its answer to aws/aws-sdk#583: not paginated, whatever the model says.
  const tags = await ask("dynamodb:ListTagsOfResource", { ResourceArn });

  expect(tags).toEqual({ Tags: expect.arrayContaining(Tags) });
  expect(members.flat().filter(([name]) => /token|marker|max/i.test(name))).toEqual([]);
});

describe.each(LISTS.map((list) => ({ name: list.name, list })))("$name", ({ list }) => {
  test("comes in pages that together are the whole list", async () => {
    const { size, asked, given } = namesOf(list) as Names;
    const fixed = size === undefined || list.name.endsWith("Aggregations") || list.name.endsWith("ListTagsForResource");
    const sized = { ...filledIn(list.input), ...(fixed ? {} : { [size]: list.smallest ?? 1 }) };
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
    const sized = { ...filledIn(list.input), ...(fixed ? {} : { [size]: list.smallest ?? 1 }) };
    const token = (await ask(list.name, sized))[given];
    const misuses = [
      { ...sized, [asked]: "bm90LW1pbmU" },
      { ...sized, [asked]: Buffer.from("after:1").toString("base64url") },
      ...(token === undefined || !list.other ? [] : [{ ...filledIn(list.other), [asked]: token }]),
    ];

    for (const misuse of misuses) await expect(ask(list.name, misuse)).rejects.toMatchObject({ code: refusal });
  });
});
