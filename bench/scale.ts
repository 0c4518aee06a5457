import { findOrganization } from "../adapters/organization/organization.ts";
import { shareSchema } from "../core/factory/share-schema.ts";
import { findReached, resolveShare } from "../core/share/resolve-share.ts";
import { followOrganization } from "../functions/organization/follow-organization.ts";
import { peakMiB } from "./measure/figures.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";
import { openConsumers } from "./scale/open-consumers.ts";
import { openFactory } from "./scale/open-factory.ts";
import { openWorld, REGIONS } from "./scale/open-world.ts";
import { passVirtually } from "./scale/pass-virtually.ts";
import { measure, promote } from "./scale/promote.ts";
import { shareNaively } from "./scale/share-naively.ts";
import { ways } from "./scale/ways.ts";

/**
 * The cost of sharing in an organization with ten thousand accounts and in seventeen regions, on the embedded AWS with AWS's
 * published rates, in virtual time: with the functions' code and clients, and with one call for each account and region.
 */
const NAIVE_WALL_MS = 12_000;
/** Consumers in which launches are verified, in each region. */
const ASKED = 5;
const HOUR_MS = 3_600_000;

const row = (name: string, ...cells: readonly (string | number)[]): void =>
  console.log(name.padEnd(26) + cells.map((cell) => String(cell).padStart(15)).join(""));
const minutes = (value: number): string => `${value.toFixed(2)} min`;

const targets = new Targets();
const atStart = peakMiB();
const world = await openWorld();
const end = passVirtually(world.clock);
const { clock, ledger } = world;

async function look(nth: number) {
  const { step } = openFactory(world, nth, ways[nth] ?? never());
  const scheduledTime = new Date(clock.now()).toISOString();
  return measure(world, () => followOrganization({ scheduledTime }, step()));
}
function never(): never {
  throw new Error("Not found.");
}

row("reading the organization", "calls", "throttled", "took");
const cold = await look(0);
row("  from cold", cold.tally.of("Organizations"), cold.tally.throttled, minutes(cold.minutes));
targets.atMost("throttled calls of the walk from cold", cold.tally.throttled, 0);
targets.below("minutes of the walk from cold, a function's most", cold.minutes, 15);
const tagged = ways.findIndex(({ share }) => share.accountTags);
// Each run reads the tags of three thousand accounts; runs are an hour apart.
const LOOKS = sized(4, 1);
for (let looks = 1; looks <= LOOKS; looks++) {
  const { tally, minutes: took } = await look(tagged);
  row(`  with tags, run ${looks}`, tally.of("Organizations"), tally.throttled, minutes(took));
  targets.atMost(`throttled calls of run ${looks} with tags`, tally.throttled, 0);
  targets.below(`minutes of run ${looks} with tags`, took, 15);
  await clock.sleep(HOUR_MS);
}

const tree = (await findOrganization(ledger)) ?? never();
const reachedBy = ways.map(({ share }) =>
  findReached(resolveShare(shareSchema.parse(share), tree), tree).map(({ id }) => id),
);
// Accounts that every way reaches.
const asked = (reachedBy[0] ?? []).filter((id) => reachedBy.every((some) => some.includes(id))).slice(0, ASKED);
const consumers = await openConsumers(world, asked);
targets.equal("consumers in which launches are verified", asked.length, ASKED);
console.log();
console.log(
  `EC2 calls are the factory's in the region with the most; ${asked.length} consumers are verified in each region.`,
);
row("shared by", "accounts", "EC2 a region", "all calls", "throttled", "Organizations", "took", "to prepare");
for (const [nth, way] of ways.entries()) {
  const reached = reachedBy[nth] ?? [];
  const { prepared, promoted } = await promote(world, openFactory(world, nth, way, consumers), consumers);
  const { tally } = promoted;
  const [ec2, organizations] = [tally.mostInRegion("EC2"), tally.of("Organizations")];
  row(
    way.name,
    reached.length,
    ec2,
    tally.calls.length,
    tally.throttled + prepared.tally.throttled,
    organizations,
    minutes(promoted.minutes),
    prepared.tally.mostInRegion("EC2"),
  );
  targets.atMost(`EC2 calls a region, ${way.name}`, ec2, way.mostCalls);
  targets.below(`minutes, ${way.name}`, promoted.minutes + prepared.minutes, 10);
  targets.atMost(`Organizations calls, ${way.name}`, organizations, 5);
  await clock.sleep(HOUR_MS);
  const naive = await shareNaively(world, reached, NAIVE_WALL_MS);
  row(
    "  one call for each",
    naive.asked,
    naive.tally.mostInRegion("EC2"),
    naive.tally.calls.length,
    naive.tally.throttled,
    0,
    `${naive.left > 0 ? "over " : ""}${minutes(naive.minutes)}`,
  );
  const beyond = reached.length - naive.asked;
  const refused = beyond > 0 ? `; above the limit of ${naive.asked}, ${beyond} accounts are not shared with` : "";
  const left = naive.left > 0 ? `; ${naive.left} were not reached in this run's time` : "";
  console.log(`    in ${naive.regions} of ${REGIONS.length} regions${refused}${left}`);
  await clock.sleep(HOUR_MS);
}
end();

console.log();
console.log(`${REGIONS.length} regions, ${tree.accounts.length} accounts, ${tree.units.length} OUs`);
console.log(`peak memory of this process: ${peakMiB().toFixed(0)} MiB, ${atStart.toFixed(0)} MiB at the start`);
targets.below("MiB of memory at the peak", peakMiB(), 300);
targets.say();
