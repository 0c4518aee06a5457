import { expect, test } from "vitest";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { ACCOUNT, aBuilder, builderArn, REGION } from "../imagebuilder/builder.ts";
import { allow, makeRole } from "../policy.ts";

interface Found {
  readonly logStreamName: string;
  readonly message: string;
}

const PolicyArn = "arn:aws:iam::aws:policy/EC2InstanceProfileForImageBuilder";
const group = "/aws/imagebuilder/acme-base";

async function logging() {
  const world = await aBuilder();
  const lines = async (logGroupName = group) =>
    (await world.call<{ events: Found[] }>("logs", "FilterLogEvents", { logGroupName })).events;
  const allow = () => world.call("iam", "AttachRolePolicy", { RoleName: "instance", PolicyArn });
  return { ...world, lines, allow };
}

test("a build's components print to the image's log group, in a stream for version and build", async () => {
  const { allow, lines, pipeline, start, pass, aws } = await logging();
  await allow();
  simulateInstances(aws, ACCOUNT, REGION, {
    step: ({ step }) => (step === "Verify" ? { exitCode: 3, stdout: "looked\n", stderr: "no such file" } : undefined),
  });

  await start(await pipeline());
  await pass(120);

  const found = await lines();
  expect(new Set(found.map(({ logStreamName }) => logStreamName))).toEqual(new Set(["1.0.0/1"]));
  const printed = found.map(({ message }) => message);
  expect(printed.slice(printed.indexOf(`Document ${builderArn("component/harden/1.0.0/1")}`))).toEqual([
    `Document ${builderArn("component/harden/1.0.0/1")}`,
    "Simulated: nothing was executed.",
    "Phase build",
    "Step Configure",
    "ExecuteBash: STARTED EXECUTION",
    "ExitCode 0",
    "ExecuteBash: FINISHED EXECUTION",
    "Step Verify",
    "ExecuteBash: STARTED EXECUTION",
    "Stdout: looked",
    "Stderr: no such file",
    "ExitCode 3",
    "ExecuteBash: FINISHED EXECUTION",
    "TOE has completed execution with failure - Execution failed!",
  ]);
  expect(printed).toContain("TOE has completed execution successfully");
});

test("a test's components print to the same stream", async () => {
  const { allow, lines, pipeline, start, pass } = await logging();
  await allow();

  await start(await pipeline());
  await pass(120);

  const found = await lines();
  expect(found.map(({ message }) => message)).toEqual(expect.arrayContaining(["Phase test", "Step Boot"]));
  expect(new Set(found.map(({ logStreamName }) => logStreamName)).size).toBe(1);
});

test("without rights of the instance's role a build has no log, and succeeds", async () => {
  const { lines, pipeline, start, pass, image } = await logging();

  const arn = await start(await pipeline());
  await pass(120);

  expect((await image(arn)).state?.status).toBe("AVAILABLE");
  await expect(lines()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test("a pipeline names the group, which the instance's role writes to below /aws/imagebuilder/ only", async () => {
  const { allow, lines, pipeline, start, pass } = await logging();
  await allow();
  const named = (imageLogGroupName: string) => ({ pipeline: { loggingConfiguration: { imageLogGroupName } } });

  await start(await pipeline(named("/aws/imagebuilder/elsewhere")));
  await pass(120);

  expect((await lines("/aws/imagebuilder/elsewhere")).length).toBeGreaterThan(0);
  await expect(lines()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test("a group elsewhere is written with the pipeline's execution role", async () => {
  const { aws, lines, pipeline, start, pass } = await logging();
  const Action = [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "ssm:GetParameter",
    "ec2:Describe*",
  ];
  await makeRole(aws, ACCOUNT, "execution", { Service: "imagebuilder.amazonaws.com" }, allow(Action));

  const loggingConfiguration = { imageLogGroupName: "/builds" };
  const executionRole = `arn:aws:iam::${ACCOUNT}:role/execution`;
  await start(await pipeline({ pipeline: { executionRole, loggingConfiguration } }));
  await pass(120);

  expect((await lines("/builds")).length).toBeGreaterThan(0);
});
