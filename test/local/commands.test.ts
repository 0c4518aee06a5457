import { spawn } from "node:child_process";
import { once } from "node:events";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { amint, checkout, freePort } from "./amint.ts";

const FACTORY = "111122223333";
const HOUR = 3_600_000;

/** Roles for state machines and for schedules, which may start them. */
async function createRoles(iam: IAMClient): Promise<void> {
  const grant = { Effect: "Allow", Action: "states:StartExecution", Resource: "*" };
  for (const RoleName of ["states", "scheduler"]) {
    const trust = { Effect: "Allow", Principal: { Service: `${RoleName}.amazonaws.com` }, Action: "sts:AssumeRole" };
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument: policy(grant) }));
  }
}

const policy = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

describe("an embedded AWS on its own, with a virtual clock", () => {
  let port: string;
  let running: ReturnType<typeof amint>;
  const options = (accessKeyId = FACTORY) => ({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId, secretAccessKey: "any" },
  });
  const ask = (...args: string[]) => amint(...args, "--port", port).ended;
  beforeAll(async () => {
    port = await freePort();
    running = amint("start", "--port", port, "--clock", "virtual");
    await Promise.race([running.listening(), running.ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  }, 60_000);
  afterAll(async () => {
    running.child.kill("SIGKILL");
    await running.ended;
  });

  test("serves its organization to any client", async () => {
    const { Accounts = [] } = await new OrganizationsClient(options("999988887777")).send(new ListAccountsCommand({}));

    expect(Accounts).toHaveLength(7);
  });

  test("lets an execution's hours pass at once, but no schedule spin, and draws the execution", async () => {
    const states = new SFNClient(options());
    await createRoles(new IAMClient(options()));
    const create = async (name: string, state: object) => {
      const definition = { QueryLanguage: "JSONata", StartAt: "Only", States: { Only: { ...state, End: true } } };
      const roleArn = `arn:aws:iam::${FACTORY}:role/states`;
      const command = new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) });
      return (await states.send(command)).stateMachineArn;
    };
    const stateMachineArn = await create("patience", { Type: "Wait", Seconds: 9000 });
    await new SchedulerClient(options()).send(
      new CreateScheduleCommand({
        Name: "hourly",
        ScheduleExpression: "rate(1 hour)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: await create("tick", { Type: "Pass" }), RoleArn: `arn:aws:iam::${FACTORY}:role/scheduler` },
      }),
    );

    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: "first" }));
    const described = () => states.send(new DescribeExecutionCommand({ executionArn }));
    while ((await described()).status === "RUNNING") await new Promise((resolve) => setTimeout(resolve, 20));
    const { startDate, stopDate } = await described();
    const drawn = await ask("executions", "first");
    const listed = (await ask("executions", "--json")).stdout.trim().split("\n");
    const executions = listed.map((line) => JSON.parse(line) as { stateMachine: string; status: string });

    expect((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)).toBe(2.5 * HOUR);
    expect(drawn.stdout).toMatch(
      /^first {2}SUCCEEDED\npatience, began .*, took 2h 30m\n\n.* {2}Only +Wait +2h 30m {2}ok\n$/,
    );
    // At its creation, after one hour and after two; then nothing waits.
    expect(executions.filter(({ stateMachine }) => stateMachine === "tick")).toHaveLength(3);
  });

  test("lists calls and events, as lines and as JSON", async () => {
    const [lines, json, events, clock] = await Promise.all([
      ask("calls", "--service", "states", "--caller", `${FACTORY}:root`, "--last", "1"),
      ask("calls", "--service", "iam", "--json"),
      ask("events", "--source", "aws.states"),
      ask("clock"),
    ]);

    expect(lines.stdout).toMatch(
      /^\S+Z {2}OK {5}states:DescribeExecution {2}111122223333 eu-west-1 {2}arn:aws:iam::111122223333:root\n$/,
    );
    expect(
      json.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).operation),
    ).toContain("CreateRole");
    expect(events.stdout).toContain("aws.states  Step Functions Execution Status Change");
    expect(clock.stdout).toMatch(/^\S+Z \(virtual\)\n$/);
  });

  test("takes the factory's blueprint, and a build goes through its promotion", { tags: "deep" }, async () => {
    const deployed = await ask("deploy");
    const again = await ask("deploy");
    const build = spawn(process.execPath, ["cli/command/amint.mjs", "build", "al2023-base"], {
      cwd: checkout,
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: options().endpoint,
        AWS_ACCESS_KEY_ID: FACTORY,
        AWS_SECRET_ACCESS_KEY: "any",
        AWS_REGION: "eu-west-1",
      },
    });
    await once(build, "close");
    const promoted = async () => (await ask("executions")).stdout.match(/([A-Z]{6,}) .* amint-acme-promotion /)?.[1];
    while (["RUNNING", undefined].includes(await promoted())) await new Promise((wake) => setTimeout(wake, 300));

    expect(deployed.stdout).toMatch(
      /^\d+ resources are deployed in account 111122223333\. Its instances are simulated\.\n\d+ created\.\n/,
    );
    expect(deployed.code).toBe(0);
    expect(await promoted()).toBe("SUCCEEDED");
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("\nNothing has changed.\n") });
  });

  test("says that the port is in use, and leaves the one that runs alone", async () => {
    const second = await ask("start");

    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toBe(
      `amint: Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.\n`,
    );
    expect((await ask("clock")).code).toBe(0);
  });

  test("ends at Ctrl-C", async () => {
    running.child.kill("SIGINT");

    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });
});

test("without an embedded AWS, commands name the address and how to start one", async () => {
  const port = await freePort();

  const asked = await Promise.all(
    ["events", "calls", "executions", "deploy"].map((name) => amint(name, "--port", port).ended),
  );

  for (const { code, stderr } of asked) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/^amint: http:\/\/127\.0\.0\.1:\d+ does not answer\.\n {2}fix: start an embedded AWS/);
  }
});

test("a seed that cannot be read, a clock that is none, and a port that is none are refused", async () => {
  const [seed, clock, port] = await Promise.all([
    amint("start", "--seed", "factory.config.ts").ended,
    amint("start", "--clock", "fast").ended,
    amint("start", "--port", "0").ended,
  ]);

  expect(seed.stderr).toMatch(/^amint: The organization file is not valid:\n {2}factory\.config\.ts:\d+: /);
  expect(clock.stderr).toContain("Allowed choices are real, virtual.");
  expect(port.stderr).toContain("Must be a port number from 1 to 65535.");
  expect([seed.code, clock.code, port.code]).toEqual([1, 64, 64]);
});
