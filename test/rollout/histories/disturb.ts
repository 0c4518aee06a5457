import { random } from "embedded-aws/faults";
import type { DirectWorld } from "./direct-world.ts";
import type { watchHistory } from "./watch-history.ts";

export type Troubles = ReturnType<typeof disturb>;

/** Crashes, lost answers and refusals of the functions' calls. */
export function disturb(world: DirectWorld, watch: ReturnType<typeof watchHistory>, seed: number) {
  const dice = random(seed + 0x5eed);
  const now = { rate: 0, left: Number.POSITIVE_INFINITY, carriedOut: false };
  const failed = (name: string, status: number) =>
    Object.assign(new Error("a fault of the history's"), { name, $metadata: { httpStatusCode: status } });
  world.around(async (asked, carryOut) => {
    if (now.left <= 0) throw new Error("the function ended");
    now.left--;
    if (now.left <= 0 && !now.carriedOut) throw new Error("the function ended");
    if (asked.service !== "dynamodb" && dice() < now.rate) throw failed("ThrottlingException", 400);
    const starts = asked.operation === "StartInstanceRefresh";
    if (starts) await watch.start(asked);
    const output = await carryOut();
    if (starts) await watch.haveStarted(asked, output);
    if (now.left <= 0) throw new Error("the function ended");
    if (asked.service !== "dynamodb" && dice() < now.rate) throw failed("InternalFailure", 500);
    return output;
  });
  const attempt = async <Done>(work: () => Promise<Done>): Promise<Done | undefined> => {
    try {
      return await work();
    } catch {
      return undefined;
    } finally {
      now.left = Number.POSITIVE_INFINITY;
    }
  };
  return {
    now,
    attempt,
    /** Auto Scaling's events of these groups, of which half are lost; others come late or twice. */
    async hear(groups: readonly { readonly name: string; readonly account: string }[]): Promise<void> {
      for (const { name, account } of groups) {
        if (dice() < 0.5) continue;
        await attempt(() => world.hear(name, account));
        await world.mirror();
      }
    },
    /** @returns seconds until the next one */
    async turn(): Promise<number> {
      const [execution] = world.executions;
      if (!execution) return 30 * 60;
      const after = await attempt(() => world.turn(execution.input));
      await world.mirror();
      if (!after) return 60;
      if (after.next === "wait") return after.seconds;
      world.executions.splice(world.executions.indexOf(execution), 1);
      return 60;
    },
  };
}
