import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { compareVersions, matchesVersion, type Place, parseArn, requireArn } from "./arn.ts";
import { on, once } from "./authorization.ts";
import { BuildCancelledError } from "./build/failure-context.ts";
import { filtered } from "./filters.ts";
import { latestVersionReferences } from "./find-version.ts";
import { findManagedImage } from "./managed-images.ts";
import { dependedOn, invalidRequest, notFound } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { builderState, type ImageRecord, isTerminal } from "./state.ts";

export const operations = {
  /** A build version in any state; without build number, or with `x`, the latest AVAILABLE one. */
  GetImage: {
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run({ imageBuildVersionArn: arn = "" }, call) {
      const parts = requireArn(arn, "image", "build-or-pattern", "imageBuildVersionArn");
      const exact = /^\d+$/.test(parts.build ?? "") && !parts.version?.includes("x");
      const managed = findManagedImage(call.aws, arn);
      const own = () => (exact ? requireImage(call, arn) : latestAvailable(call.aws, call, arn))?.image;
      const image = managed ?? own();
      if (!image) throw notFound(arn);
      return {
        requestId: call.requestId,
        image: structuredClone(image),
        latestVersionReferences: latestVersionReferences(image.arn),
      };
    },
  },
  CancelImageCreation: {
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run: (input, call) =>
      once(call, "CancelImageCreation", input, () => {
        const record = requireImage(call, input.imageBuildVersionArn);
        const { arn, state } = record.image;
        if (isTerminal(record)) {
          throw invalidRequest(
            `The image '${arn}' is in the state ${state?.status}; only a creation under way can be cancelled.`,
          );
        }
        record.cancellation.abort(new BuildCancelledError(`The creation of '${arn}' was cancelled.`));
        return { requestId: call.requestId, clientToken: input.clientToken, imageBuildVersionArn: arn };
      }),
  },
  /** Deletes the resource; its AMIs and container images stay, as in AWS. */
  DeleteImage: {
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run({ imageBuildVersionArn }, call) {
      const record = requireImage(call, imageBuildVersionArn);
      const { arn = "", state } = record.image;
      if (!isTerminal(record)) {
        throw invalidRequest(
          `The image '${arn}' is in the state ${state?.status}; cancel its creation before deleting it.`,
        );
      }
      const { images, recipes, containerRecipes } = call.aws.state(builderState, call.account, call.region);
      if ([...recipes.values(), ...containerRecipes.values()].some(({ parentImage }) => parentImage === arn))
        throw dependedOn(arn);
      images.delete(arn);
      return { requestId: call.requestId, imageBuildVersionArn: arn };
    },
  },
  /** One entry for each version, or for each name with `byName`. */
  ListImages: {
    list: "imageVersionList",
    run(input, call) {
      const own = (input.owner ?? "Self") === "Self" ? ownImages(call) : [];
      const listed = own.filter(({ state }) => input.includeDeprecated || state?.status !== "DEPRECATED");
      const versions = filtered(listed, input.filters, FILTERS).map(toVersion);
      const distinct = new Map(versions.map((one) => [input.byName ? one.name : one.arn, one]));
      return { requestId: call.requestId, imageVersionList: [...distinct.values()] };
    },
  },
  ListImageBuildVersions: {
    list: "imageSummaryList",
    authorize: ({ imageVersionArn: arn }, call) => on(call, arn && `${arn}/*`),
    run({ imageVersionArn: arn, filters }, call) {
      const builds = ownImages(call).filter((image) => arn === undefined || image.arn?.startsWith(`${arn}/`));
      return { requestId: call.requestId, imageSummaryList: filtered(builds, filters, FILTERS) };
    },
  },
  ListImagePipelineImages: {
    list: "imageSummaryList",
    authorize: ({ imagePipelineArn }, call) => on(call, imagePipelineArn),
    run({ imagePipelineArn, filters }, call) {
      const { arn } = requireResource(call, "ImagePipeline", imagePipelineArn);
      const builds = ownImages(call, ({ sourcePipelineArn }) => sourcePipelineArn === arn);
      return { requestId: call.requestId, imageSummaryList: filtered(builds, filters, ["name", "version"]) };
    },
  },
  /** Names and versions from inventory; empty before it, and without enhanced metadata. */
  ListImagePackages: {
    list: "imagePackageList",
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run: ({ imageBuildVersionArn }, call) => ({
      requestId: call.requestId,
      imagePackageList: requireImage(call, imageBuildVersionArn).packages,
    }),
  },
} satisfies Operations<typeof Sdk>;

/** All builds that match an image ARN: a build version, a version, or a pattern such as `1.x.x`; oldest first. */
export function findImages(aws: EmbeddedAws, place: Place, arn: string): ImageRecord[] {
  const parts = parseArn(arn);
  if (parts?.kind !== "image" || parts.version === undefined || parts.account !== place.account) return [];
  if (parts.region !== place.region) return [];
  const { version: pattern, build } = parts;
  const { images } = aws.state(builderState, place.account, place.region);
  const found = [...images.values()].filter(({ image }) => {
    const own = parseArn(image.arn ?? "");
    if (own?.name !== parts.name || !matchesVersion(own.version ?? "", pattern)) return false;
    return build === undefined || build === "x" || build === own.build;
  });
  return found.sort(
    (a, b) =>
      compareVersions(a.image.version ?? "", b.image.version ?? "") || Number(a.buildNumber) - Number(b.buildNumber),
  );
}

/** The latest AVAILABLE build, for an image ARN as parent, or with wildcards in GetImage. */
export const latestAvailable = (aws: EmbeddedAws, place: Place, arn: string): ImageRecord | undefined =>
  findImages(aws, place, arn)
    .filter(({ image }) => image.state?.status === "AVAILABLE")
    .at(-1);

/** The caller's image build version by its exact ARN. @throws AwsError */
export function requireImage(call: Call, arn = ""): ImageRecord {
  const found = call.aws.state(builderState, call.account, call.region).images.get(arn);
  if (!found) throw notFound(arn);
  return found;
}

const FILTERS = ["name", "osVersion", "platform", "type", "version"] as const;

const ownImages = (call: Call, wanted: (image: Sdk.Image) => boolean = () => true): Sdk.ImageSummary[] =>
  [...call.aws.state(builderState, call.account, call.region).images.values()]
    .filter(({ image }) => wanted(image))
    .map(toSummary);

const toSummary = ({ image, account }: ImageRecord): Sdk.ImageSummary =>
  structuredClone({
    arn: image.arn,
    name: image.name,
    type: image.type,
    version: image.version,
    platform: image.platform,
    osVersion: image.osVersion,
    state: image.state,
    owner: account,
    dateCreated: image.dateCreated,
    outputResources: image.outputResources,
    tags: image.tags,
    buildType: image.buildType,
    imageSource: image.imageSource,
    deprecationTime: image.deprecationTime,
    loggingConfiguration: image.loggingConfiguration,
  });

const toVersion = ({
  arn,
  name,
  type,
  version,
  platform,
  osVersion,
  ...image
}: Sdk.ImageSummary): Sdk.ImageVersion => ({
  arn: arn?.slice(0, arn.lastIndexOf("/")),
  name,
  type,
  version,
  platform,
  osVersion,
  owner: image.owner,
  dateCreated: image.dateCreated,
  buildType: image.buildType,
  imageSource: image.imageSource,
});
