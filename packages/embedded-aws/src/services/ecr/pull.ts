import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { type FoundImage, findImage, isFailure, toImage } from "./images.ts";
import { layerUrl } from "./layer-download.ts";
import { ecrRefusal } from "./refusals.ts";
import { onRepository, requireRepository, type StoredImage } from "./state.ts";

/** "Private registry authentication", Amazon ECR user guide. */
const TWELVE_HOURS = 12 * 3_600_000;

const DAY_MS = 24 * 3_600_000;

/**
 * ECR updates it "at least once every 24 hours" (API reference, ImageDetail, `lastRecordedPullTime`), not at each pull.
 */
function recordPull(image: StoredImage, now: number): void {
  if (image.pulledAt === undefined || now - image.pulledAt >= DAY_MS) image.pulledAt = now;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export const operations = {
  /**
   * A password for `docker login`, for every registry that the caller may access. It has no use here: the embedded AWS
   * has ECR's API, but no registry with Docker's protocol.
   */
  GetAuthorizationToken: {
    authorize: () => [{ resources: ["*"] }],
    run(input, { aws, account, region }) {
      const registries = input.registryIds?.length ? input.registryIds : [account];
      return {
        authorizationData: registries.map((registry) => ({
          authorizationToken: Buffer.from(`AWS:${aws.hexId(64)}`).toString("base64"),
          expiresAt: new Date(aws.clock.now() + TWELVE_HOURS),
          proxyEndpoint: `https://${registry}.dkr.ecr.${region}.amazonaws.com`,
        })),
      };
    },
  },
  /** The images' manifests: the first request of a pull, and what counts as one. */
  BatchGetImage: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const found = (input.imageIds ?? []).map((asked) => findImage(repository, asked));
      const images = found.filter((one): one is FoundImage => !isFailure(one));
      for (const { image } of images) recordPull(image, call.aws.clock.now());
      return {
        images: images.map(({ image, tag }) => toImage(repository, image, tag)),
        failures: found.filter(isFailure),
      };
    },
  },
  BatchCheckLayerAvailability: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const { layers } = requireRepository(call, input);
      const asked = input.layerDigests ?? [];
      return {
        layers: asked
          .filter((digest) => DIGEST.test(digest))
          .map((layerDigest) => {
            const layer = layers.get(layerDigest);
            return layer
              ? { layerDigest, layerAvailability: "AVAILABLE", layerSize: layer.size }
              : { layerDigest, layerAvailability: "UNAVAILABLE" };
          }),
        failures: asked
          .filter((digest) => !DIGEST.test(digest))
          .map(
            (layerDigest): Sdk.LayerFailure => ({
              layerDigest,
              failureCode: layerDigest === "" ? "MissingLayerDigest" : "InvalidLayerDigest",
              failureReason: "Invalid request parameters: the layer digest must be sha256: and 64 hexadecimal digits",
            }),
          ),
      };
    },
  },
  /** A URL that downloads a layer for an hour without credentials, like AWS's signed S3 URLs. */
  GetDownloadUrlForLayer: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      const { layers, name, account } = repository;
      const { layerDigest = "" } = input;
      if (!layers.has(layerDigest)) {
        throw ecrRefusal(
          "LayersNotFoundException",
          `The layer with digest '${layerDigest}' does not exist in the repository with name '${name}' in the registry with id '${account}'`,
        );
      }
      return { downloadUrl: layerUrl(call.aws, repository, layerDigest), layerDigest };
    },
  },
} satisfies Operations<typeof Sdk>;
