import type { RunningFactory } from "../boot/boot-factory.ts";
import type { SeenImage, StoryReport } from "../checks/story-report.ts";
import { imagesSeenIn, readChannels } from "../consumers/read-back.ts";
import { findParked, type ParkedEvents } from "../consumers/subscriber.ts";
import { accountsIn, stranger } from "../organization/derived-organization.ts";

/**
 * Reads back what a factory made of a story.
 * @param accounts that may launch an image (default: all of the organization, and a stranger)
 */
export async function readStory(
  running: RunningFactory,
  story: Pick<StoryReport, "story" | "organization" | "heard">,
  accounts: readonly string[] = [...accountsIn(story.organization).map(({ id }) => id), stranger(story.organization)],
): Promise<StoryReport> {
  const { factory, blueprint, place, slack, events } = running;
  const others = accounts.filter((id) => id !== blueprint.account);
  return {
    ...{ factory, account: blueprint.account, ...story },
    events: [...events],
    channels: await readChannels(place, others),
    seen: await seenBy(running, others),
    posted: slack.messages.flatMap(({ text, before }) => [text, ...before.map((one) => one.text)]),
    slack: slack.messages.length,
    parked: await parkedIn(running),
  };
}

async function seenBy({ place }: RunningFactory, accounts: readonly string[]): Promise<SeenImage[]> {
  const seen: SeenImage[] = [];
  for (const account of accounts) {
    for (const region of place.factory.regions) {
      for (const ami of await imagesSeenIn(place, account, region)) seen.push({ account, region, ami });
    }
  }
  return seen;
}

async function parkedIn({ options, factory }: RunningFactory): Promise<ParkedEvents[]> {
  const parked: ParkedEvents[] = [];
  for (const region of new Set([factory.buildRegion, ...factory.regions])) {
    parked.push(...(await findParked({ ...options, region })));
  }
  return parked;
}
