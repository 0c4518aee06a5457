import { bootFactory, type RunningFactory } from "../../../cli/month/boot-factory.ts";
import { findFaults } from "../../../cli/month/expectations.ts";
import { monthOfInstances } from "../../../cli/month/instances.ts";
import { consumers, stranger } from "../../../cli/month/organization.ts";
import { imagesSeenBy, readChannels, readChildParents } from "../../../cli/month/read-back.ts";
import type { MonthReport } from "../../../cli/month/run-month.ts";
import { begin, end, releases, requests } from "../../../cli/month/story.ts";
import { findParked, subscribeQueue } from "../../../cli/month/subscriber.ts";
import factory from "../../../factory.config.ts";
import type { Blueprint } from "../../../local/deploy/blueprint.ts";
import { startServer } from "../../../local/server.ts";
import { announceRelease } from "../../../local/services/ec2/announce-release.ts";
import { releasePublicImage } from "../../../local/services/ec2/release-public-image.ts";
import type { Scenario } from "./scenario.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `npm start` with the functions in process. Its check is the month's own, of `cli/month/expectations.ts`. */
export const month: Scenario = {
  name: "the month",
  start: (blueprint) => bootFactory({ factory, blueprint, functions: "in-process", begin, plan: monthOfInstances }),
  async live(running, blueprint, enough) {
    const topic = blueprint.resources.find(({ type }) => type === "aws:sns/topic:Topic");
    const topicArn = `arn:${blueprint.partition}:sns:${blueprint.buildRegion}:${blueprint.account}:${topic?.inputs.name}`;
    const subscriber = await subscribeQueue(running.options, topicArn);
    const heard: string[] = [];
    for (let day = begin; day < end; day += DAY) {
      for (let hour = day; hour < day + DAY; hour += HOUR) {
        // What is said cannot be unsaid: these faults stay to the end of the month.
        const lasting = enough() ? lastingFaults(running, blueprint) : [];
        if (lasting.length > 0) return lasting;
        await liveAnHour(running, hour);
      }
      heard.push(...(await subscriber.read()));
    }
    return await faultsAtTheEnd(running, blueprint, heard);
  },
};

async function liveAnHour({ clock, send, booted: { aws } }: RunningFactory, from: number): Promise<void> {
  const now = ({ at }: { readonly at: number }) => at >= from && at < from + HOUR;
  for (const { at, image, requestedBy } of requests.filter(now)) {
    await clock.runUntil(at);
    await send("start-build", { trigger: "manual", image, requestedBy });
  }
  for (const { at, family, version } of releases.filter(now)) {
    await clock.runUntil(at);
    const release = { family, version, regions: factory.regions };
    await announceRelease(aws, { ...release, images: releasePublicImage(aws, { ...release, architecture: "x86_64" }) });
  }
  await clock.runUntil(from + HOUR);
}

/** Events that came more often than they belong to a month. */
const lastingFaults = (running: RunningFactory, blueprint: Blueprint): string[] =>
  findFaults(unread(running, blueprint)).filter((fault) => {
    const [, expected, came] = /: expected (\d+) time\(s\), came (\d+) time\(s\)$/.exec(fault) ?? [];
    return Number(came) > Number(expected);
  });

/** Channels are read back, from every account, only where nothing else is wrong: that takes its time. */
async function faultsAtTheEnd(
  running: RunningFactory,
  blueprint: Blueprint,
  heard: readonly string[],
): Promise<string[]> {
  const { booted, options, slack } = running;
  const notifications = { sns: heard.length, slack: slack.messages.length };
  const report = { ...unread(running, blueprint), heard, notifications, parked: await findParked(options) };
  const faults = findFaults(report).filter((fault) => !fault.endsWith("its channel points at nothing"));
  if (faults.length > 0) return faults;
  const server = await startServer(booted.aws, { port: 0 });
  try {
    const place = { endpoint: server.url, factory, factoryAccount: blueprint.account };
    const accounts = [factory.organization.managementAccountId, ...consumers.map(({ id }) => id), stranger];
    const images = await readChannels(place, accounts);
    const strangerSees = await imagesSeenBy(place, stranger);
    return findFaults({ ...report, images, strangerSees, childParents: await readChildParents(place, images) });
  } finally {
    await server.close();
  }
}

/** What is known without reading anything back. */
const unread = ({ events }: RunningFactory, { account }: Blueprint): MonthReport => ({
  factoryAccount: account,
  regions: factory.regions,
  events,
  images: [],
  heard: [],
  notifications: { sns: 0, slack: 0 },
  parked: [],
  strangerSees: [],
  childParents: [],
});
