import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import type { EmbeddedAws } from "../../local/embedded-aws.ts";
import { announceRelease } from "../../local/services/ec2/announce-release.ts";
import { releasePublicImage } from "../../local/services/ec2/release-public-image.ts";
import { answerQuestions } from "./answer-questions.ts";
import type { RunningFactory } from "./boot-factory.ts";
import type { Happening } from "./happening.ts";
import { launchHappenings } from "./launches.ts";
import { accountsOf } from "./organization.ts";
import { readChannel } from "./read-back.ts";
import { type Sharing, sharingHappenings } from "./sharing.ts";
import { readings, releases, requests, revocation, rollback } from "./story.ts";
import { goBack, revokeNewest, seenByConsumers, type WayBack } from "./way-back.ts";

/** How long what people take back may be under way before consumers are asked what they see. */
const MEANWHILE = 10 * 60_000;

/**
 * All that people and Amazon do in the month, in its order.
 * @param months how many are lived through; what people do besides happens in the first
 * @returns `wayBack`, `sharing`: filled in as it happens
 */
export function happeningsOf(
  running: RunningFactory,
  factory: Factory,
  blueprint: Blueprint,
  months = 1,
): { readonly happenings: readonly Happening[]; readonly wayBack: WayBack; readonly sharing: Sharing } {
  const { send, booted, options } = running;
  const place = { endpoint: options.endpoint, factory, factoryAccount: blueprint.account };
  const wayBack: WayBack = {};
  const consumersSide = sharingHappenings(running, factory, blueprint);
  const happenings: Happening[] = [
    ...requests.map(({ at, image, requestedBy }) => ({
      at,
      happen: () => send("start-build", { trigger: "manual", image, requestedBy }),
    })),
    ...releases.map(({ at, ...release }) => ({
      at,
      happen: () => publishRelease(booted.aws, { ...release, regions: factory.regions }),
    })),
    ...consumersSide.happenings,
    ...(months > 1 ? launchHappenings(place) : []),
    ...readings(months).map((at) => ({ at, happen: () => answerQuestions(running, factory, blueprint) })),
    { at: rollback.at, happen: () => goBack(running) },
    {
      at: rollback.at + MEANWHILE,
      async happen() {
        wayBack.rolledBack = await readChannel(place, rollback.image, rollback.channel, accountsOf(factory));
      },
    },
    {
      at: revocation.at,
      async happen() {
        wayBack.seenBefore = await seenByConsumers(place);
        await revokeNewest(running);
      },
    },
    {
      at: revocation.at + MEANWHILE,
      async happen() {
        wayBack.seenAfter = await seenByConsumers(place);
      },
    },
  ];
  return { happenings: happenings.toSorted((a, b) => a.at - b.at), wayBack, sharing: consumersSide.sharing };
}

/** First the parameters move, then the topic tells, as Amazon does it. */
async function publishRelease(
  aws: EmbeddedAws,
  release: Omit<(typeof releases)[number], "at"> & { readonly regions: readonly string[] },
): Promise<void> {
  const images = releasePublicImage(aws, { ...release, architecture: "x86_64" });
  await announceRelease(aws, { ...release, images });
}
