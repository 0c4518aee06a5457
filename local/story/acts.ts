import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { announceRelease, releaseSuccessor } from "embedded-aws/seeds";
import type { RunningFactory } from "../boot/boot-factory.ts";
import { publishParent } from "../boot/publish-parent.ts";
import type { StoryEvent } from "./plan-story.ts";

/** A channel, and who changes it for which reason. */
export interface ChannelAct {
  readonly image: string;
  readonly channel: string;
  readonly by: string;
  readonly reason: string;
}

/** Moves a channel to its earlier build. @param request the same request rolls back once */
export const rollBack = ({ send }: RunningFactory, { image, channel, by, reason }: ChannelAct, request: string) =>
  send("roll-back", { image, channel, by, reason, request });

/** Revokes a channel's build with all builds made from it; does nothing if the channel never moved. */
export async function revokeNewest(
  { send, events }: RunningFactory,
  { image, channel, by, reason }: ChannelAct,
): Promise<void> {
  const newest = events.findLast(
    ({ detailType, detail }) => detailType === "channel.moved" && detail.image === image && detail.channel === channel,
  );
  if (newest) await send("revoke-build", { build: newest.detail.build, by, reason, descendants: true });
}

/** The requester of all builds. Not an approver, so that every approver may approve. */
const REQUESTER = "release-manager";

/** Does what an event of a planned story consists of, outside the factory. */
export async function act(planned: StoryEvent, running: RunningFactory): Promise<void> {
  const { image, at } = planned;
  switch (planned.kind) {
    case "first-build":
    case "again":
    case "failing-component":
    case "rejected-gate":
      return running.request(image, REQUESTER);
    case "base-update":
      return updateBase(image, planned.parameter, running);
    case "rollback": {
      const { channel } = planned;
      const reason = "users see errors since this build";
      return rollBack(running, { image, channel, by: REQUESTER, reason }, `rollback at ${at}`);
    }
    case "revocation": {
      const { channel } = planned;
      return revokeNewest(running, { image, channel, by: REQUESTER, reason: "it drops packets under load" });
    }
    // They need no request.
    case "patch-night":
    case "advisory":
      return;
  }
}

/** Publishes a newer AMI behind the parent's parameter, and announces it on the vendor's topic if it has one. */
async function updateBase(image: string, parameter: string, running: RunningFactory): Promise<void> {
  const { booted, options, factory, blueprint } = running;
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
