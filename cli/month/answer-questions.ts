import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { functionOf } from "../blueprint.ts";
import type { PostedMessage } from "../stand-ins/slack/workspace.ts";
import type { RunningFactory } from "./boot-factory.ts";
import { reader } from "./story.ts";

/**
 * Presses Approve in every message that still asks something, as Slack would have it: a signed request to the address
 * of `answer-slack`. The embedded AWS must listen on a port.
 */
export async function answerQuestions(
  { slack, options }: RunningFactory,
  factory: Factory,
  blueprint: Blueprint,
): Promise<void> {
  const asking = slack.messages.filter(asks);
  if (asking.length === 0) return;
  const FunctionName = functionOf(blueprint, "answer-slack");
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  slack.interactAt(FunctionUrl ?? "");
  const user = { id: factory.people[reader]?.slack ?? "", name: reader };
  for (const message of asking) {
    // Where it is not taken, the question stays open, as Slack shows whoever clicked; and the month misses its approval.
    await slack.press(message, "approve", user);
  }
}

const asks = ({ blocks }: PostedMessage): boolean =>
  blocks.some(
    ({ elements }) => Array.isArray(elements) && elements.some(({ action_id: action }) => action === "approve"),
  );
