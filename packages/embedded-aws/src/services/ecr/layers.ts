import type * as Sdk from "@aws-sdk/client-ecr";
import type { LayerFailure } from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { requireRepository } from "./find-repository.ts";
import { layerUrl } from "./layer-download.ts";
import { ecrRefusal } from "./refusals.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export const operations = {
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
            (layerDigest): LayerFailure => ({
              layerDigest,
              failureCode: layerDigest === "" ? "MissingLayerDigest" : "InvalidLayerDigest",
              failureReason: "Invalid request parameters: the layer digest must be sha256: and 64 hexadecimal digits",
            }),
          ),
      };
    },
  },
  /** Where a layer can be downloaded for an hour. AWS signs a URL of S3's, at which nobody is asked who they are. */
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
