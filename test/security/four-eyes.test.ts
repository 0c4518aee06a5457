import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { image, slackUser, startWaiting, type WaitingFactory } from "../approval/waiting-factory.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { checkout } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";
import twoApprovals from "./fixtures/two-approvals.ts";

const open = () => ({
  factory: twoApprovals as typeof factory,
  program: programOf(findProject(join(checkout, "test/security/fixtures/two-approvals.ts"))),
});

async function approve(waiting: WaitingFactory, who: string): Promise<void> {
  await waiting.slack.press(await waiting.post(), "approve", slackUser(who));
  await waiting.pass(HOUR);
}

/** An Invoke past a function's address, with anything in it. */
async function invoke({ client }: Deployed, name: string, event: object): Promise<unknown> {
  const input = { FunctionName: `amint-acme-${name}`, Payload: JSON.stringify(event) };
  const { Payload } = await client(LambdaClient).send(new InvokeCommand(input));
  return JSON.parse(Payload?.transformToString() ?? "null");
}

/** As Lambda would hand over a request that grace signed. */
const signedByGrace = (body: object) => ({
  headers: { "content-type": "application/json" },
  requestContext: { requestId: "11111111-2222-3333-4444-555555555555", authorizer: { iam: { userArn: graceArn } } },
  body: JSON.stringify(body),
  isBase64Encoded: false,
});
const graceArn = factory.people.grace?.principals[0];

test("a user who may start builds and approve cannot promote a build alone by naming another requester", async () => {
  const ask = ({ send }: Deployed) => send("start-build", { trigger: "manual", image, requestedBy: "grace" });
  const waiting = await startWaiting("grace", { ...open(), ask });

  await approve(waiting, "ada");
  const alone = waiting.moved();
  await approve(waiting, "grace");

  expect(alone).not.toContain(`stable ${waiting.build}`);
  expect(waiting.moved()).toContain(`stable ${waiting.build}`);
});

/** A build that ada requested, after a start in the name of grace was forged: the next two tests use it. */
let requested: WaitingFactory;
let forgedStart: unknown;
beforeAll(async () => {
  const ask = async (running: Deployed) => {
    forgedStart = await invoke(running, "start-build", signedByGrace({ image, request: "forged" }));
    await running.request(image, "ada");
  };
  requested = await startWaiting("ada", { ...open(), ask, start: startDeployed });
  return () => requested.close();
}, 280_000);

test("nor by answering past the address in an approver's name", async () => {
  const answer = { build: requested.build, verdict: "approved", reason: "looks good" };

  const forged = await invoke(requested, "answer-approval", signedByGrace(answer));
  await requested.pass(HOUR);

  expect(forged).toMatchObject({ statusCode: 403 });
  expect(await requested.answers()).toEqual([]);
  expect(requested.moved()).not.toContain(`stable ${requested.build}`);
});

test("nor by naming another principal in an event that looks like a signed request", async () => {
  await approve(requested, "ada");

  expect(forgedStart).toMatchObject({ statusCode: 403 });
  expect(requested.said("build.started", image).map(({ build }) => build)).toEqual([requested.build]);
  expect(requested.moved()).not.toContain(`stable ${requested.build}`);
});

test("a build requested by a known IAM user needs one other approval", async () => {
  const waiting = await startWaiting("ada", open());

  await approve(waiting, "grace");

  expect(waiting.moved()).toContain(`stable ${waiting.build}`);
});
