import { ECRClient } from "@aws-sdk/client-ecr";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { listImages, type RepositoryImage, removeFrom } from "../../adapters/containers/repository-images.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { shareOf } from "../../adapters/promotion/promotion.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { parametersOf, regionsOfChannel } from "../../core/channel/regions.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import { channelRepository } from "../../core/names.ts";
import { isLeft } from "../../core/repair/find-drift.ts";
import { NotProven } from "../../core/share/decide-proof.ts";
import { type BuildArn, isContainerImageId } from "../../events/ids.ts";
import { type ChannelOf, inAllRegions } from "../channel/in-all-regions.ts";
import { publishAsIs } from "../channel/publish-channel.ts";
import { inTurn } from "../in-turn.ts";
import { stopping, toStop } from "../promotion/find-stop.ts";
import { isAtStopped } from "../revocation/leave-stopped.ts";
import type { RepairInvocation } from "./repair.ts";
import { type Drift, reportDrift, sayNotProven } from "./report-drift.ts";
import { type Known, type KnownBuilds, type Scope, within } from "./scope.ts";

/**
 * Corrects channels' repositories of container images: sets the channel's tag to the channel's image, and removes
 * builds that were not shared for the channel, or were revoked or undone. Images pushed by hand are reported and stay.
 * If all match, one call per region and channel, and one ledger read per channel.
 * @returns how many differences were new
 */
export async function repairRepositories(
  known: KnownBuilds,
  scope: Scope,
  invocation: RepairInvocation,
): Promise<number> {
  const repositories = [...known.states]
    .flatMap(([image, state]) => repositoriesOf(image, state, invocation))
    .filter(scope.covers)
    .map((one) => ({ ...one, regions: within(scope, one.regions) }));
  const lists = repositories.map((one) => ({ one, lying: listEverywhere(one, invocation) }));
  // Listed before the ledger is read: every image was recorded before it was copied.
  await Promise.allSettled(lists.flatMap(({ lying }) => [...lying.values()]));
  const whyNot = whyNotIn(invocation);
  const repairs = lists.map(({ one, lying }) => [
    `repository of ${one.image} ${one.channel}`,
    () => repairRepository(one, lying, { known, scope, whyNot }, invocation),
  ]);
  return inTurn(Object.fromEntries(repairs));
}

interface ChannelsRepository extends ChannelOf {
  readonly state: ImageState;
  readonly regions: readonly string[];
  readonly repository: { readonly registryId: string; readonly repositoryName: string };
}

function repositoriesOf(image: string, state: ImageState, { settings, now }: RepairInvocation): ChannelsRepository[] {
  const { factory, place } = settings;
  const config = factory.images[image];
  if (config?.kind !== "container") return [];
  return config.channels.flatMap((channel) => {
    const pointed = state.channels[channel.name];
    // The function that moves the channel is setting its tag.
    if (pointed && !isLeft(pointed.movedAt, now)) return [];
    const repositoryName = channelRepository(factory.name, image, channel.name);
    const repository = { registryId: place.account, repositoryName };
    return [{ image, channel: channel.name, state, regions: regionsOfChannel(factory, config, channel), repository }];
  });
}

/** A repository's images, by region. */
type Lying = ReadonlyMap<string, Promise<readonly RepositoryImage[]>>;

const listEverywhere = ({ regions, repository }: ChannelsRepository, { client }: RepairInvocation): Lying =>
  new Map(regions.map((region) => [region, listImages(client(ECRClient, region), repository)]));

async function repairRepository(
  { state, repository, image, channel }: ChannelsRepository,
  lying: Lying,
  { known, scope, whyNot }: { readonly known: Known; readonly scope: Scope; readonly whyNot: WhyNot },
  invocation: RepairInvocation,
): Promise<number> {
  const at = { image, channel };
  const byDigest = digestsOf(state);
  const wanted = parametersOf(state.channels[at.channel]);
  const drifts = await inAllRegions([...lying.keys()], async (region) => {
    const images = (await lying.get(region)) ?? [];
    const where = `${repository.repositoryName} in ${region}`;
    const strays = await Promise.all(
      images.map(async (one): Promise<Drift[]> => {
        const build = byDigest.get(one.digest);
        const why = build && (await whyNot(build, at.channel, region));
        if (build && !why) return [];
        if (build) await removeFrom(invocation.client(ECRClient, region), repository, { imageDigest: one.digest });
        return [sayStray(where, region, one, build && `build ${buildVersion(build)}, which ${why}`)];
      }),
    );
    const id = wanted[region];
    const digest = id && isContainerImageId(id) ? toContainerImage(id).digest : undefined;
    const tagged = images.find(({ tags }) => tags.includes(at.channel))?.digest;
    return [...strays.flat(), ...(tagged === digest ? [] : [sayTag(where, region, at.channel, { tagged, digest })])];
  });
  const all = drifts.flat();
  // A revocation or undo moves the channel and its tag itself.
  const isTag = ({ what }: Drift) => what.endsWith(" tag");
  const stopped =
    all.some(isTag) && !(await isAtStopped(at, invocation))
      ? await publishAsIs(at, invocation, "all").then(() => undefined, unlessNotProven)
      : undefined;
  const told = stopped
    ? all.map((one) => (isTag(one) ? { ...one, done: sayNotProven(stopped), repaired: false } : one))
    : all;
  return reportDrift(at, "repository", told, known, scope, invocation);
}

function unlessNotProven(error: unknown): NotProven {
  if (error instanceof NotProven) return error;
  throw error;
}

/** Builds by image digest, which is the same in every region. */
const digestsOf = ({ builds }: ImageState): ReadonlyMap<string, BuildArn> =>
  new Map(
    builds.flatMap(({ build, amiId }) =>
      amiId && isContainerImageId(amiId) ? [[toContainerImage(amiId).digest, build] as const] : [],
    ),
  );

/** Why a build must not be in a channel's repository in a region; undefined: it may. */
type WhyNot = (build: BuildArn, channel: string, region: string) => Promise<string | undefined>;

/** What is asked at the same moment is one read of the ledger. */
const whyNotIn =
  ({ ledger }: RepairInvocation): WhyNot =>
  async (build, channel, region) => {
    const [share, revoked, undone] = await readBatch(ledger, [shareOf(build, channel, region), ...stopping(build)]);
    if (!share) return "was not shared for the channel";
    return toStop(build, revoked, undone) ? "was revoked, or its promotion was undone" : undefined;
  };

const sayStray = (where: string, region: string, { digest }: RepositoryImage, build: string | undefined): Drift => ({
  what: `repository ${region} ${digest}`,
  found: `${digest} is in ${where}, where the channel's consumers can pull it: ${build ?? "not a build of the factory"}`,
  done: build ? "It was deleted there." : "Not changed. Delete it if it is not needed.",
  repaired: build !== undefined,
});

const sayTag = (
  where: string,
  region: string,
  tag: string,
  { tagged, digest }: { readonly tagged: string | undefined; readonly digest: string | undefined },
): Drift => ({
  what: `repository ${region} tag`,
  found: `the tag ${tag} of ${where} ${tagged ? `pointed at ${tagged}` : "was missing"}, but the channel points at ${digest ?? "nothing"}`,
  done: digest ? `It was set back to ${digest}.` : "It was removed.",
  repaired: true,
});
