import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { Blueprint, BlueprintResource, ResourceOptions } from "../../src/deploy/blueprint.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { seedPublicImages } from "../../src/services/ec2/release-public-image.ts";
import { reference, smallBlueprint } from "./small-blueprint.ts";

const root = fileURLToPath(new URL("./program", import.meta.url));

/** An AWS to deploy to again and again; each deployment answers what it did, without what it left alone. */
function factory() {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
  seedPublicImages(aws, ["eu-west-1"]);
  const call = <Output = Record<string, unknown>>(service: string, operation: string, input: object = {}) =>
    aws.call<Output>(service, operation, input, { principal: accountPrincipal("111122223333"), region: "eu-west-1" });
  const put = async (blueprint: Blueprint) => {
    const steps: string[] = [];
    const deployment = await deploy(aws, blueprint, {
      root,
      secrets: { Token: "t0ken" },
      onProgress: ({ action, name }) => void (action !== "same" && steps.push(`${action} ${name}`)),
    }).catch((error: Error) => error);
    return { steps, deployment, refused: deployment instanceof Error ? deployment.message : undefined };
  };
  return { call, put };
}

const without = (blueprint: Blueprint, ...names: string[]): Blueprint => ({
  ...blueprint,
  resources: blueprint.resources.filter(({ name }) => !names.includes(name)),
});

const withOptions = (blueprint: Blueprint, options: Record<string, ResourceOptions>): Blueprint => ({
  ...blueprint,
  resources: blueprint.resources.map((one) => ({ ...one, ...(options[one.name] && { options: options[one.name] }) })),
});

test("a deployment without changes does nothing", async () => {
  const { put } = factory();

  const first = await put(smallBlueprint());
  const second = await put(smallBlueprint());

  expect(first.steps).toHaveLength(smallBlueprint().resources.length);
  expect(second.steps).toEqual([]);
  expect(second.deployment).toEqual(first.deployment);
});

test("changed inputs reach AWS in place", async () => {
  const { put, call } = factory();
  await put(smallBlueprint());

  const { steps } = await put(
    smallBlueprint({
      Letters: { messageRetentionSeconds: 86_400, tags: { team: "platform" } },
      Park: { timeout: 60, environment: { variables: { MODE: "calm" } } },
      ParkRole: { inlinePolicies: [], managedPolicyArns: [] },
      Rule: { eventPattern: { source: ["beta"] } },
      Ledger: { ttl: { attributeName: "until", enabled: true }, deletionProtectionEnabled: true },
      Key: { description: "Parked letters", enableKeyRotation: false },
      Logs: { retentionInDays: 90, tags: { team: "platform" } },
    }),
  );

  expect(steps.toSorted()).toEqual(
    ["Key", "Ledger", "Letters", "Logs", "Park", "ParkRole", "Rule"].map((name) => `update ${name}`),
  );
  expect(await call("logs", "DescribeLogGroups")).toMatchObject({
    logGroups: [{ logGroupName: "/aws/lambda/park", retentionInDays: 90 }],
  });
  const resourceArn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/park";
  expect(await call("logs", "ListTagsForResource", { resourceArn })).toEqual({ tags: { team: "platform" } });
  expect(await call("lambda", "GetFunctionConfiguration", { FunctionName: "park" })).toMatchObject({
    Timeout: 60,
    Environment: { Variables: { MODE: "calm" } },
  });
  expect(await call("iam", "ListRolePolicies", { RoleName: "park" })).toMatchObject({ PolicyNames: [] });
  expect(await call("iam", "ListAttachedRolePolicies", { RoleName: "park" })).toMatchObject({ AttachedPolicies: [] });
  expect(await call("events", "DescribeRule", { Name: "failed" })).toMatchObject({
    EventPattern: '{"source":["beta"]}',
  });
  expect(await call("dynamodb", "DescribeTimeToLive", { TableName: "ledger" })).toMatchObject({
    TimeToLiveDescription: { AttributeName: "until" },
  });
  const { QueueUrl } = await call<{ QueueUrl: string }>("sqs", "GetQueueUrl", { QueueName: "letters" });
  expect(await call("sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] })).toMatchObject({
    Attributes: { MessageRetentionPeriod: "86400" },
  });
  expect(await call("sqs", "ListQueueTags", { QueueUrl })).toMatchObject({ Tags: { team: "platform" } });
});

test("a resource whose given name cannot change is deleted first, after those that replace with it", async () => {
  const { put, call } = factory();
  await put(smallBlueprint());
  const Rule = "arn:aws:events:eu-west-1:111122223333:rule/parked";
  const renamed = smallBlueprint({ Rule: { name: "parked" }, Target: { rule: "parked" }, Invoke: { sourceArn: Rule } });
  const resources = renamed.resources.map((one) =>
    one.name === "Target" ? { ...one, dependencies: { rule: ["Rule"], arn: ["Park"] } } : one,
  );

  // The earlier program's dependencies decide what is deleted with the rule.
  await put({ ...smallBlueprint(), resources: withDependency(smallBlueprint().resources) });
  const { steps, refused } = await put({ ...renamed, resources });

  expect(refused).toBeUndefined();
  expect(steps.slice(0, 3)).toEqual(["delete Target", "delete Rule", "replace Rule"]);
  expect(steps).toContain("replace Target");
  expect(await call("events", "ListTargetsByRule", { Rule: "parked" })).toMatchObject({ Targets: [{ Id: "park" }] });
  await expect(call("events", "DescribeRule", { Name: "failed" })).rejects.toThrow("failed");
});

const withDependency = (resources: readonly BlueprintResource[]): BlueprintResource[] =>
  resources.map((one) => (one.name === "Target" ? { ...one, dependencies: { rule: ["Rule"], arn: ["Park"] } } : one));

test("what the program no longer has is deleted, dependents first", async () => {
  const { put, call } = factory();
  await put(smallBlueprint());

  const { steps } = await put(without(smallBlueprint(), "Rule", "Target", "Invoke", "Park", "ParkRole", "Letters"));

  expect(steps).toEqual(["Target", "Invoke", "Rule", "Park", "Letters", "ParkRole"].map((name) => `delete ${name}`));
  await expect(call("lambda", "GetFunction", { FunctionName: "park" })).rejects.toThrow("park");
});

test("a program without resources removes everything deployed, including a queue with its policy", async () => {
  const { put, call } = factory();
  const policy = { Version: "2012-10-17", Statement: [] };
  const inputs = { queueUrl: reference("Letters", "url"), policy: JSON.stringify(policy) };
  const blueprint = smallBlueprint({}, [{ name: "LettersPolicy", type: "aws:sqs/queuePolicy:QueuePolicy", inputs }]);
  await put(blueprint);

  const { steps, refused } = await put({ ...blueprint, resources: [] });

  expect(refused).toBeUndefined();
  expect(steps.toSorted()).toEqual(blueprint.resources.map(({ name }) => `delete ${name}`).toSorted());
  expect(await call("sqs", "ListQueues")).toEqual({ QueueUrls: [] });
});

test("a retained resource stays, and leaves the deployment", async () => {
  const { put, call } = factory();
  await put(withOptions(smallBlueprint(), { Ledger: { retainOnDelete: true } }));

  const { steps } = await put(without(smallBlueprint(), "Ledger"));
  const back = await put(smallBlueprint());

  expect(steps).toEqual(["retain Ledger"]);
  expect(await call("dynamodb", "DescribeTable", { TableName: "ledger" })).toMatchObject({
    Table: { TableStatus: "ACTIVE" },
  });
  expect(back.refused).toContain("Ledger (aws:dynamodb/table:Table): ResourceInUseException");
});

test("a deployment that would delete a protected resource fails before the first step", async () => {
  const { put } = factory();
  await put(withOptions(smallBlueprint(), { Ledger: { protect: true } }));

  const { steps, refused } = await put(without(smallBlueprint({ Park: { timeout: 60 } }), "Ledger"));

  expect(refused).toContain("Ledger (aws:dynamodb/table:Table) cannot be deleted, because it is protected");
  expect(steps).toEqual([]);
});

test("changes of ignored inputs have no effect", async () => {
  const { put, call } = factory();
  await put(smallBlueprint());
  const ignoring = withOptions(smallBlueprint({ Park: { timeout: 60, memorySize: 256 } }), {
    Park: { ignoreChanges: ["timeout"] },
  });

  const { steps } = await put(ignoring);

  expect(steps).toEqual(["update Park"]);
  expect(await call("lambda", "GetFunctionConfiguration", { FunctionName: "park" })).toMatchObject({
    Timeout: 30,
    MemorySize: 256,
  });
});

test("a failed deployment continues where it stopped", async () => {
  const { put, call } = factory();
  await put(smallBlueprint());
  const changed = { Letters: { messageRetentionSeconds: 86_400 }, Park: { timeout: 60 } };

  const failed = await put(smallBlueprint({ ...changed, Rule: { eventPattern: { source: "acme" } } }));
  const fixed = await put(smallBlueprint(changed));

  expect(failed.refused).toContain("Rule (aws:cloudwatch/eventRule:EventRule): InvalidEventPatternException");
  expect([...failed.steps, ...fixed.steps].toSorted()).toEqual(["update Letters", "update Park"]);
  expect(await call("lambda", "GetFunctionConfiguration", { FunctionName: "park" })).toMatchObject({ Timeout: 60 });
});

/** A pipeline, with its recipe's version and options as a test wants them. */
function pipeline(version: string, options?: ResourceOptions): Blueprint {
  const arn = (resource: string) => `arn:aws:imagebuilder:eu-west-1:111122223333:${resource}`;
  const made: Omit<BlueprintResource, "region">[] = [
    {
      name: "Trust",
      type: "aws:iam/role:Role",
      inputs: {
        name: "builder",
        assumeRolePolicy: {
          Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        },
      },
    },
    { name: "Profile", type: "aws:iam/instanceProfile:InstanceProfile", inputs: { name: "builder", role: "builder" } },
    {
      name: "Where",
      type: "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
      inputs: { name: "where", instanceProfileName: "builder" },
    },
    {
      name: "Recipe",
      type: "aws:imagebuilder/imageRecipe:ImageRecipe",
      inputs: {
        name: "base",
        version,
        parentImage: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        components: [{ componentArn: "arn:aws:imagebuilder:eu-west-1:aws:component/update-linux/x.x.x" }],
      },
      ...(options && { options }),
    },
    {
      name: "Pipeline",
      type: "aws:imagebuilder/imagePipeline:ImagePipeline",
      inputs: {
        name: "base",
        imageRecipeArn: arn(`image-recipe/base/${version}`),
        infrastructureConfigurationArn: arn("infrastructure-configuration/where"),
      },
    },
  ];
  const resources = made.map((one) => ({ ...one, region: "eu-west-1" }));
  return { account: "111122223333", partition: "aws", buildRegion: "eu-west-1", resources };
}

test("a recipe in a pipeline's use cannot be deleted before it is replaced", async () => {
  const { put, call } = factory();
  await put(pipeline("1.0.0"));

  const byName = await put(pipeline("1.0.1"));
  const kept = await put(pipeline("1.0.1", { deleteBeforeReplace: false, retainOnDelete: true }));

  expect(byName.refused).toContain("Recipe (aws:imagebuilder/imageRecipe:ImageRecipe): ResourceDependencyException");
  expect(kept.steps).toEqual(["replace Recipe", "update Pipeline", "delete Recipe"]);
  expect(await call("imagebuilder", "ListImageRecipes")).toMatchObject({
    imageRecipeSummaryList: [{ arn: expect.stringContaining("/1.0.1") }],
  });
});
