import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { onTestFinished } from "vitest";
import { findApproval, listAnswers } from "../../adapters/approval/approvals.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { functionOf, readBlueprint } from "../../cli/command/blueprint.ts";
import type { PostedMessage } from "../../cli/stand-ins/slack/workspace.ts";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { promotionName } from "../../core/names.ts";
import { bootFactory, type RunningFactory } from "../../demo/boot-factory.ts";
import { monthOfInstances } from "../../demo/instances.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const account = "111122223333";
const begin = Date.UTC(2026, 3, 1, 8);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const image = "ubuntu-2404-base";
export const channel = "stable";

/** Somebody of the config, as Slack knows them. */
export const slackUser = (name: string) => ({ id: factory.people[name]?.slack ?? "", name });
export const stranger = { id: "U0STRANGER", name: "mallory" };

export interface WaitingFactory extends RunningFactory {
  readonly ledger: Ledger;
  readonly promotions: SFNClient;
  /** How the build's promotion stands. */
  promotion(): Promise<DescribeExecutionCommandOutput>;
  /** The build that waits for approval. */
  readonly build: BuildArn;
  pass(ms: number): Promise<void>;
  said(detailType: string): Record<string, unknown>[];
  /** What the image's channels moved to, in order. */
  moved(): string[];
  /** A message with the two buttons. */
  post(build?: BuildArn): Promise<PostedMessage>;
  approval(build?: BuildArn): ReturnType<typeof findApproval>;
  answers(build?: BuildArn): ReturnType<typeof listAnswers>;
  /** Asks for another build and waits until it is asked about. */
  another(): Promise<BuildArn>;
}

async function addressOf(file: string, options: RunningFactory["options"]): Promise<string> {
  const FunctionName = functionOf(await readBlueprint(), file);
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  return FunctionUrl ?? "";
}

/** The example factory, over HTTP, at the moment when a build that ada asked for waits for approval. */
export async function startWaiting(requestedBy = "ada"): Promise<WaitingFactory> {
  const running = await bootFactory({
    factory,
    blueprint: await readBlueprint(),
    port: 0,
    functions: "in-process",
    begin,
    plan: monthOfInstances,
  });
  onTestFinished(() => running.close());
  const { clock, events, slack, options, send } = running;
  slack.interactAt(await addressOf("answer-slack", options));
  const ledger = {
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(options)),
    table: `amint-${factory.name}-ledger`,
  };
  const said = (detailType: string) =>
    events.filter((event) => event.detailType === detailType).map(({ detail }) => detail);
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  const request = async () => {
    await send("start-build", { trigger: "manual", image, requestedBy });
    await pass(30 * HOUR);
    return parseBuildArn(String(said("approval.requested").at(-1)?.build));
  };
  const build = await request();
  const promotions = new SFNClient(options);
  const execution = `execution:${promotionName(factory.name)}:${promotionExecutionName(build)}`;
  const executionArn = `arn:aws:states:${options.region}:${account}:${execution}`;
  return {
    ...running,
    ledger,
    promotions,
    build,
    promotion: () => promotions.send(new DescribeExecutionCommand({ executionArn })),
    pass,
    said,
    moved: () =>
      said("channel.moved").flatMap((moved) => (moved.image === image ? [`${moved.channel} ${moved.build}`] : [])),
    async post(about = build) {
      const value = JSON.stringify({ build: about, channel });
      const button = (id: string) => ({
        type: "button",
        action_id: id,
        text: { type: "plain_text", text: id },
        value,
      });
      const blocks = [{ type: "actions", elements: [button("approve"), button("reject")] }];
      await fetch(`${slack.url}chat.postMessage`, {
        method: "POST",
        headers: { authorization: "Bearer xoxb-stand-in", "content-type": "application/json" },
        body: JSON.stringify({ channel: "#golden-images", text: `${about} wants to enter ${channel}`, blocks }),
      });
      const posted = slack.messages.at(-1);
      if (!posted) throw new Error("Slack took no message");
      return posted;
    },
    approval: (about = build) => findApproval(ledger, { build: about, channel }),
    answers: (about = build) => listAnswers(ledger, { build: about, channel }),
    another: request,
  };
}
