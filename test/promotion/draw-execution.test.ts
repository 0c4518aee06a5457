import { accountPrincipal, allowEverything, createAws, startServer, VirtualClock } from "embedded-aws";
import { expect, test } from "vitest";
import { drawExecution, duration, type Folded, foldLoops } from "../../cli/promotion/draw-execution.ts";

const START = Date.UTC(2026, 3, 1, 8);

/** Runs a definition to its end on the embedded Step Functions, and draws what the admin door reports. */
async function draw(definition: object, input: object = {}): Promise<string[]> {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock, authorizer: allowEverything });
  const account = "111122223333";
  const caller = { principal: accountPrincipal(account), region: "eu-west-1" };
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  await aws.call("iam", "CreateRole", { RoleName: "r", AssumeRolePolicyDocument: JSON.stringify(trust) }, caller);
  const machine = {
    name: "machine",
    roleArn: `arn:aws:iam::${account}:role/r`,
    definition: JSON.stringify({ QueryLanguage: "JSONata", ...definition }),
  };
  const { stateMachineArn } = await aws.call<{ stateMachineArn: string }>(
    "states",
    "CreateStateMachine",
    machine,
    caller,
  );
  await aws.call("states", "StartExecution", { stateMachineArn, name: "run", input: JSON.stringify(input) }, caller);
  await clock.runUntil(START + 86_400_000);
  const server = await startServer(aws, { port: 0 });
  const response = await fetch(`${server.url}/_embedded/executions?name=run`);
  const { execution } = (await response.json()) as { execution: Parameters<typeof drawExecution>[0] };
  await server.close();
  return drawExecution(execution).split("\n");
}

test("an execution is drawn with its states in order, times, durations, and loops round by round", async () => {
  const lines = await draw({
    StartAt: "Begin",
    States: {
      Begin: { Type: "Pass", Assign: { n: 0 }, Next: "Poll" },
      Poll: { Type: "Wait", Seconds: 90, Assign: { n: "{% $n + 1 %}" }, Next: "Enough" },
      Enough: { Type: "Choice", Choices: [{ Condition: "{% $n = 2 %}", Next: "Done" }], Default: "Poll" },
      Done: { Type: "Succeed" },
    },
  });

  expect(lines).toEqual([
    "run  SUCCEEDED",
    "machine, began 01 Apr 08:00:00, took 3m 00s",
    "",
    "01 Apr 08:00:00  Begin                                Pass           0s  ok",
    "                 round 1 of 2",
    "01 Apr 08:00:00    Poll                               Wait       1m 30s  ok",
    "01 Apr 08:01:30    Enough                             Choice         0s",
    "                 round 2 of 2",
    "01 Apr 08:01:30    Poll                               Wait       1m 30s  ok",
    "01 Apr 08:03:00    Enough                             Choice         0s",
    "01 Apr 08:03:00  Done                                 Succeed        0s  ok",
    "",
  ]);
});

test("iterations and branches are indented, errors that were caught and those that were not are named", async () => {
  const lines = await draw({
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        Items: [1, 2],
        ItemProcessor: { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 1, End: true } } },
        Next: "Both",
      },
      Both: {
        Type: "Parallel",
        Branches: [
          { StartAt: "Left", States: { Left: { Type: "Pass", End: true } } },
          { StartAt: "Right", States: { Right: { Type: "Fail", Error: "Wrong" } } },
        ],
        Catch: [{ ErrorEquals: ["Wrong"], Next: "Ask" }],
        End: true,
      },
      Ask: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:ssm:getParameter",
        Arguments: { Name: "/missing" },
        End: true,
      },
    },
  });
  const drawn = lines.map((line) =>
    line
      .slice(17)
      .replace(/ +\d+s( |$)/, " | ")
      .replaceAll(/ {2,}(?=\S)/g, "  "),
  );

  expect(lines[0]).toBe("run  FAILED");
  expect(drawn.slice(3, 15)).toEqual([
    "Each  Map |  ok",
    "  #0",
    "  Rest  Wait |  ok",
    "  #1",
    "  Rest  Wait |  ok",
    "Both  Parallel |  caught failure of a branch",
    "  branch 1",
    "  Left  Pass |  ok",
    "  branch 2",
    "  Right  Fail  failed",
    expect.stringMatching(/^Ask {2}Task {2}failed: Ssm\.ParameterNotFound/),
    "",
  ]);
  expect(lines.at(-2)).toMatch(/^Ssm\.ParameterNotFound/);
});

test("a loop inside a loop is found in each round", () => {
  const names = (text: string) => [...text].map((name) => ({ name }));
  const written = (folded: readonly Folded<{ name: string }>[]): string =>
    folded.map((one) => ("state" in one ? one.state.name : `(${one.rounds.map(written).join("|")})`)).join("");

  expect(written(foldLoops(names("abcd")))).toBe("abcd");
  expect(written(foldLoops(names("abcbcd")))).toBe("a(bc|bc)d");
  expect(written(foldLoops(names("xabcbcdabcdez")))).toBe("x(a(bc|bc)d|abcd)ez");
  expect(written(foldLoops(names("aaa")))).toBe("(a|a|a)");
});

test("durations are printed in their two largest units of time", () => {
  expect([0, 250, 5_000, 300_000, 86_400_000 + 7_260_000].map(duration)).toEqual([
    "0s",
    "250ms",
    "5s",
    "5m 00s",
    "1d 02h",
  ]);
});
