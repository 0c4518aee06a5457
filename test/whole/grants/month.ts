import type { Blueprint } from "embedded-aws/deploy";
import { listTries } from "../../../adapters/share/consumer-tries.ts";
import { bootExample } from "../../../demo/boot-example.ts";
import { findFaults } from "../../../demo/expectations.ts";
import { readFollowing } from "../../../demo/fleet.ts";
import { happeningsOf } from "../../../demo/happenings.ts";
import { accountsOf, stranger } from "../../../demo/organization.ts";
import type { MonthReport } from "../../../demo/run-month.ts";
import { begin, end, keyFix, slip } from "../../../demo/story.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { imagesSeenBy, readChannels, readChildParents } from "../../../local/consumers/read-back.ts";
import { findParked, subscribeQueue } from "../../../local/consumers/subscriber.ts";
import type { Happening } from "../../../local/story/happening.ts";
import { ledgerOf } from "../../world/ledger.ts";
import { HOUR } from "../../world/time.ts";
import { readFailures } from "./failed-functions.ts";
import type { Scenario } from "./scenario.ts";
import { differ, type Expected, isTooMuch } from "./tally.ts";
import { findWithoutLog } from "./without-log.ts";

const DAY = 24 * HOUR;

/** The state machine retries while Parameter Store and RAM are not consistent yet; the others are expected refusals. */
const failures: Expected = {
  "amint-acme-confirm-channel failed": 21,
  "amint-acme-share-parameter failed": 16,
  "amint-acme-move-channel failed": 1,
  "amint-acme-verify-share failed": 6,
};

/** `npm start` with the functions in process. Its check is the month's own, of `demo/expectations.ts`. */
export const month: Scenario = {
  name: "the month",
  start: (blueprint) => bootExample({ factory, blueprint, port: 0 }),
  async live(running, blueprint, enough) {
    const topic = blueprint.resources.find(({ type }) => type === "aws:sns/topic:Topic");
    const topicArn = `arn:${blueprint.partition}:sns:${blueprint.buildRegion}:${blueprint.account}:${topic?.inputs.name}`;
    const subscriber = await subscribeQueue(running.options, topicArn);
    const { happenings, wayBack, sharing } = happeningsOf(running, factory, blueprint);
    const heard: string[] = [];
    for (let day = begin; day < end; day += DAY) {
      for (let hour = day; hour < day + DAY; hour += HOUR) {
        const lasting = enough() ? await lastingFaults(running, blueprint, hour === day) : [];
        if (lasting.length > 0) return lasting;
        try {
          await liveAnHour(running, happenings, hour);
        } catch (error) {
          // These end `npm start`: an action of an operator or of Amazon failed.
          return [String(error)];
        }
      }
      heard.push(...(await subscriber.read()));
    }
    return await faultsAtTheEnd(running, blueprint, { heard, wayBack, sharing });
  },
  alwaysRefuses: ({ action, resource, principal }, { clock }) =>
    // At the end each account tries to pull images shared with others; the month's tables show who could.
    (action === "ecr:BatchGetImage" && principal.arn.endsWith(":root")) ||
    (action === "sts:AssumeRole" && !known.has(accountIn(resource))) ||
    (action.startsWith("kms:") && action !== "kms:PutKeyPolicy" && isInSlip(resource, clock.now())),
};

/** The account that joins has the role only once its StackSet instance exists. */
const known = new Set(accountsOf(factory));
const accountIn = (arn: string): string => arn.split(":")[4] ?? "";

/** While the story's statement is missing from the key's policy, consumers are refused. */
const isInSlip = (key: string, now: number): boolean =>
  key.includes(`:${slip.region}:`) && now >= slip.at && now <= keyFix.at;

/** Events and parked messages are permanent, so such faults remain until the end of the month. */
async function lastingFaults(running: RunningFactory, blueprint: Blueprint, newDay: boolean): Promise<string[]> {
  const parked = newDay ? await findParked(running.options) : [];
  const inQueue = (fault: string) => parked.some(({ queue }) => fault.startsWith(queue));
  const silent = newDay ? await findWithoutLog(running, blueprint.account) : [];
  const faults = findFaults({ ...unread(running, blueprint), parked });
  return [...silent, ...faults.filter((fault) => isTooMuch(fault) || inQueue(fault))];
}

async function liveAnHour({ clock }: RunningFactory, happenings: readonly Happening[], from: number): Promise<void> {
  for (const { at, happen } of happenings.filter((one) => one.at >= from && one.at < from + HOUR)) {
    await clock.runUntil(at);
    await happen();
  }
  await clock.runUntil(from + HOUR);
}

/** Channels are read back from every account only if nothing else is wrong, because that is slow. */
async function faultsAtTheEnd(
  running: RunningFactory,
  blueprint: Blueprint,
  { heard, wayBack, sharing }: Pick<MonthReport, "heard" | "wayBack" | "sharing">,
): Promise<string[]> {
  const { options, slack } = running;
  const notifications = { sns: heard.length, slack: slack.messages.length };
  const ledger = ledgerOf(options, `amint-${factory.name}-ledger`);
  const report = {
    ...unread(running, blueprint),
    heard,
    wayBack,
    sharing,
    notifications,
    parked: await findParked(options),
  };
  const found = findFaults(report).filter((fault) => !unreadable.some((end) => fault.endsWith(end)));
  const remembered = await listTries(ledger, "grants");
  const faults = [
    ...found,
    ...differ(failures, await readFailures(running, begin)),
    ...(await findWithoutLog(running, blueprint.account)),
    ...remembered.map(({ account, failed }) => `${account}: the ledger still says that its grants failed: ${failed}`),
  ];
  if (faults.length > 0) return faults;
  const place = { endpoint: options.endpoint, factory, factoryAccount: blueprint.account };
  const images = await readChannels(place, [...accountsOf(factory), ...(sharing.joined ? [sharing.joined] : [])]);
  const strangerSees = await imagesSeenBy(place, stranger);
  return findFaults({
    ...report,
    images,
    strangerSees,
    following: await readFollowing(running, ledger),
    childParents: await readChildParents(place, images),
  });
}

/** Faults of a month without reading channels back. */
const unreadable = [
  "its channel points at nothing",
  "joined, but can launch nothing",
  "not fixed in all groups that follow al2023-base stable",
];

/** Faults that are known without reading anything back. */
const unread = ({ events }: RunningFactory, { account }: Blueprint): MonthReport => ({
  factoryAccount: account,
  regions: factory.regions,
  events,
  images: [],
  heard: [],
  notifications: { sns: 0, slack: 0 },
  parked: [],
  strangerSees: [],
  wayBack: {},
  sharing: {},
  childParents: [],
  following: { groups: [], clocks: [] },
});
