import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { on } from "./authorization.ts";
import { BuildCancelledError } from "./build/failure-context.ts";
import { type ImageRecord, isTerminal } from "./build/image-record.ts";
import { requireArn } from "./check-input.ts";
import { latestAvailable } from "./find-image.ts";
import { once } from "./once.ts";
import { dependedOn, invalidRequest, notFound } from "./refusals.ts";
import { builderState } from "./state.ts";
import { latestVersionReferences } from "./version-references.ts";

/** An image build version of the caller's by its exact ARN, or the refusal. */
export function requireImage(call: Call, arn: string | undefined): ImageRecord {
  requireArn(arn, "image", "build", "imageBuildVersionArn");
  const found = call.aws.state(builderState, call.account, call.region).images.get(arn ?? "");
  if (!found) throw notFound(arn ?? "");
  return found;
}

export const operations = {
  /** A build version in any state; without build number, or with `x`, the latest that is AVAILABLE. */
  GetImage: {
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run({ imageBuildVersionArn: arn = "" }, call) {
      const parts = requireArn(arn, "image", "build-or-pattern", "imageBuildVersionArn");
      const exact = /^\d+$/.test(parts.build ?? "") && !parts.version?.includes("x");
      const found = exact ? requireImage(call, arn) : latestAvailable(call.aws, call, arn);
      if (!found) throw notFound(arn);
      const { image } = found;
      return {
        requestId: call.requestId,
        image: structuredClone(image),
        latestVersionReferences: latestVersionReferences(image.arn ?? "", image.version ?? ""),
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
} satisfies Operations<typeof Sdk>;
