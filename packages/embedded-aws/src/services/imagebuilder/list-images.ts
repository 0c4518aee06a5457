import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ImageSummary, ImageVersion } from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { on } from "./authorization.ts";
import type { ImageRecord } from "./build/image-record.ts";
import { requireArn } from "./check-input.ts";
import { requirePipeline } from "./image-pipelines.ts";
import { filtered, pageOf } from "./page.ts";
import { builderState } from "./state.ts";

const FILTERS = {
  name: ({ image }: ImageRecord) => image.name,
  osVersion: ({ image }: ImageRecord) => image.osVersion,
  platform: ({ image }: ImageRecord) => image.platform,
  type: ({ image }: ImageRecord) => image.type,
  version: ({ image }: ImageRecord) => image.version,
};

const ownImages = (call: Call): ImageRecord[] => [
  ...call.aws.state(builderState, call.account, call.region).images.values(),
];

export const operations = {
  /** One entry per version, or per name with `byName`. */
  ListImages: {
    run(input, call) {
      const own = (input.owner ?? "Self") === "Self" ? ownImages(call) : [];
      const listed = own.filter(({ image }) => input.includeDeprecated || image.state?.status !== "DEPRECATED");
      const versions = new Map<string, ImageVersion>();
      for (const { image, account } of filtered(listed, input.filters, FILTERS)) {
        const arn = image.arn?.slice(0, image.arn.lastIndexOf("/"));
        versions.set(input.byName ? (image.name ?? "") : (arn ?? ""), {
          arn,
          name: image.name,
          type: image.type,
          version: image.version,
          platform: image.platform,
          osVersion: image.osVersion,
          owner: account,
          dateCreated: image.dateCreated,
          buildType: image.buildType,
          imageSource: image.imageSource,
        });
      }
      const { items, nextToken } = pageOf([...versions.values()], input);
      return { requestId: call.requestId, imageVersionList: items, nextToken };
    },
  },
  ListImageBuildVersions: {
    authorize: ({ imageVersionArn: arn }, call) => on(call, arn && `${arn}/*`),
    run(input, call) {
      const { imageVersionArn: arn } = input;
      if (arn !== undefined) requireArn(arn, "image", "version", "imageVersionArn");
      const builds = ownImages(call).filter(({ image }) => arn === undefined || image.arn?.startsWith(`${arn}/`));
      const { items, nextToken } = pageOf(filtered(builds, input.filters, FILTERS), input);
      return { requestId: call.requestId, imageSummaryList: items.map(toSummary), nextToken };
    },
  },
  ListImagePipelineImages: {
    authorize: ({ imagePipelineArn }, call) => on(call, imagePipelineArn),
    run(input, call) {
      const { arn } = requirePipeline(call, input.imagePipelineArn);
      const builds = ownImages(call).filter(({ image }) => image.sourcePipelineArn === arn);
      const { name, version } = FILTERS;
      const { items, nextToken } = pageOf(filtered(builds, input.filters, { name, version }), input);
      return { requestId: call.requestId, imageSummaryList: items.map(toSummary), nextToken };
    },
  },
} satisfies Operations<typeof Sdk>;

const toSummary = ({ image, account }: ImageRecord): ImageSummary =>
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
