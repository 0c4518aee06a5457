import * as fc from "fast-check";
import { histories } from "../../histories.ts";
import { openHistoryWorld } from "../../history-world.ts";
import { liveHistory } from "../../live-history.ts";

/** Lives through random histories until one breaks a rule. Prints how many that took, or that none did, and the rules. */
const { MOST = "", SEED = "" } = process.env;
const world = openHistoryWorld();
let broken: readonly string[] = [];
let lives = 0;
for (const history of fc.sample(histories, { numRuns: Number(MOST), seed: Number(SEED) })) {
  lives++;
  try {
    ({ broken } = await liveHistory(world, history));
  } catch (failure) {
    broken = [String(failure)];
  }
  if (broken.length > 0) break;
}
process.stdout.write(JSON.stringify({ noticed: broken.length > 0, lives, broken }));
