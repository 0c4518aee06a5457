import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import { on } from "./authorization.ts";
import { requireImage } from "./images.ts";
import { pageOf } from "./page.ts";

export const operations = {
  /** Name and version of what inventory found; empty before that, and without enhanced metadata. */
  ListImagePackages: {
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run(input, call) {
      const { packages } = requireImage(call, input.imageBuildVersionArn);
      const { items, nextToken } = pageOf(packages, input);
      return { requestId: call.requestId, imagePackageList: items, nextToken };
    },
  },
} satisfies Operations<typeof Sdk>;
