import { EC2Client } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { publishedRate, type Rate } from "../../adapters/pace/published-rates.ts";
import { isDeep } from "../whole/deep/size.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { openRetiring } from "./retiring-world.ts";

/** Seventeen regions, as many as an account has without asking for more. */
const SEVENTEEN = [
  HOME,
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-central-1",
  "eu-west-2",
  "eu-west-3",
  "eu-north-1",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
];
/** Throttles are each region's own: `npm test` counts those of some regions. */
const REGIONS = isDeep ? SEVENTEEN : SEVENTEEN.slice(0, 2);
/** The maximum number of builds that a run advances, and the two that the example keeps. */
const ACTED = 25;
const KEPT = 2;
/** What a run looks up at most. */
const LOOKED = 500;
/** What the function has time for, in seconds. */
const TIMEOUT = 900;

interface Counted {
  readonly rate: Rate;
  calls: number;
}

/** How long the last of a number of simultaneous calls waits for its token, in seconds. */
const waitOf = (calls: number, { burst, perSecond }: Rate): number => Math.max(0, calls - burst) / perSecond;

test("a run's full acts keep within EC2's published throttles in every region", async () => {
  const world = await openRetiring(REGIONS);
  for (let nth = 1; nth <= ACTED + KEPT; nth++) {
    await world.publish(nth);
    await world.pass(0.01);
  }
  let counted = new Map<string, Counted>();
  const counting = (region: string): EC2Client => {
    const client = new EC2Client(world.optionsOf(FACTORY, region));
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          const operation = commandName.replace(/Command$/, "");
          const rate = publishedRate("EC2", operation, args.input);
          if (!rate) throw new Error(`EC2 publishes no rate for ${operation}.`);
          const key = `${region} ${rate.name}`;
          const one = counted.get(key) ?? { rate, calls: 0 };
          one.calls++;
          counted.set(key, one);
          return next(args);
        },
      { step: "initialize" },
    );
    return client;
  };
  const runs: { readonly does: Readonly<Record<string, number>>; readonly calls: ReadonlyMap<string, Counted> }[] = [];

  for (const days of [31, ...Array.from({ length: 24 }, () => 3)]) {
    await world.pass(days);
    counted = new Map();
    const decisions = await world.run("apply", counting);
    const does = Object.fromEntries(
      [...Map.groupBy(decisions, (one) => one.does)].map(([name, some]) => [name, some.length]),
    );
    runs.push({ does, calls: counted });
    if (does.gone === ACTED) break;
  }

  // Every act was a whole run's.
  for (const act of ["deprecate", "condemn", "withdraw", "disable", "deregister"]) {
    expect(runs.map(({ does }) => does[act] ?? 0)).toContain(ACTED);
  }
  // What a run acts needs no waiting: no bucket is emptied by it, in any region.
  const emptied = runs.flatMap(({ calls }) =>
    [...calls].flatMap(([key, { calls: some, rate }]) =>
      some > rate.burst ? [`${key}: ${some} of ${rate.burst}`] : [],
    ),
  );
  expect(emptied).toEqual([]);
  // With as many looked up as a run may, in each region beside the others, the time that waiting takes is left.
  const busiest = Math.max(
    ...runs.flatMap(({ calls }) =>
      [...calls.values()].map(({ calls: some, rate }) => waitOf((some * LOOKED) / (ACTED + KEPT), rate)),
    ),
  );
  expect(busiest).toBeLessThan(TIMEOUT / 2);
});
