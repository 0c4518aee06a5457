import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, SFNClient } from "@aws-sdk/client-sfn";
import { findApproval, listAnswers } from "../../adapters/approval/approvals.ts";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { functionOf } from "../../core/factory/blueprint.ts";
import { promotionName } from "../../core/names.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import type { FactoryOptions, RunningFactory } from "../../local/boot/boot-factory.ts";
import type { PostedMessage } from "../../local/slack/workspace.ts";
import { type Deployed, deployed } from "../world/deployed.ts";
import { HOUR } from "../world/time.ts";

const account = "111122223333";

export const image = "ubuntu-2404-base";
export const channel = "stable";

/** A person of the config, as Slack knows them. */
export const slackUser = (name: string) => ({ id: factory.people[name]?.slack ?? "", name });
export const stranger = { id: "U0STRANGER", name: "mallory" };

export interface WaitingFactory extends Deployed {
  readonly promotions: SFNClient;
  /** The state of the build's promotion. */
  promotion(): Promise<DescribeExecutionCommandOutput>;
  /** The build that waits for approval. */
  readonly build: BuildArn;
  /** The builds that the image's channels moved to, in order. */
  moved(): string[];
  /** A message with the two buttons. */
  post(build?: BuildArn): Promise<PostedMessage>;
  approval(build?: BuildArn): ReturnType<typeof findApproval>;
  answers(build?: BuildArn): ReturnType<typeof listAnswers>;
  /** Requests another build and waits for its approval request. */
  another(): Promise<BuildArn>;
}

async function addressOf(file: string, options: RunningFactory["options"]): Promise<string> {
  const FunctionName = functionOf(await readBlueprint(), file);
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  return FunctionUrl ?? "";
}

/**
 * The example factory, over HTTP, while a build that ada requested waits for approval.
 * @param ask asks for it in another way
 * @param start `startDeployed` for a factory that several tests share
 */
export async function startWaiting(
  requestedBy = "ada",
  {
    ask = ({ request }) => request(image, requestedBy),
    start = deployed,
    ...options
  }: Partial<FactoryOptions> & {
    readonly ask?: (running: Deployed) => Promise<void>;
    readonly start?: typeof deployed;
  } = {},
): Promise<WaitingFactory> {
  const running = await start({ ...options, port: 0 });
  const { ledger, pass, said, slack, options: own, client } = running;
  slack.interactAt(await addressOf("answer-slack", own));
  const request = async () => {
    await ask(running);
    await pass(30 * HOUR);
    return parseBuildArn(String(said("approval.requested").at(-1)?.build));
  };
  const build = await request();
  const promotions = client(SFNClient);
  const execution = `execution:${promotionName(factory.name)}:${promotionExecutionName(build)}`;
  const executionArn = `arn:aws:states:${own.region}:${account}:${execution}`;
  return {
    ...running,
    promotions,
    build,
    promotion: () => promotions.send(new DescribeExecutionCommand({ executionArn })),
    moved: () =>
      said("channel.moved").flatMap((moved) => (moved.image === image ? [`${moved.channel} ${moved.build}`] : [])),
    async post(about = build) {
      const value = JSON.stringify({ build: about, channel });
      const button = (id: string) => ({ type: "button", action_id: id, text: { type: "plain_text", text: id }, value });
      const blocks = [{ type: "actions", elements: [button("approve"), button("reject")] }];
      await fetch(`${slack.url}chat.postMessage`, {
        method: "POST",
        headers: { authorization: "Bearer xoxb-simulated", "content-type": "application/json" },
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
