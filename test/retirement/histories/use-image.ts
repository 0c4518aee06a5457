import { type Image, templatesState } from "embedded-aws/state";
import { ACCOUNT, CONSUMERS } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import { isThere } from "./truth.ts";

/** A launch, or a template for launches to come. */
export interface Use {
  /** The factory's own account (-1), or one of those that it shares with. */
  readonly who: number;
  readonly what: "instance" | "template";
}

/** An account starts to use an AMI, if permitted. @returns a function that stops it; undefined if denied */
export async function useImage(
  world: HistoryWorld,
  { id, region, permissions, ...image }: Image,
  { who, what }: Use,
): Promise<(() => Promise<void>) | undefined> {
  const account = CONSUMERS[who] ?? ACCOUNT;
  const may = account === ACCOUNT || [...permissions.values()].some(({ value }) => value === account);
  if (!may || image.state !== "available" || !isThere(world, { id, region, permissions, ...image })) return undefined;
  if (what === "instance") {
    const asked = { ImageId: id, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 };
    const { Instances = [] } = (await world.as(account, region, "RunInstances", asked)) as Launched;
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
    return async () => void (await world.as(account, region, "TerminateInstances", { InstanceIds }));
  }
  const named = { LaunchTemplateName: `web-${world.aws.hexId(8)}`, LaunchTemplateData: { ImageId: id } };
  const { LaunchTemplate } = (await world.as(account, region, "CreateLaunchTemplate", named)) as Templated;
  return async () =>
    void world.aws.state(templatesState, account, region).templates.delete(LaunchTemplate.LaunchTemplateId);
}

interface Launched {
  readonly Instances?: readonly { readonly InstanceId: string }[];
}
interface Templated {
  readonly LaunchTemplate: { readonly LaunchTemplateId: string };
}
