import { createHash } from "node:crypto";
import { since, tookSoFar } from "./figures.ts";

const ROUNDS = 40;
const ITEMS = 5_000;

/**
 * A fixed amount of work of the month's kind (JSON, maps, sorting, promises, hashes), so that processor times of different
 * machines and loads can be compared. @returns its processor time in milliseconds
 */
export async function calibrate(): Promise<number> {
  const began = tookSoFar();
  for (let round = 0; round < ROUNDS; round++) {
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      id: `item-${(n * 7919) % ITEMS}`,
      round,
      tags: ["a", "b"],
    }));
    const byId = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    const sorted = [...byId.keys()].sort();
    const hash = createHash("sha256");
    for (const id of sorted) hash.update(await byIdLater(byId, id));
    hash.digest("hex");
  }
  return since(began).processor;
}

const byIdLater = async (byId: ReadonlyMap<string, string>, id: string): Promise<string> => {
  const { round } = JSON.parse(byId.get(id) ?? "{}") as { round?: number };
  return `${id} ${round}`;
};
