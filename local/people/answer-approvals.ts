import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { functionOf } from "../../core/factory/blueprint.ts";
import type { FactoryEvent, RunningFactory } from "../boot/boot-factory.ts";
import type { PostedMessage } from "../slack/workspace.ts";
import { type Approvers, approversOf } from "../story/lead-times.ts";

/** Requested approvals that are not decided yet. */
function openApprovals(events: readonly FactoryEvent[]): { image: string; channel: string; build: string }[] {
  const open = new Map<string, { image: string; channel: string; build: string }>();
  for (const { detailType, detail } of events) {
    const { image, channel, build } = detail as { image: string; channel: string; build: string };
    if (detailType === "approval.requested") open.set(`${build} ${channel}`, { image, channel, build });
    if (/^approval\.(granted|denied|expired)$|^promotion\.superseded$/.test(detailType)) {
      open.delete(`${build} ${channel}`);
    }
    if (detailType === "build.revoked") {
      for (const [key, one] of open) if (one.build === build) open.delete(key);
    }
  }
  return [...open.values()];
}

/**
 * The required number of configured approvers answers each open request, in Slack or by the CLI.
 * @param only the one who answers; the others do not
 */
export async function answerApprovals(running: RunningFactory, only?: string): Promise<void> {
  const { factory, blueprint, events } = running;
  for (const asked of openApprovals(events)) {
    const channel = factory.images[asked.image]?.channels.find(({ name }) => name === asked.channel);
    const approvers = channel && approversOf(factory, channel, blueprint.account);
    const able = approvers?.able.filter(({ person }) => only === undefined || person === only) ?? [];
    for (const approver of able.slice(0, approvers?.required)) {
      if (!openApprovals(events).some(({ build, channel }) => build === asked.build && channel === asked.channel))
        break;
      await answer(running, asked.build, approver);
    }
  }
}

async function answer(
  { slack, options, approve, clock, factory, blueprint }: RunningFactory,
  build: string,
  { person, via }: Approvers["able"][number],
): Promise<void> {
  // A refused answer leaves the request open; the check of the channel then reports it.
  if (via === "cli") return approve(build, person).catch(() => {});
  const message = slack.messages.findLast((one) => asksAbout(one, build));
  // The notice has not arrived yet: the request is still open an hour later.
  if (!message) return;
  const FunctionName = functionOf(blueprint, "answer-slack");
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  slack.interactAt(FunctionUrl ?? "");
  await slack.press(message, "approve", { id: factory.people[person]?.slack ?? "", name: person });
  // The function decides after it has answered Slack, and then updates the message.
  await clock.settle();
}

const asksAbout = ({ blocks }: PostedMessage, build: string): boolean =>
  blocks.some(
    ({ elements }) =>
      Array.isArray(elements) &&
      elements.some(({ action_id: action, value }) => action === "approve" && String(value).includes(build)),
  );
