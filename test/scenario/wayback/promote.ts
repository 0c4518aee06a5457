import { promotionExecutionName } from "../../../core/build-arn.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { moveChannel } from "../../../functions/move-channel.ts";
import { shareImage } from "../../../functions/share-image.ts";
import { undoPromotion } from "../../../functions/undo-promotion.ts";
import { IMAGE, type World } from "./world.ts";

/** Carries out a step, with what befalls it and its retries. */
export type Try = <T>(step: () => Promise<T>) => Promise<T>;

/** Ended otherwise than by its own steps: nothing of it goes on, and nothing is undone. */
class Stopped extends Error {}

/**
 * A build's way through its channels, in the order of the state machine's states: share in every region, move, soak;
 * any error leads to undoing. Copies, evidence and approval are before.
 */
export async function promote(world: World, build: BuildArn, attempt: Try, soak: () => number): Promise<string> {
  const arn = `arn:aws:states:eu-west-1:111122223333:execution:amint-way-promotion:${promotionExecutionName(build)}`;
  const state = <T>(step: () => Promise<T>): Promise<T> => {
    if (world.stopped.has(arn)) throw new Stopped();
    return attempt(step);
  };
  const { channels } = world.factory.images[IMAGE]!;
  try {
    for (const { name: channel } of channels) {
      const subject = { image: IMAGE, build, channel };
      await Promise.all(
        world.factory.regions.map((region) => state(() => shareImage({ ...subject, region }, world.step()))),
      );
      const { moved } = await state(() => moveChannel(subject, world.step()));
      if (!moved) return "superseded";
      await world.step().clients.wait(soak());
    }
    return "promoted";
  } catch (error) {
    if (error instanceof Stopped || world.stopped.has(arn)) return "stopped";
    const failure = { Error: "Failed", Cause: String(error) };
    await attempt(() => undoPromotion({ image: IMAGE, build, error: failure, triesLeft: 1 }, world.step()));
    return "undone";
  }
}
