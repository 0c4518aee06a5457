import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  SetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { VirtualClock } from "embedded-aws";
import type { z } from "zod";
import { pullPolicy } from "../../core/containers/pull-policy.ts";
import type { factorySchema } from "../../core/factory/factory-schema.ts";
import { buildsRepository, channelParameter, channelRepository } from "../../core/names.ts";
import { type BuildArn, type ContainerImageId, parseBuildArn, parseContainerImageId } from "../../events/ids.ts";
import { confirmChannel } from "../../functions/channel/confirm-channel.ts";
import { moveChannel } from "../../functions/channel/move-channel.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { listBuilt, recordBuilt } from "../world/built.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY } from "../world/organization.ts";
import { lastingPromotions } from "../world/promotions.ts";
import { roleCredentials } from "../world/roles.ts";
import { sdkClients } from "../world/sdk-clients.ts";
import { BEGIN } from "../world/time.ts";
import { openWorld } from "../world/world.ts";
import { pushImage } from "./push-image.ts";

export const WEB = "web";
/** In the OU that `stable` is shared with. */
export const MEMBER = "500000000001";
/** In the organization, but in no OU that `stable` is shared with. */
export const OUTSIDE = "200000000001";

const web = {
  kind: "container" as const,
  os: "al2023" as const,
  architecture: "x86_64" as const,
  parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
  components: ["images/components/nodejs.yaml"],
  tests: ["images/components/container-smoke.yaml"],
  gate: { cve: { critical: 0, high: 0, count: "fixable" as const } },
  channels: [
    { name: "candidate", share: { accounts: [MEMBER] } },
    { name: "stable", share: { organizationalUnits: ["ou-exam-workload"] } },
  ],
  retention: { keep: 1, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" },
};

export interface ContainerBuild {
  readonly build: BuildArn;
  /** In the builds' repository, by region. */
  readonly images: Readonly<Record<string, ContainerImageId>>;
  readonly digest: string;
}

export type ContainerWorld = Awaited<ReturnType<typeof openContainers>>;

/** A factory of one container image, with the repositories and policies that its stack makes. */
export async function openContainers(factory: Partial<z.input<typeof factorySchema>> = {}) {
  const world = await openWorld({
    clock: new VirtualClock(BEGIN),
    // Layers are pulled from the URLs that ECR returns.
    served: true,
    factory: { images: { [WEB]: web }, ...factory },
  });
  const { clock, ledger, pass, through } = world;
  const { name, organization, images } = world.factory;
  const ecr = (account: string, region: string = HOME) => world.client(ECRClient, { account, region });
  for (const region of REGIONS) {
    const own = ecr(FACTORY, region);
    const repositoryName = buildsRepository(name, WEB);
    await own.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    for (const { name: channel, share } of images[WEB]?.channels ?? []) {
      const named = { repositoryName: channelRepository(name, WEB, channel) };
      await own.send(
        new CreateRepositoryCommand({
          ...named,
          imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
          imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: channel }],
        }),
      );
      const policy = pullPolicy(share, { partition: "aws", account: FACTORY, organization: organization.id });
      await own.send(new SetRepositoryPolicyCommand({ ...named, policyText: JSON.stringify(policy) }));
    }
  }
  const { promotionArn: PROMOTION_ARN } = await lastingPromotions(world);
  const roles = new Map<string, ReturnType<typeof roleCredentials>>();
  /** The arguments of a function's body, with ECR by the deployed permissions of its role. */
  async function stepAs(role: string) {
    const issuing = roles.get(role) ?? roleCredentials(world, role, { "al2023-node": WEB });
    roles.set(role, issuing);
    const credentials = await issuing;
    const asRole = sdkClients({ ...world.optionsOf(FACTORY), credentials });
    const client = instead(world.step().client, ECRClient, (region) => asRole(ECRClient, region));
    return world.step({ client, env: { PROMOTION_ARN } });
  }

  /** Whether an account may pull an image: its manifest, and the bytes of each layer. */
  async function canPull(account: string, repository: string, imageDigest: string, region = HOME): Promise<boolean> {
    const named = { registryId: FACTORY, repositoryName: repository };
    try {
      const { images: [image] = [] } = await ecr(account, region).send(
        new BatchGetImageCommand({ ...named, imageIds: [{ imageDigest }] }),
      );
      if (!image?.imageManifest) return false;
      for (const { digest } of JSON.parse(image.imageManifest).layers as { digest: string }[]) {
        const asked = new GetDownloadUrlForLayerCommand({ ...named, layerDigest: digest });
        const { downloadUrl = "" } = await ecr(account, region).send(asked);
        if ((await fetch(downloadUrl)).status !== 200) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "AccessDeniedException") return false;
      throw error;
    }
  }

  return {
    ...world,
    ecr,
    stepAs,
    canPull,
    /**
     * What `docker pull` of a channel in a region would get; undefined if the account may not pull, or the channel is
     * empty.
     */
    pulls: (account: string, channel: string, { digest }: ContainerBuild, region = HOME) =>
      canPull(account, channelRepository(name, WEB, channel), digest, region),
    /** A build that was pushed to all regions, with its gate's verdict. */
    async build(nth: number, verdict: "passed" | "rejected" | "unjudged" = "passed"): Promise<ContainerBuild> {
      const build = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${name}-${WEB}/1.0.0/${nth}`);
      const found: Record<string, ContainerImageId> = {};
      let digest = "";
      for (const region of REGIONS) {
        const repository = buildsRepository(name, WEB);
        digest = await pushImage(ecr(FACTORY, region), repository, `build ${nth}`, `1.0.0-${nth}`);
        found[region] = parseContainerImageId(`${FACTORY}.dkr.ecr.${region}.amazonaws.com/${repository}@${digest}`);
      }
      listBuilt(world.aws, build, found, `1.0.0-${nth}`);
      const at = new Date(clock.now()).toISOString();
      await recordBuilt(ledger, {
        image: WEB,
        build,
        outputs: found,
        at,
        ...(verdict !== "unjudged" && { gate: { verdict } }),
      });
      await pass(60_000);
      return { build, images: found, digest };
    },
    /** Shares a build for a channel in every region, and moves the channel there. */
    async promote({ build }: ContainerBuild, channel: string): Promise<void> {
      const asked = { image: WEB, build, channel };
      for (const region of REGIONS) await through(shareImage({ ...asked, region }, await stepAs("ShareImageRole")));
      await through(moveChannel(asked, await stepAs("MoveChannelRole")));
      await through(confirmChannel(asked, await stepAs("ConfirmChannelRole")));
    },
    /** A channel's state in a region: its parameter, and its tag's digest. */
    async says(channel: string, region: string): Promise<{ parameter: string | undefined; tag: string | undefined }> {
      const repositoryName = channelRepository(name, WEB, channel);
      const asked = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: channel }] });
      const { imageDetails = [] } = await ecr(FACTORY, region).send(asked).catch(unlessNone);
      const Name = channelParameter(name, WEB, channel);
      const parameter = await world
        .client(SSMClient, { region })
        .send(new GetParameterCommand({ Name }))
        .catch(noParameter);
      return { parameter: parameter?.Parameter?.Value, tag: imageDetails[0]?.imageDigest };
    },
    /** The expected state of a channel that points at a build. */
    pointing(channel: string, { digest }: ContainerBuild, region: string) {
      const repository = channelRepository(name, WEB, channel);
      return { parameter: `${FACTORY}.dkr.ecr.${region}.amazonaws.com/${repository}@${digest}`, tag: digest };
    },
  };
}

function unlessNone(error: unknown) {
  if (error instanceof Error && error.name === "ImageNotFoundException") return { imageDetails: [] };
  throw error;
}

function noParameter(error: unknown) {
  if (error instanceof ParameterNotFound) return undefined;
  throw error;
}
