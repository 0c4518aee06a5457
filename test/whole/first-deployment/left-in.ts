import { accountPrincipal, type EmbeddedAws } from "embedded-aws";
import factory from "../../../factory.config.ts";

/** The list operations of every service that the factory has resources in, with their inputs. */
const lists: readonly (readonly [service: string, operation: string, input?: object])[] = [
  ["dynamodb", "ListTables"],
  ["ec2", "DescribeImages", { Owners: ["self"], IncludeDeprecated: true, IncludeDisabled: true }],
  [
    "ec2",
    "DescribeInstances",
    { Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "stopped"] }] },
  ],
  ["ec2", "DescribeSecurityGroups"],
  ["ec2", "DescribeSnapshots", { OwnerIds: ["self"] }],
  ["ecr", "DescribeRepositories"],
  ["events", "ListEventBuses"],
  ["events", "ListRules"],
  ["iam", "ListRoles"],
  ["imagebuilder", "ListComponents", { owner: "Self" }],
  ["imagebuilder", "ListContainerRecipes", { owner: "Self" }],
  ["imagebuilder", "ListDistributionConfigurations"],
  ["imagebuilder", "ListImagePipelines"],
  ["imagebuilder", "ListImageRecipes", { owner: "Self" }],
  ["imagebuilder", "ListImages", { owner: "Self" }],
  ["imagebuilder", "ListInfrastructureConfigurations"],
  ["kms", "ListAliases"],
  ["lambda", "ListFunctions"],
  ["logs", "DescribeLogGroups"],
  ["monitoring", "DescribeAlarms"],
  ["monitoring", "ListDashboards"],
  ["ram", "GetResourceShares", { resourceOwner: "SELF", resourceShareStatus: "ACTIVE" }],
  ["rbin", "ListRules", { ResourceType: "EBS_SNAPSHOT" }],
  ["rbin", "ListRules", { ResourceType: "EC2_IMAGE" }],
  ["s3", "ListBuckets"],
  ["scheduler", "ListSchedules"],
  ["sns", "ListSubscriptions"],
  ["sns", "ListTopics"],
  ["sqs", "ListQueues"],
  ["ssm", "DescribeParameters"],
  ["states", "ListStateMachines"],
];

const managementLists: typeof lists = [
  ["cloudformation", "ListStackSets", { Status: "ACTIVE" }],
  ["events", "ListRules"],
  ["iam", "ListRoles"],
  ["organizations", "ListDelegatedAdministrators"],
];

interface Account {
  readonly account: string;
  readonly lists: typeof lists;
}

/** Resources with the factory's name in all accounts of the guide, and keys that are not scheduled for deletion. */
export async function leftIn(aws: EmbeddedAws, account: string, consumer: string): Promise<string[]> {
  const { managementAccountId } = factory.organization;
  const places: Account[] = [
    { account, lists },
    {
      account: consumer,
      lists: [
        ["iam", "ListRoles"],
        ["ssm", "DescribeParameters"],
      ],
    },
    { account: managementAccountId, lists: managementLists },
  ];
  const found: string[] = [];
  for (const region of factory.regions) {
    for (const { account, lists } of places) {
      const caller = { principal: accountPrincipal(account), region };
      for (const [service, operation, input = {}] of lists) {
        const answer = await aws.call<Record<string, unknown>>(service, operation, input, caller);
        const items = Object.values(answer).filter(Array.isArray).flat() as unknown[];
        const texts = items.map((item) => JSON.stringify(item)).filter((text) => /\bacme\b/.test(text));
        found.push(...texts.map((text) => `${account} ${region} ${service}:${operation} ${text.slice(0, 200)}`));
      }
    }
    const caller = { principal: accountPrincipal(account), region };
    const { Keys = [] } = await aws.call<{ Keys?: { KeyId: string }[] }>("kms", "ListKeys", {}, caller);
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await aws.call<{ KeyMetadata: { KeyManager: string; KeyState: string } }>(
        "kms",
        "DescribeKey",
        { KeyId },
        caller,
      );
      const { KeyManager, KeyState } = KeyMetadata;
      if (KeyManager !== "AWS" && KeyState !== "PendingDeletion") found.push(`${region} ${KeyId} is ${KeyState}`);
    }
  }
  return found;
}
