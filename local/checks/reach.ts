import { regionsOfChannel } from "../../core/channel/regions.ts";
import { isContainerImageId } from "../../events/ids.ts";
import { audienceOf } from "../organization/audience.ts";
import { accountsIn } from "../organization/derived-organization.ts";
import { eventsOf, type StoryReport, versionOf } from "./story-report.ts";

interface Artifact {
  readonly image: string;
  readonly build: string;
  readonly region: string;
}

/** Accounts that can launch or pull what is not shared with them, or cannot launch or pull what is. */
export function reachFaults(report: StoryReport): string[] {
  const { factory, account, organization, channels } = report;
  const names = new Map(accountsIn(organization).map(({ id, name }) => [id, `${id} (${name})`]));
  const nameOf = (id: string): string => names.get(id) ?? `${id} (outside the organization)`;
  const audienceIn = audiences(report);
  return [
    ...wideFaults(report, audienceIn).map(({ who, what }) => `${nameOf(who)} ${what}`),
    ...channels.flatMap(({ image, channel, amis, reach }) => {
      const share = factory.images[image]?.channels.find(({ name }) => name === channel)?.share;
      const wanted = share ? audienceOf(share, organization, account) : [];
      return Object.entries(amis).flatMap(([region, id]) => {
        const able = Object.keys(reach).filter((who) => reach[who]?.includes(region));
        const verb = isContainerImageId(id) ? "pull" : "launch";
        const allowed = isContainerImageId(id) ? wanted : audienceIn(artifactsOf(report).get(id), region);
        return [
          ...wanted
            .filter((who) => !able.includes(who))
            .map((who) => `${nameOf(who)} cannot ${verb} ${image}/${channel} in ${region}, which is shared with it`),
          ...able
            .filter((who) => !allowed.includes(who))
            .map((who) => `${nameOf(who)} can ${verb} ${image}/${channel} in ${region}, which is not shared with it`),
        ];
      });
    }),
  ];
}

type Audiences = (artifact: Artifact | undefined, region: string) => readonly string[];

/** The accounts that may use a build in a region: those that one of its channels is shared with. */
function audiences({ factory, account, organization, events }: StoryReport): Audiences {
  const entered = Map.groupBy(eventsOf(events, "channel.moved"), ({ build }) => String(build));
  const revoked = new Set(eventsOf(events, "build.revoked").map(({ build }) => String(build)));
  return (artifact, region) => {
    const image = factory.images[artifact?.image ?? ""];
    if (!artifact || !image || revoked.has(artifact.build)) return [];
    const through = new Set(entered.get(artifact.build)?.map(({ channel }) => channel));
    return image.channels
      .filter((channel) => through.has(channel.name) && regionsOfChannel(factory, image, channel).includes(region))
      .flatMap(({ share }) => audienceOf(share, organization, account));
  };
}

/** By AMI that was shared or published: its image and build. */
function artifactsOf({ events }: StoryReport): ReadonlyMap<string, Artifact> {
  const found = new Map<string, Artifact>();
  for (const { detailType, detail } of events) {
    const { image, build } = detail as { image: string; build: string };
    if (detailType === "image.shared") {
      found.set(String(detail.amiId), { image, build, region: String(detail.region) });
    }
    if (detailType !== "channel.moved") continue;
    for (const [region, { amiId }] of Object.entries(detail.regions as Record<string, { amiId: string }>)) {
      // A region behind keeps the AMI of another build, which has its own events.
      if (!found.has(amiId)) found.set(amiId, { image, build, region });
    }
  }
  return found;
}

function wideFaults(report: StoryReport, audienceIn: Audiences): { who: string; what: string }[] {
  const artifacts = artifactsOf(report);
  return report.seen.flatMap(({ account, region, ami }) => {
    const artifact = artifacts.get(ami);
    if (audienceIn(artifact, region).includes(account)) return [];
    const of = artifact ? `${artifact.image} ${versionOf(artifact.build)}` : "a build that was never shared";
    return [{ who: account, what: `sees ${ami} in ${region}, of ${of}, which is not shared with it` }];
  });
}
