import { STSClient } from "@aws-sdk/client-sts";
import { confirmChannel } from "../../functions/channel/confirm-channel.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { type ClientClass, type ClientOf, makeClient } from "../../functions/invocation.ts";
import { prepareImage } from "../../functions/share/prepare-image.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { shareParameter } from "../../functions/share/share-parameter.ts";
import { verifyShare } from "../../functions/share/verify-share.ts";
import type { Tally } from "./count-calls.ts";
import { FACTORY } from "./large-organization.ts";
import type { Consumers } from "./open-consumers.ts";
import type { ScaleFactory } from "./open-factory.ts";
import { REGIONS, type World } from "./open-world.ts";

interface Part {
  readonly tally: Tally;
  readonly minutes: number;
}

export interface Promotion {
  /** Once for a build: attributes that EC2 does not copy to other regions. */
  readonly prepared: Part;
  /** Sharing and verification in every region, the channel's move, and its parameter's confirmation and sharing. */
  readonly promoted: Part;
}

/** A promotion from existing copies to a moved channel, with the code of the state machine's functions. */
export async function promote(world: World, opened: ScaleFactory, consumers: Consumers): Promise<Promotion> {
  const { image, channel, step, addBuild } = opened;
  const { build } = await addBuild();
  const of = { image, build, channel };
  const again = retrying(world);
  const prepared = await measure(world, () => inAllRegions((region) => prepareImage({ image, build, region }, step())));
  const promoted = await measure(world, async () => {
    await inAllRegions(async (region) => {
      await shareImage({ ...of, region }, step());
      await verifyShare({ ...of, region, triesLeft: 0 }, asVerifier(world, step(), consumers));
    });
    const { moved } = await moveChannel(of, step());
    if (!moved) throw new Error(`The channel of ${image} did not move.`);
    await again("ParameterNotYet", () => confirmChannel(of, step()));
    await inAllRegions((region) => again("ParameterShareNotYet", () => shareParameter({ ...of, region }, step())));
  });
  return { prepared, promoted };
}

/** The state machine runs ten at once, each in a separate process; here they share one process's memory. */
const AT_ONCE = 4;

async function inAllRegions(work: (region: string) => Promise<unknown>): Promise<void> {
  const left = [...REGIONS];
  const worker = async () => {
    for (let region = left.shift(); region !== undefined; region = left.shift()) await work(region);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Each invocation of verify-share has separate sessions. */
function asVerifier({ calls, optionsOf }: World, step: ReturnType<ScaleFactory["step"]>, { verifiers }: Consumers) {
  const sts = makeClient(STSClient, { ...optionsOf(FACTORY), credentials: verifiers() }, FACTORY);
  calls.follow(sts);
  const client: ClientOf = <Client extends object>(
    Client: ClientClass<Client>,
    where?: Parameters<ClientOf>[1],
  ): Client => ((Client as unknown) === STSClient ? (sts as Client) : step.client(Client, where));
  return { ...step, client };
}

const TRIES = 18;

/** Retries like the state machine: after five seconds, then with a backoff of 1.5, up to a minute. */
const retrying =
  ({ clock }: World) =>
  async <Result>(name: string, run: () => Promise<Result>): Promise<Result> => {
    for (let tries = 1, wait = 5_000; ; tries++, wait = Math.min(60_000, wait * 1.5)) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof Error && error.name === name) || tries === TRIES) throw error;
        await clock.sleep(wait);
      }
    }
  };

/** The cost of some work: calls and virtual minutes. */
export async function measure({ clock, calls }: Pick<World, "clock" | "calls">, work: () => Promise<unknown>) {
  const began = clock.now();
  calls.take();
  await work();
  return { tally: calls.take(), minutes: (clock.now() - began) / 60_000 };
}
