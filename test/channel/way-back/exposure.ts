import type { LaunchPermission } from "@aws-sdk/client-ec2";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Build } from "./builds.ts";
import type { Story } from "./story.ts";
import { IMAGE } from "./way-factory.ts";

/**
 * Checks rule 1 for every call that shares a build, just before it takes effect. Revocations are checked at the end,
 * because a share may be in progress when one arrives.
 */
export function watchExposure(builds: readonly Build[], now: { readonly story: Story; readonly factory: Factory }) {
  /** Who could launch an AMI when it was disabled; EC2 does not keep that. */
  const lost = new Map<string, Set<string>>();
  const buildOf = (ami: string) => builds.find(({ images }) => [...images.values()].some(({ id }) => id === ami));
  const channels = () => now.factory.images[IMAGE]?.channels ?? [];

  function judge(ami: string, channel: string, what: string): void {
    const one = buildOf(ami);
    const approval = channels().find(({ name }) => name === channel)?.approval;
    const told = one && { build: one.build, channel, required: approval?.required ?? 0 };
    const why = told ? now.story.whyNot(told, approval?.approvers ?? []) : "it belongs to no build";
    if (why) now.story.wrong.add(`${one?.version ?? ami} ${what}, and ${why}`);
  }

  function before(operation: string, input: object): void {
    const { ImageId = "", LaunchPermission } = input as {
      ImageId?: string;
      LaunchPermission?: { Add?: LaunchPermission[] };
    };
    const { Name = "", Value = "" } = input as { Name?: string; Value?: string };
    if (operation === "PutParameter") judge(Value, Name.split("/").at(-1) ?? "", `is published at ${Name}`);
    for (const { UserId = "" } of operation === "ModifyImageAttribute" ? (LaunchPermission?.Add ?? []) : []) {
      const channel = channels().find(({ share }) => share.accounts.includes(UserId));
      judge(ImageId, channel?.name ?? "none", `is shared with ${UserId}, who follows ${channel?.name}`);
    }
    if (operation !== "DisableImage") return;
    for (const image of buildOf(ImageId)?.images.values() ?? []) {
      if (image.id !== ImageId) continue;
      lost.set(ImageId, new Set([...(lost.get(ImageId) ?? []), ...image.permissions.keys()]));
    }
  }
  return { before, lost };
}
