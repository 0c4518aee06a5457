import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { Blueprint } from "../../src/deploy/blueprint.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { seedKey } from "../../src/services/kms/make-key.ts";
import { allow } from "../policy.ts";
import { reference, smallBlueprint } from "./small-blueprint.ts";

const root = fileURLToPath(new URL("./program", import.meta.url));

const newAws = () => createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
const deployed = async (blueprint: Blueprint, aws = newAws()) => ({
  aws,
  deployment: await deploy(aws, blueprint, { root, secrets: { Token: "t0ken" } }),
});
const call = <Output>(aws: EmbeddedAws, service: string, operation: string, input: object): Promise<Output> =>
  aws.call(service, operation, input, { principal: accountPrincipal("111122223333"), region: "eu-west-1" });

test("a blueprint's resources exist, with AWS's generated values in references", async () => {
  const { aws, deployment } = await deployed(smallBlueprint());
  const key = deployment.get("Key")?.keyId;

  const fn = await call(aws, "lambda", "GetFunctionConfiguration", { FunctionName: "park" });
  const queue = await call(aws, "sqs", "GetQueueAttributes", {
    QueueUrl: deployment.get("Letters")?.url,
    AttributeNames: ["All"],
  });
  const role = await call<{ PolicyDocument: string }>(aws, "iam", "GetRolePolicy", {
    RoleName: "park",
    PolicyName: "grants",
  });

  expect(fn).toMatchObject({
    Timeout: 30,
    Environment: { Variables: { QUEUE_URL: deployment.get("Letters")?.url, TOKEN: "t0ken" } },
  });
  expect(queue).toMatchObject({ Attributes: { KmsMasterKeyId: key } });
  expect(decodeURIComponent(role.PolicyDocument)).toContain(`key/${key}`);
});

test("an event reaches its function, as the deployed rule, target and permission say", async () => {
  const { aws } = await deployed(smallBlueprint());

  const targets = await call(aws, "events", "ListTargetsByRule", { Rule: "failed" });
  const policy = await call<{ Policy: string }>(aws, "lambda", "GetPolicy", { FunctionName: "park" });

  expect(targets).toMatchObject({
    Targets: [
      {
        Id: "park",
        Arn: "arn:aws:lambda:eu-west-1:111122223333:function:park",
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
      },
    ],
  });
  expect(policy.Policy).toContain("rule/failed");
});

test("reports each resource once it exists, dependencies first", async () => {
  const order: string[] = [];

  const onProgress = ({ name }: { name: string }) => void order.push(name);
  await deploy(newAws(), smallBlueprint(), { root, secrets: { Token: "t" }, onProgress });

  expect(order).toHaveLength(smallBlueprint().resources.length);
  expect(order.indexOf("Key")).toBeLessThan(order.indexOf("ParkRole"));
  expect(order.indexOf("ParkRole")).toBeLessThan(order.indexOf("Park"));
  expect(order.indexOf("Rule")).toBeLessThan(order.indexOf("Target"));
});

test.each<[what: string, blueprint: Blueprint, message: string]>([
  [
    "an unknown type",
    smallBlueprint({}, [{ name: "Desk", type: "aws:workspaces/workspace:Workspace", inputs: {} }]),
    "the embedded AWS cannot deploy aws:workspaces/workspace:Workspace (Desk)",
  ],
  [
    "an unknown input",
    smallBlueprint({ Letters: { colour: "blue" } }),
    "Letters (aws:sqs/queue:Queue): the embedded AWS does not understand colour",
  ],
  [
    "an unknown nested input",
    smallBlueprint({ Ledger: { ttl: { attributeName: "expires", enabled: true, mood: "calm" } } }),
    "Ledger (aws:dynamodb/table:Table): the embedded AWS does not understand ttl.mood",
  ],
  [
    "an input of the wrong type",
    smallBlueprint({ Park: { timeout: "soon" } }),
    'Park (aws:lambda/function:Function): timeout must be a number, found "soon"',
  ],
  [
    "what AWS refuses",
    smallBlueprint({ Rule: { eventPattern: { source: "acme" } } }),
    "Rule (aws:cloudwatch/eventRule:EventRule): InvalidEventPatternException",
  ],
  [
    "a role that the service may not assume",
    smallBlueprint({
      ParkRole: {
        assumeRolePolicy: {
          Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        },
      },
    }),
    "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
  ],
  [
    "a reference to nothing",
    smallBlueprint({ Letters: { kmsMasterKeyId: reference("OtherKey", "keyId") } }),
    `Letters (aws:sqs/queue:Queue) refers to ${reference("OtherKey", "keyId")}, but the blueprint has no resource OtherKey`,
  ],
  [
    "a reference to an attribute that does not exist",
    smallBlueprint({ Letters: { kmsMasterKeyId: reference("Key", "colour") } }),
    "but Key has no such attribute; it has: id, keyId, arn",
  ],
  [
    "a missing secret",
    smallBlueprint({ Park: { environment: { variables: { A: reference("secret", "Nothing") } } } }),
    "but the secret Nothing was not given; given are: Token",
  ],
  [
    "references in a circle",
    smallBlueprint({ Key: { description: reference("Letters", "url") } }),
    "The blueprint's references form a cycle: Key -> Letters -> Key",
  ],
  [
    "a target that nothing creates",
    smallBlueprint({ Target: { deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:111122223333:lost" } } }),
    "Target (aws:cloudwatch/eventTarget:EventTarget): deadLetterConfig.arn names arn:aws:sqs:eu-west-1:111122223333:lost, which the blueprint does not create",
  ],
])("%s fails the deployment, naming it", async (_, blueprint, message) => {
  await expect(deployed(blueprint)).rejects.toThrow(message);
});

test("a blueprint may name a key that was there before it, by its ARN", async () => {
  const aws = newAws();
  const place = { account: "111122223333", region: "eu-west-1" };
  const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  const statement = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: "*" }] });
  seedKey(aws, { ...place, id, policy });
  const kmsMasterKeyId = `arn:aws:kms:eu-west-1:111122223333:key/${id}`;

  const { deployment } = await deployed(smallBlueprint({ Letters: { kmsMasterKeyId } }), aws);

  const { Attributes } = await call<{ Attributes: Record<string, string> }>(aws, "sqs", "GetQueueAttributes", {
    QueueUrl: deployment.get("Letters")?.url,
    AttributeNames: ["KmsMasterKeyId"],
  });
  expect(Attributes.KmsMasterKeyId).toBe(kmsMasterKeyId);
});

test("a policy's own variables are not references", async () => {
  const variable = `\${aws:PrincipalAccount}`;
  const policy = { Statement: [allow("sqs:*", `arn:aws:sqs:*:${variable}:*`)] };

  const { aws } = await deployed(smallBlueprint({ ParkRole: { inlinePolicies: [{ name: "own", policy }] } }));

  const role = await call<{ PolicyDocument: string }>(aws, "iam", "GetRolePolicy", {
    RoleName: "park",
    PolicyName: "own",
  });
  expect(JSON.parse(decodeURIComponent(role.PolicyDocument))).toEqual(policy);
});
