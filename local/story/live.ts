import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Blueprint } from "embedded-aws/deploy";
import { announceRelease, releaseSuccessor } from "embedded-aws/seeds";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { RunningFactory } from "../boot/boot-factory.ts";
import { publishParent } from "../boot/publish-parent.ts";
import type { HeardMessage, Subscriber } from "../consumers/subscriber.ts";
import { answerApprovals } from "../people/answer-approvals.ts";
import { DAY, HOUR } from "./lead-times.ts";
import type { Happening, Story } from "./plan-story.ts";

/** The requester of all builds. Not an approver, so that every approver may approve. */
const REQUESTER = "release-manager";

export interface Living {
  readonly running: RunningFactory;
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly story: Story;
  readonly subscriber: Subscriber;
  /** Called after each hour of factory time. */
  readonly onHour?: ((at: number) => Promise<void>) | undefined;
}

/** Runs the story hour by hour, with the approvers' answers; then until nothing is in progress. @returns SNS messages */
export async function live(living: Living): Promise<HeardMessage[]> {
  const { running, story, subscriber, onHour } = living;
  const heard: HeardMessage[] = [];
  const left = [...story.happenings];
  for (let hour = story.begin; hour < story.end; hour += HOUR) {
    while (left[0] && left[0].at < hour + HOUR) {
      const [next] = left.splice(0, 1);
      if (!next) break;
      await running.clock.runUntil(next.at);
      await happen(next, living);
    }
    await running.clock.runUntil(hour + HOUR);
    await answerApprovals(running, living);
    await onHour?.(hour + HOUR);
    // SQS deletes messages after four days.
    if ((hour + HOUR - story.begin) % DAY === 0) heard.push(...(await subscriber.readMessages()));
  }
  await settle(living);
  heard.push(...(await subscriber.readMessages()));
  return heard;
}

const LONGEST = 24 * HOUR;
const QUIET = 3 * HOUR;

/** Runs until the factory has put no event for three hours, a day at most. */
async function settle({ running, factory, blueprint, story }: Living): Promise<void> {
  const { clock, events } = running;
  for (let at = story.end + HOUR; at <= story.end + LONGEST; at += HOUR) {
    await clock.runUntil(at);
    await answerApprovals(running, { factory, blueprint });
    const last = events.at(-1);
    if (!last || Date.parse(last.time) < at - QUIET) return;
  }
}

async function happen(happening: Happening, living: Living): Promise<void> {
  const { running } = living;
  const { image } = happening;
  switch (happening.kind) {
    case "first-build":
    case "again":
    case "failing-component":
    case "rejected-gate":
      return running.request(image, REQUESTER);
    case "base-update":
      return updateBase(image, happening.parameter, living);
    case "rollback": {
      const request = `${happening.kind} at ${happening.at}`;
      const { channel } = happening;
      return running.send("roll-back", { image, channel, by: REQUESTER, reason: ROLLBACK, request });
    }
    case "revocation": {
      const moved = running.events.findLast(
        ({ detailType, detail }) =>
          detailType === "channel.moved" && detail.image === image && detail.channel === happening.channel,
      );
      if (!moved) return;
      const { build } = moved.detail;
      return running.send("revoke-build", { build, by: REQUESTER, reason: REVOCATION, descendants: true });
    }
    // They need no request.
    case "patch-night":
    case "advisory":
      return;
  }
}

const ROLLBACK = "users see errors since this build";
const REVOCATION = "it drops packets under load";

/** Publishes a newer AMI behind the parent's parameter, and announces it on the vendor's topic if it has one. */
async function updateBase(image: string, parameter: string, { running, factory, blueprint }: Living): Promise<void> {
  const { booted, options } = running;
  const { buildRegion } = factory;
  const found = await new SSMClient(options).send(new GetParameterCommand({ Name: parameter }));
  const present = found.Parameter?.Value ?? "";
  const version = new Date(booted.aws.clock.now()).toISOString().slice(0, 10).replaceAll("-", "");
  const id =
    releaseSuccessor(booted.aws, buildRegion, present) ??
    (await publishParent(booted.aws, { factory, account: blueprint.account, image, version }));
  if (!parameter.includes("ami-amazon-linux-latest/al2023")) return;
  await announceRelease(booted.aws, { family: "al2023", version, images: { [buildRegion]: id } });
}
