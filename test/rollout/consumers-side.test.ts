// @module-tag needs/sst-platform
import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, EC2Client } from "@aws-sdk/client-ec2";
import { type ContextEntry, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { listOptedIn } from "../../adapters/rollout/groups.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { rolloutRoleOf } from "../../functions/rollout/consumer-session.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { functionRole, policyOf } from "../world/roles.ts";
import { evaluateRollouts, inputsOf, openConsumersSide } from "./consumers-side-world.ts";

const BUILDING = "400000000001";
const TESTING = "400000000002";

type World = Awaited<ReturnType<typeof openConsumersSide>>;

/** A session of the roll-outs' role, as the function `roll-out` enters it. */
async function enter(world: World, account: string, by = "amint-acme-roll-out") {
  const grant = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };
  const credentials = await functionRole(world, by, policyOf(grant));
  const sts = new STSClient({ ...world.optionsOf(FACTORY), credentials });
  const place = { partition: "aws", region: HOME, account: FACTORY };
  const { keys } = await enterConsumer(sts, rolloutRoleOf({ factory: world.factory, place }, account), HOME);
  return { ...world.optionsOf(account), credentials: keys };
}

/** IAM's decision on an action of the roll-outs' role. */
async function simulate(
  world: World,
  account: string,
  { action, on, context = {} }: { action: string; on: string; context?: Readonly<Record<string, string>> },
) {
  const ContextEntries = Object.entries(context).map(
    ([ContextKeyName, value]): ContextEntry => ({
      ContextKeyName,
      ContextKeyValues: [value],
      ContextKeyType: "string",
    }),
  );
  const { EvaluationResults = [] } = await world.client(IAMClient, { account }).send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:aws:iam::${account}:role/amint-acme-rollout`,
      ActionNames: [action],
      ResourceArns: [on],
      ContextEntries,
    }),
  );
  return EvaluationResults[0]?.EvalDecision;
}

const groupArn = (account: string) =>
  `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:0f2a:autoScalingGroupName/web`;
const OPTED_IN = { "aws:ResourceTag/amint:rollout": "base/stable" };

describe("the role of roll-outs", () => {
  test("refreshes groups that opted in, and no other", async () => {
    const world = await openConsumersSide(TESTING);
    const decide = (action: string, account: string, context?: Readonly<Record<string, string>>) =>
      simulate(world, TESTING, { action: `autoscaling:${action}`, on: groupArn(account), ...(context && { context }) });

    for (const action of ["StartInstanceRefresh", "CancelInstanceRefresh", "RollbackInstanceRefresh"]) {
      expect(await decide(action, TESTING, OPTED_IN), action).toBe("allowed");
      expect(await decide(action, TESTING), action).toBe("implicitDeny");
      expect(await decide(action, BUILDING, OPTED_IN), action).toBe("implicitDeny");
    }
    expect(await decide("UpdateAutoScalingGroup", TESTING, OPTED_IN)).toBe("implicitDeny");
    expect(await decide("TerminateInstanceInAutoScalingGroup", TESTING, OPTED_IN)).toBe("implicitDeny");
  });

  test("makes template versions, launches and passes roles only in the accounts that the config names", async () => {
    const world = await openConsumersSide(BUILDING, TESTING);
    const template = (account: string) => `arn:aws:ec2:us-east-1:${account}:launch-template/lt-0123456789abcdef0`;
    const launch = (account: string) => ({
      action: "ec2:RunInstances",
      on: `arn:aws:ec2:us-east-1:${account}:instance/*`,
      context: { "ec2:LaunchTemplate": template(account) },
    });
    const image = (owner: string) => ({
      action: "ec2:RunInstances",
      on: "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0",
      context: { "ec2:Owner": owner },
    });
    const version = (account: string, context = {}) => ({
      action: "ec2:CreateLaunchTemplateVersion",
      on: template(account),
      context,
    });
    const pass = (account: string, role: string, service = "ec2.amazonaws.com") => ({
      action: "iam:PassRole",
      on: `arn:aws:iam::${account}:role/${role}`,
      context: { "iam:PassedToService": service },
    });

    expect(await simulate(world, BUILDING, version(BUILDING, OPTED_IN))).toBe("allowed");
    expect(await simulate(world, BUILDING, version(BUILDING))).toBe("implicitDeny");
    expect(await simulate(world, BUILDING, launch(BUILDING))).toBe("allowed");
    expect(await simulate(world, BUILDING, { ...launch(BUILDING), context: {} })).toBe("implicitDeny");
    expect(await simulate(world, BUILDING, image(FACTORY))).toBe("allowed");
    expect(await simulate(world, BUILDING, image(BUILDING))).toBe("implicitDeny");
    expect(await simulate(world, BUILDING, pass(BUILDING, "apps/web-server"))).toBe("allowed");
    expect(await simulate(world, BUILDING, pass(BUILDING, "database"))).toBe("implicitDeny");
    expect(await simulate(world, BUILDING, pass(BUILDING, "web-server", "lambda.amazonaws.com"))).toBe("implicitDeny");
    for (const asked of [version(TESTING, OPTED_IN), launch(TESTING), image(FACTORY), pass(TESTING, "web-server")]) {
      expect(await simulate(world, TESTING, asked), asked.action).toBe("implicitDeny");
    }
  });

  test("reads the calendars of the config, in its own account or another's", async () => {
    const world = await openConsumersSide(TESTING);
    const read = (on: string) => simulate(world, TESTING, { action: "ssm:GetCalendarState", on });

    expect(await read(`arn:aws:ssm:us-east-1:${TESTING}:document/freeze`)).toBe("allowed");
    expect(await read("arn:aws:ssm:eu-west-1:444455556666:document/company-freeze")).toBe("allowed");
    expect(await read(`arn:aws:ssm:us-east-1:${TESTING}:document/other`)).toBe("implicitDeny");
  });

  test("writes waves' parameters, reads the channel's copy beside them, and writes nothing else", async () => {
    const world = await openConsumersSide(TESTING);
    const ssm = new SSMClient(await enter(world, TESTING));
    const mirror = "/amint/acme/base/stable";
    const put = (Name: string) =>
      ssm.send(new PutParameterCommand({ Name, Value: "ami", Type: "String" })).then(
        () => "written",
        (error: Error) => error.name,
      );
    const Value = "ami-0123456789abcdef0";
    const own = world.client(SSMClient, { account: TESTING });
    await own.send(new PutParameterCommand({ Name: mirror, Value, Type: "String" }));

    const written = [await put(`${mirror}/first`), await put(mirror), await put("/amint/other/base/stable/first")];
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: mirror }));

    expect(written).toEqual(["written", "AccessDeniedException", "AccessDeniedException"]);
    expect(Parameter?.Value).toBe(Value);
  });

  test("is taken by the functions of roll-outs, and by no other of the factory's", async () => {
    const world = await openConsumersSide(TESTING);

    const refused = await enter(world, TESTING, "amint-acme-mirror-channel").catch((error: Error) => error.message);
    const taken = await enter(world, TESTING, "amint-acme-watch-exposure");

    expect(refused).toContain("is not authorized to perform: sts:AssumeRole");
    expect(taken.credentials.accessKeyId).not.toBe("");
  });

  test("finds the groups of its account that opted in, with everything that decides their mode", async () => {
    const world = await openConsumersSide(TESTING);
    const where = { account: TESTING, region: HOME };
    const LaunchTemplateData = { ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro" as const };
    const { LaunchTemplate } = await world
      .client(EC2Client, where)
      .send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData }));
    const template = { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" };
    const make = (AutoScalingGroupName: string, tags: Readonly<Record<string, string>>) =>
      world.client(AutoScalingClient, where).send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName,
          LaunchTemplate: template,
          MinSize: 0,
          MaxSize: 2,
          AvailabilityZones: ["eu-west-1a"],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    // More than a page holds.
    for (let nth = 0; nth < 120; nth++) await make(`web-${nth}`, { "amint:rollout": "base/stable" });
    await make("database", { owner: "ada" });

    const found = await listOptedIn(new AutoScalingClient(await enter(world, TESTING)), where);

    expect(found.map(({ name }) => name).toSorted()).toEqual(
      Array.from({ length: 120 }, (_, nth) => `web-${nth}`).toSorted(),
    );
    expect(found[0]).toEqual({
      ...where,
      name: "web-0",
      arn: expect.stringMatching(`^arn:aws:autoscaling:${HOME}:${TESTING}:autoScalingGroup:.+/web-0$`),
      tags: { "amint:rollout": "base/stable" },
      desired: 0,
      min: 0,
      max: 2,
      suspended: [],
      instances: [],
      template: { id: template.LaunchTemplateId, version: "1" },
      mixed: undefined,
    });
  });
});

test("the StackSet goes to each region in which a channel is rolled out, one after the other", async () => {
  const resources = await evaluateRollouts();
  const instances = resources.filter(({ type }) => type.endsWith(":StackSetInstance"));
  const text = JSON.stringify(inputsOf(resources, "StackSet").templateBody);

  expect(instances.map(({ inputs }) => inputs.stackSetInstanceRegion)).toEqual([HOME, "us-east-1"]);
  expect(text.length).toBeLessThan(51_200);
});

test("instances are counted by a function that takes the role, on reconcile's request or by a schedule of its own, and an alarm holds the objective", async () => {
  const resources = await evaluateRollouts();
  const reconcile = resources.find(({ name }) => name === "ReconcileFunction");
  const alarms = resources.filter(({ type }) => type.endsWith(":MetricAlarm")).map(({ inputs }) => inputs);
  const roles = resources.filter(
    ({ type, inputs }) => type.endsWith(":Role") && inputs.name === "amint-acme-watch-exposure",
  );

  expect(reconcile?.inputs.environment).toMatchObject({
    variables: { WATCH_EXPOSURE_FUNCTION: "amint-acme-watch-exposure" },
  });
  expect(resources.find(({ type }) => type.endsWith(":ScheduleGroup"))?.inputs.name).toBe("amint-acme-watch-exposure");
  expect(alarms.find(({ name }) => name === "amint-acme-base-patched-late")).toMatchObject({
    metricName: "PatchedSeconds90",
    threshold: 86_400,
    // Three counts: one may be late.
    period: 3 * 3600,
    treatMissingData: "notBreaching",
  });
  expect(JSON.stringify(roles)).toContain("arn:aws:iam::*:role/amint-acme-rollout");
  expect(JSON.stringify(roles)).not.toContain("arn:aws:iam::*:role/amint-acme-consumer");
});
