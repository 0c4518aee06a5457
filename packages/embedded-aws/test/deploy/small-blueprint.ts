import type { Blueprint, BlueprintResource } from "../../src/deploy/blueprint.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** A reference in a blueprint. */
export const reference = (name: string, attribute: string): string => `\${${name}.${attribute}}`;

const trust = (Service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
});
const allow = (Action: string, Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});

/** A rule that sends events to a function, with an encrypted queue for its failures. */
const resources: Omit<BlueprintResource, "region">[] = [
  {
    name: "Rule",
    type: "aws:cloudwatch/eventRule:EventRule",
    inputs: { name: "failed", eventPattern: { source: ["acme"] } },
  },
  {
    name: "Target",
    type: "aws:cloudwatch/eventTarget:EventTarget",
    inputs: {
      rule: "failed",
      targetId: "park",
      arn: arn("lambda", "function:park"),
      deadLetterConfig: { arn: arn("sqs", "letters") },
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
    },
  },
  {
    name: "Invoke",
    type: "aws:lambda/permission:Permission",
    inputs: {
      action: "lambda:InvokeFunction",
      function: "park",
      principal: "events.amazonaws.com",
      sourceArn: arn("events", "rule/failed"),
    },
  },
  {
    name: "ParkRole",
    type: "aws:iam/role:Role",
    inputs: {
      name: "park",
      assumeRolePolicy: trust("lambda.amazonaws.com"),
      inlinePolicies: [
        { name: "grants", policy: allow("kms:Decrypt", arn("kms", `key/${reference("Key", "keyId")}`)) },
      ],
      managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
      forceDetachPolicies: true,
    },
  },
  {
    name: "Park",
    type: "aws:lambda/function:Function",
    handler: "functions/park.handler",
    inputs: {
      name: "park",
      role: `arn:aws:iam::${ACCOUNT}:role/park`,
      runtime: "nodejs24.x",
      timeout: 30,
      environment: { variables: { QUEUE_URL: reference("Letters", "url"), TOKEN: reference("secret", "Token") } },
    },
  },
  {
    name: "Letters",
    type: "aws:sqs/queue:Queue",
    inputs: { name: "letters", kmsMasterKeyId: reference("Key", "keyId") },
  },
  { name: "Key", type: "aws:kms/key:Key", inputs: { enableKeyRotation: true, deletionWindowInDays: 30 } },
  { name: "Logs", type: "aws:cloudwatch/logGroup:LogGroup", inputs: { name: "/aws/lambda/park", retentionInDays: 30 } },
  {
    name: "Ledger",
    type: "aws:dynamodb/table:Table",
    inputs: {
      name: "ledger",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      attributes: [{ name: "pk", type: "S" }],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
    },
  },
];

/** Can be deployed unchanged; tests change the inputs of one resource, or add some. */
export function smallBlueprint(
  changes: Record<string, Record<string, unknown>> = {},
  more: Omit<BlueprintResource, "region">[] = [],
): Blueprint {
  const changed = [...resources, ...more].map((resource) => ({
    ...resource,
    region: REGION,
    inputs: { ...resource.inputs, ...changes[resource.name] },
  }));
  return structuredClone({ account: ACCOUNT, partition: "aws", buildRegion: REGION, resources: changed });
}
