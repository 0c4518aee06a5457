import { findBuild } from "../../../adapters/build/builds.ts";
import { promotionExecutionName } from "../../../core/build/build-arn.ts";
import { requireImage } from "../../../core/factory/require-image.ts";
import { promotionName } from "../../../core/names.ts";
import { planPromotion } from "../../../core/promotion/plan-promotion.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { expireApproval } from "../../../functions/approval/expire-approval.ts";
import { requestApproval } from "../../../functions/approval/request-approval.ts";
import { confirmChannel, ParameterNotYet } from "../../../functions/channel/confirm-channel.ts";
import { moveChannel } from "../../../functions/channel/move-channel.ts";
import { checkPromotion } from "../../../functions/promotion/check-promotion.ts";
import { undoPromotion } from "../../../functions/promotion/undo-promotion.ts";
import { shareImage } from "../../../functions/share/share-image.ts";
import type { Subject } from "./approve.ts";
import type { Build } from "./builds.ts";
import { type Execution, Stopped } from "./executions.ts";
import type { Try } from "./fates.ts";
import { ACCOUNT, HOME, IMAGE } from "./way-factory.ts";
import type { World } from "./world.ts";

/** How a promotion ended. `left`: another function moved the channel before all regions had the build. */
export const ends = ["promoted", "superseded", "left", "denied", "expired", "stopped", "undone"] as const;
export type End = (typeof ends)[number];

/** External influences on a promotion. */
interface Circumstances {
  /** Seconds until an approval expires. */
  readonly patience: number;
  /** Called when an approval opens. */
  readonly asks: (subject: Subject) => void;
  /** The gate requires approval. */
  readonly left: boolean;
  /** What fails permanently: the last region's share, a step after the move's last effect, or its confirmation. */
  readonly fails?: { readonly channel: string; readonly step: "share" | "move" | "confirm" } | undefined;
}

interface Promotion {
  readonly world: World;
  readonly execution: Execution;
  readonly attempt: Try;
  readonly circumstances: Circumstances;
}

const usual: Circumstances = { patience: 1, asks: () => {}, left: false };

/**
 * A build's way through its channels, in the order of the state machine's states: approval, check, share in every
 * region, move, confirm, soak; a region whose share fails stays behind, any other error leads to undoing. Copies and
 * evidence are before.
 * @param soak milliseconds
 * @returns undefined where the build's promotion is under way already
 */
export async function promote(
  world: World,
  build: BuildArn,
  attempt: Try,
  soak: () => number,
  circumstances = usual,
): Promise<End | undefined> {
  const { factory } = world.now;
  const name = promotionExecutionName(build);
  const execution = world.executions.begin(
    `arn:aws:states:${HOME}:${ACCOUNT}:execution:${promotionName(factory.name)}:${name}`,
  );
  if (!execution) return undefined;
  const triggers = (await findBuild(world.step().ledger, IMAGE, build))?.triggers ?? [];
  const promoted = { triggers, needsApproval: circumstances.left };
  const { channels } = planPromotion(factory, requireImage(factory, IMAGE), promoted);
  try {
    for (const { name: channel, approval } of channels) {
      const subject = { image: IMAGE, build, channel };
      const end = await enter({ world, execution, attempt, circumstances }, subject, approval);
      if (end) return end;
      await world.step().wait(soak());
    }
    return "promoted";
  } catch (error) {
    if (error instanceof Stopped || execution.stopped) return "stopped";
    const failure = { Error: "Failed", Cause: String(error) };
    await attempt(() => undoPromotion({ image: IMAGE, build, error: failure, triesLeft: 1 }, world.step()));
    return "undone";
  } finally {
    execution.end();
  }
}

/** A build passes its gate and is promoted; nothing crashes. @param soak milliseconds */
export async function promoteCalmly(world: World, one: Build, soak = 0, requestedBy?: string): Promise<void> {
  await world.judge(one, "passed", requestedBy);
  const way = promote(
    world,
    one.build,
    (work) => work(),
    () => soak,
  );
  await world.through(way);
}

/** @returns how the promotion ended; undefined if it continues with the next channel */
async function enter(
  promotion: Promotion,
  subject: Subject,
  approval: AskedFor | undefined,
): Promise<Exclude<End, "promoted" | "stopped" | "undone"> | undefined> {
  const { world, execution, attempt, circumstances } = promotion;
  const wanted = () => execution.requireRunning();
  const state = <T>(work: () => Promise<T>): Promise<T> => {
    wanted();
    return attempt(work, { wanted });
  };
  if (approval) {
    const verdict = await askPeople(promotion, subject, approval, state);
    if (verdict === "denied" || verdict === "expired") return verdict;
    if (verdict !== "granted") return "superseded";
  }
  const { goesOn } = await state(() => checkPromotion(subject, world.step()));
  if (!goesOn) return "superseded";
  world.now.story.entered({ ...subject, required: approval?.required ?? 0 });
  const fails = circumstances.fails?.channel === subject.channel ? circumstances.fails.step : undefined;
  const { regions } = world.now.factory;
  const behind = await Promise.all(
    regions.map(async (region) => {
      try {
        if (fails === "share" && region === regions.at(-1)) throw new OutOfOrder(region);
        await state(() => shareImage({ ...subject, region }, world.step()));
        return [];
      } catch (error) {
        wanted();
        return [{ region, why: String(error) }];
      }
    }),
  );
  const { moved } = await state(() => moveChannel({ ...subject, behind: behind.flat() }, world.step()));
  if (!moved) return "superseded";
  if (fails === "move") throw new OutOfOrder(HOME);
  const confirmed = await confirm(world, subject, state);
  if (fails === "confirm") throw new OutOfOrder(HOME);
  return confirmed ? undefined : "left";
}

/** A step has used all of the state machine's attempts. */
class OutOfOrder extends Error {
  override readonly name = "OutOfOrder";

  constructor(region: string) {
    super(`${region} is out of order.`);
  }
}

type AskedFor = NonNullable<ReturnType<typeof planPromotion>["channels"][number]["approval"]>;
type State = <T>(work: () => Promise<T>) => Promise<T>;

async function askPeople(
  { world, execution, circumstances }: Promotion,
  subject: Subject,
  { approvers, required }: AskedFor,
  state: State,
): Promise<string> {
  let token = "";
  circumstances.asks(subject);
  await state(() => {
    // Each attempt gets a different one.
    token = world.executions.newToken();
    const asked = { approvers: [...approvers], required, timeoutSeconds: circumstances.patience };
    return requestApproval({ ...subject, token, approval: asked }, world.step());
  });
  const answered = await execution.answerTo(token, circumstances.patience);
  return (answered ?? (await state(() => expireApproval(subject, world.step())))).verdict;
}

const LOOKS = 12;

/** Retried as often as in the state machine. */
async function confirm(world: World, subject: Subject, state: State): Promise<boolean> {
  for (let looks = 1; ; looks++) {
    try {
      return (await state(() => confirmChannel(subject, world.step()))).confirmed;
    } catch (error) {
      if (!(error instanceof ParameterNotYet) || looks === LOOKS) throw error;
      await world.step().wait(5000);
    }
  }
}
