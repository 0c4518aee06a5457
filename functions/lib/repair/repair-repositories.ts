import { listImages, type RepositoryImage, removeFrom } from "../../../adapters/containers/repository-images.ts";
import type { ImageState } from "../../../adapters/ledger/image-state.ts";
import { findShare } from "../../../adapters/ledger/promotion.ts";
import type { ToldDrift } from "../../../adapters/ledger/told-drift.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import { toContainerImage } from "../../../core/container-image.ts";
import { isLeft } from "../../../core/find-drift.ts";
import { channelRepository } from "../../../core/names.ts";
import { parametersOf } from "../../../core/share/held-regions.ts";
import { regionsOfChannel } from "../../../core/share/regions.ts";
import { type BuildArn, isContainerImageId } from "../../../events/ids.ts";
import type { ChannelOf } from "../channels/channel-step.ts";
import { findStop } from "../channels/find-stop.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { publishChannel } from "../channels/publish-channel.ts";
import { inTurn } from "./in-turn.ts";
import type { RepairStep, States } from "./repair-step.ts";
import { type Drift, tellDrift } from "./tell-drift.ts";

/**
 * Makes channels' repositories of container images what the ledger says: the channel's tag means what the channel points
 * at, and no build lies there that was not shared for the channel, or was withdrawn. What somebody pushed there by hand is
 * told, and left. One call a region and channel, where all is well.
 * @returns how many differences were new
 */
export function repairRepositories(states: States, told: readonly ToldDrift[], step: RepairStep): Promise<number> {
  const { images } = step.settings.factory;
  const repairs = [...states].flatMap(([image, state]) =>
    images[image]?.kind === "container"
      ? images[image].channels.map(({ name: channel }) => [
          `repository of ${image} ${channel}`,
          () => repairRepository({ image, channel }, state, told, step),
        ])
      : [],
  );
  return inTurn(Object.fromEntries(repairs));
}

async function repairRepository(
  at: ChannelOf,
  state: ImageState,
  told: readonly ToldDrift[],
  step: RepairStep,
): Promise<number> {
  const { factory, place } = step.settings;
  const config = factory.images[at.image];
  const channel = config?.channels.find(({ name }) => name === at.channel);
  const pointed = state.channels[at.channel];
  // Who moves it tags it just now.
  if (!config || !channel || (pointed && !isLeft(pointed.movedAt, step.now))) return 0;
  const byDigest = digestsOf(state);
  const wanted = parametersOf(pointed);
  const repository = {
    registryId: place.account,
    repositoryName: channelRepository(factory.name, at.image, at.channel),
  };
  const drifts = await inAllRegions(regionsOfChannel(factory, config, channel), async (region) => {
    const ecr = step.clients.ecr(region);
    const lying = await listImages(ecr, repository);
    const where = `${repository.repositoryName} in ${region}`;
    const strays = await Promise.all(
      lying.map(async (one): Promise<Drift[]> => {
        const build = byDigest.get(one.digest);
        const why = build ? await whyNot({ ...at, build, region }, step) : undefined;
        if (build && !why) return [];
        if (build) await removeFrom(ecr, repository, { imageDigest: one.digest });
        return [sayStray(where, region, one, build && `build ${buildVersion(build)}, which ${why}`)];
      }),
    );
    const id = wanted[region];
    const digest = id && isContainerImageId(id) ? toContainerImage(id).digest : undefined;
    const tagged = lying.find(({ tags }) => tags.includes(at.channel))?.digest;
    return [...strays.flat(), ...(tagged === digest ? [] : [sayTag(where, region, at.channel, { tagged, digest })])];
  });
  const all = drifts.flat();
  if (all.some(({ what }) => what.endsWith(" tag"))) await publishChannel(at, step);
  return tellDrift(at, "repository", all, told, step);
}

/** Builds by their images' digest, which is the same in every region. */
const digestsOf = ({ builds }: ImageState): ReadonlyMap<string, BuildArn> =>
  new Map(
    builds.flatMap(({ build, amiId }) =>
      amiId && isContainerImageId(amiId) ? [[toContainerImage(amiId).digest, build] as const] : [],
    ),
  );

/** Why a build must not lie in a channel's repository; undefined: it may. */
async function whyNot(
  { build, channel, region }: ChannelOf & { readonly build: BuildArn; readonly region: string },
  { ledger }: RepairStep,
): Promise<string | undefined> {
  // Written down before the copy: one that is under way is seen.
  if (!(await findShare(ledger, build, channel, region))) return "was not shared for the channel";
  return (await findStop(ledger, build)) ? "was revoked, or its promotion was taken back" : undefined;
}

const sayStray = (where: string, region: string, { digest }: RepositoryImage, build: string | undefined): Drift => ({
  what: `repository ${region} ${digest}`,
  found: `${digest} lies in ${where}, where the channel's consumers can pull it: ${build ?? "no build of the factory"}`,
  done: build ? "It was deleted there." : "It was left so. Delete it where nobody wants it.",
});

const sayTag = (
  where: string,
  region: string,
  tag: string,
  { tagged, digest }: { readonly tagged: string | undefined; readonly digest: string | undefined },
): Drift => ({
  what: `repository ${region} tag`,
  found: `the tag ${tag} of ${where} ${tagged ? `means ${tagged}` : "was not there"} although the channel points at ${digest ?? "nothing"}`,
  done: digest ? `It means ${digest} again.` : "It was removed.",
});
