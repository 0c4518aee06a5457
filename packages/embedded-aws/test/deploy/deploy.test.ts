import { fileURLToPath } from "node:url";
import { Organizations, paginateListAccounts } from "@aws-sdk/client-organizations";
import { SSM } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { Blueprint, BlueprintResource } from "../../src/deploy/blueprint.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { seedKey } from "../../src/services/kms/make-key.ts";
import { startAws } from "../../src/start-aws.ts";
import { freePort } from "../free-port.ts";
import { allow, policy } from "../policy.ts";
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
const clock = () => new VirtualClock(Date.UTC(2026, 3, 1, 8));
const organization = {
  management: { id: "999988887777", name: "management" },
  units: [{ name: "Workloads", accounts: [{ id: "444455556666", name: "shop" }] }],
  accounts: [{ id: "111122223333", name: "factory" }],
};
const credentials = { accessKeyId: "999988887777", secretAccessKey: "secret" };

test("a booted AWS serves its organization and public images over HTTP", async () => {
  const blueprint = smallBlueprint();
  const booted = await startAws(
    { clock: clock(), organization, port: 0 },
    { blueprint, root, secrets: { Token: "t" } },
  );
  const options = { region: "eu-west-1", endpoint: booted.url, credentials };

  const accounts: (string | undefined)[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: new Organizations(options) }, {})) {
    accounts.push(...Accounts.map(({ Id }) => Id));
  }
  const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const { Parameter } = await new SSM(options).getParameter({ Name });
  await booted.close();

  expect(accounts.sort()).toEqual(["111122223333", "444455556666", "999988887777"]);
  expect(Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
});

test("a deployment that fails leaves no server behind", async () => {
  const blueprint = smallBlueprint({ Letters: { colour: "blue" } });
  const boot = (port: number) => startAws({ clock: clock(), port }, { blueprint, root, secrets: { Token: "t" } });

  const port = await freePort();

  await expect(boot(port)).rejects.toThrow("colour");
  await expect(boot(port)).rejects.toThrow("colour");
});

const TopicArn = "arn:aws:sns:eu-west-1:111122223333:notices";
const topic = (inputs: object): BlueprintResource => ({
  name: "Notices",
  region: "eu-west-1",
  type: "aws:sns/topic:Topic",
  inputs: { name: "notices", ...inputs },
});
const email: BlueprintResource = {
  name: "Mail",
  region: "eu-west-1",
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: { topic: reference("Notices", "arn"), protocol: "email", endpoint: "ops@example.com" },
};

function site() {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
  const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };
  const call = <Output>(operation: string, input: object) => aws.call<Output>("sns", operation, input, caller);
  const put = (...resources: BlueprintResource[]) =>
    deploy(aws, { ...smallBlueprint(), resources }, { root: import.meta.dirname, secrets: {} });
  return { call, put };
}

test("a topic's attributes and tags follow the program, and its policy stays if the program has none", async () => {
  const { call, put } = site();
  const Policy = policy();
  await put(topic({ policy: Policy, httpSuccessFeedbackSampleRate: 10, tags: { team: "images", stage: "test" } }));

  await put(topic({ sqsSuccessFeedbackSampleRate: 20, tags: { team: "platform" } }));

  const { Attributes } = await call<{ Attributes: Record<string, string> }>("GetTopicAttributes", { TopicArn });
  expect(Attributes).toMatchObject({ Policy, SQSSuccessFeedbackSampleRate: "20" });
  expect(Attributes).not.toHaveProperty("HTTPSuccessFeedbackSampleRate");
  expect(await call("ListTagsForResource", { ResourceArn: TopicArn })).toEqual({
    Tags: [{ Key: "team", Value: "platform" }],
  });
});

test("an unconfirmed subscription is removed with its topic", async () => {
  const { call, put } = site();
  await put(topic({}), email);

  await put();

  expect(await call("ListTopics", {})).toEqual({ Topics: [] });
});
