import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ImagePipeline } from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { on } from "./authorization.ts";
import { requireArn } from "./check-input.ts";
import { filtered, pageOf } from "./page.ts";
import { notFound } from "./refusals.ts";
import { builderState } from "./state.ts";

/** A pipeline of the caller's, or the refusal. */
export function requirePipeline(call: Call, arn: string | undefined): ImagePipeline {
  requireArn(arn, "image-pipeline", "plain", "imagePipelineArn");
  const found = call.aws.state(builderState, call.account, call.region).pipelines.get(arn ?? "");
  if (!found) throw notFound(arn ?? "");
  return found;
}

export const operations = {
  GetImagePipeline: {
    authorize: ({ imagePipelineArn }, call) => on(call, imagePipelineArn),
    run: ({ imagePipelineArn }, call) => ({
      requestId: call.requestId,
      imagePipeline: structuredClone(requirePipeline(call, imagePipelineArn)),
    }),
  },
  ListImagePipelines: {
    run(input, call) {
      const all = [...call.aws.state(builderState, call.account, call.region).pipelines.values()];
      const matching = filtered(all, input.filters, {
        containerRecipeArn: (one) => one.containerRecipeArn,
        description: (one) => one.description,
        distributionConfigurationArn: (one) => one.distributionConfigurationArn,
        imageRecipeArn: (one) => one.imageRecipeArn,
        infrastructureConfigurationArn: (one) => one.infrastructureConfigurationArn,
        name: (one) => one.name,
        status: (one) => one.status,
      });
      const { items, nextToken } = pageOf(matching, input);
      return { requestId: call.requestId, imagePipelineList: structuredClone(items), nextToken };
    },
  },
  DeleteImagePipeline: {
    authorize: ({ imagePipelineArn }, call) => on(call, imagePipelineArn),
    run({ imagePipelineArn }, call) {
      const { arn } = requirePipeline(call, imagePipelineArn);
      call.aws.state(builderState, call.account, call.region).pipelines.delete(arn ?? "");
      return { requestId: call.requestId, imagePipelineArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
