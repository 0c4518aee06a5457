import { listTries } from "../../../adapters/share/consumer-tries.ts";
import { bootExample } from "../../../demo/boot-example.ts";
import { findFaults, unexpected } from "../../../demo/expectations.ts";
import { accountsOf, exampleOrganization } from "../../../demo/organization.ts";
import { planMonth } from "../../../demo/plan.ts";
import { type MonthReport, readMonth } from "../../../demo/run-month.ts";
import { begin, end, keyFix, slip } from "../../../demo/story.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { parkedFaults } from "../../../local/checks/check-all.ts";
import { findParked, type HeardMessage, subscribeQueue, topicArnOf } from "../../../local/consumers/subscriber.ts";
import { live } from "../../../local/story/timeline.ts";
import { DAY, HOUR } from "../../world/time.ts";
import { readFailures } from "./failed-functions.ts";
import type { Scenario } from "./scenario.ts";
import { differ, type Expected, isTooMuch } from "./tally.ts";
import { findWithoutLog } from "./without-log.ts";

/** The state machine retries while Parameter Store and RAM are not consistent yet; the others are expected refusals. */
const failures: Expected = {
  "amint-acme-share-parameter failed": 16,
  "amint-acme-move-channel failed": 1,
  "amint-acme-verify-share failed": 6,
};

/** `npm start` with the functions in process. Its check is the month's own, of `demo/expectations.ts`. */
export const month: Scenario = {
  name: "the month",
  start: (blueprint) => bootExample({ factory, blueprint, port: 0 }),
  async live(running, blueprint, enough) {
    const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint));
    const { events, observed } = planMonth();
    const heard: HeardMessage[] = [];
    for (let hour = begin; hour < end; hour += HOUR) {
      const isNewDay = (hour - begin) % DAY === 0;
      if (isNewDay) heard.push(...(await subscriber.read()));
      const lasting = enough() ? await lastingFaults(running, isNewDay) : [];
      if (lasting.length > 0) return lasting;
      try {
        await live(running, events, { from: hour, until: hour + HOUR });
      } catch (error) {
        // These end `npm start`: an action of an operator or of Amazon failed.
        return [String(error)];
      }
    }
    heard.push(...(await subscriber.read()));
    return await faultsAtTheEnd(running, { heard, observed });
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
async function lastingFaults(running: RunningFactory, newDay: boolean): Promise<string[]> {
  const parked = newDay ? await findParked(running.options) : [];
  const silent = newDay ? await findWithoutLog(running, running.blueprint.account) : [];
  const faults = unexpected(unread(running, { heard: [], observed: {} }));
  return [...silent, ...faults.filter(isTooMuch), ...parked.map(({ queue, messages }) => `${queue} holds ${messages}`)];
}

/** Channels are read back from every account only if nothing else is wrong, because that is slow. */
async function faultsAtTheEnd(
  running: RunningFactory,
  lived: Pick<MonthReport, "heard" | "observed">,
): Promise<string[]> {
  const { options, ledger, blueprint } = running;
  const found = unexpected(unread(running, lived)).filter((fault) => !unreadable.some((end) => fault.endsWith(end)));
  const remembered = await listTries(ledger, "grants");
  const faults = [
    ...found,
    ...parkedFaults({ parked: await findParked(options) }),
    ...differ(failures, await readFailures(running, begin)),
    ...(await findWithoutLog(running, blueprint.account)),
    ...remembered.map(({ account, failed }) => `${account}: the ledger still says that its grants failed: ${failed}`),
  ];
  return faults.length > 0 ? faults : findFaults(await readMonth(running, lived));
}

/** Faults of a month without reading channels back. */
const unreadable = [
  "its channel points at nothing",
  "joined, but can launch nothing",
  "not fixed in all groups that follow al2023-base stable",
];

/** Faults that are known without reading anything back. */
const unread = (
  { events, blueprint, slack }: RunningFactory,
  lived: Pick<MonthReport, "heard" | "observed">,
): MonthReport => ({
  ...lived,
  ...{ factory, account: blueprint.account, events, organization: exampleOrganization(factory, blueprint.account) },
  story: { begin, end, events: [], impossible: [], images: [] },
  slack: slack.messages.length,
  channels: [],
  seen: [],
  posted: [],
  parked: [],
  childParents: [],
  following: { groups: [], clocks: [], urgent: [] },
});
