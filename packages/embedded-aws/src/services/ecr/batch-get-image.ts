import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { type FoundImage, findImage, isFailure } from "./find-image.ts";
import { requireRepository } from "./find-repository.ts";
import type { StoredImage } from "./state.ts";
import { toImage } from "./to-image.ts";

const DAY_MS = 24 * 3_600_000;

/** ECR refreshes it "at least once every 24 hours" (API reference, ImageDetail, `lastRecordedPullTime`), not at each pull. */
function recordPull(image: StoredImage, now: number): void {
  if (image.pulledAt === undefined || now - image.pulledAt >= DAY_MS) image.pulledAt = now;
}

export const operations = {
  /** The manifests of images: the first thing that a pull asks for, and what counts as one. */
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
} satisfies Operations<typeof Sdk>;
