import { EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { addImage } from "embedded-aws/seeds";
import { sized } from "../measure/sized.ts";
import { Calls } from "./count-calls.ts";
import { FACTORY } from "./large-organization.ts";
import { REGIONS, type World } from "./open-world.ts";
import { measure } from "./promote.ts";

/** EC2 quotas: the most accounts that an AMI in a region is shared with. The short form shares with fewer. */
const MOST_ACCOUNTS = sized(1_000, 50);

/** Two regions fit into this run's time; regions do not slow each other down. */
const NAIVE_REGIONS = REGIONS.slice(0, 2);

/**
 * The naive way: one call for each account and region, regions in parallel, accounts in sequence, with the SDK's retries for
 * throttling, and again until it succeeds.
 * @param wallMs real milliseconds after which no further account is started
 */
export async function shareNaively(world: World, accounts: readonly string[], wallMs: number) {
  const calls = new Calls();
  const until = performance.now() + wallMs;
  const asked = accounts.slice(0, MOST_ACCOUNTS);
  let done = 0;
  const shareIn = async (region: string): Promise<void> => {
    const name = `naive-${world.aws.nextId()}`;
    const added = { name, architecture: "x86_64" as const, source: undefined, devices: [] };
    const { id: ImageId } = addImage(world.aws, { account: FACTORY, region }, added);
    const client = calls.follow(new EC2Client(world.optionsOf(FACTORY, region)));
    for (const UserId of asked) {
      if (performance.now() > until) return;
      const LaunchPermission = { Add: [{ UserId }] };
      await untilTaken(() =>
        client.send(new ModifyImageAttributeCommand({ ImageId, Attribute: "launchPermission", LaunchPermission })),
      );
      done++;
    }
  };
  const work = () => Promise.all(NAIVE_REGIONS.map(shareIn));
  const { tally, minutes } = await measure({ clock: world.clock, calls }, work);
  const [regions, left] = [NAIVE_REGIONS.length, asked.length * NAIVE_REGIONS.length - done];
  return { tally, minutes, regions, left, asked: asked.length };
}

async function untilTaken(send: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.name === "RequestLimitExceeded")) throw error;
    }
  }
}
