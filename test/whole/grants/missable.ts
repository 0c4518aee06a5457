import { readFileSync } from "node:fs";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { type Grant, grantsIn, inWords } from "./grant.ts";
import { reasonFor } from "./reason-for.ts";

export const blueprint = await readBlueprint();

/** What the consumers' role may do is taken away piece by piece in `test/share/verify-pieces`. */
export const missable: readonly Grant[] = grantsIn(blueprint).filter(
  (grant) => reasonFor(grant) === undefined && grant.holder.name !== "Consumer",
);

export const SHARED = "test/whole/grants/shared.json";

/** By a life's name: the grants that were noticed in it while others were missing. */
export const shared: Readonly<Record<string, readonly string[]>> = JSON.parse(readFileSync(SHARED, "utf8"));

/** The grants of a shared life that the blueprint still has. */
export const grantsOf = (life: string): Grant[] =>
  missable.filter((grant) => shared[life]?.includes(inWords(grant)) ?? false);

/** Services that check whether they may assume a role when they receive it. */
const CHECK_AT_ONCE = ["lambda", "states", "scheduler", "events"].map((service) => `${service}.amazonaws.com`);

/** Its schedule is created later, by `watch-exposure`. */
const RECEIVED_LATER = "WatchExposureSchedulerRole";

/** Trust policies without which the blueprint does not deploy. */
export const trustCheckedAtOnce: readonly Grant[] = missable.filter(
  ({ kind, holder }) =>
    kind === "trust policy" &&
    holder.name !== RECEIVED_LATER &&
    CHECK_AT_ONCE.some((service) => JSON.stringify(holder.inputs.assumeRolePolicy).includes(`"${service}"`)),
);

/** All others. */
export const grantsAlone = (): Grant[] => {
  const together = new Set(Object.values(shared).flat());
  return missable.filter((grant) => !together.has(inWords(grant)) && !trustCheckedAtOnce.includes(grant));
};
