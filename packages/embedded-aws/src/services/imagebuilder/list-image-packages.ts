import type { ListImagePackagesCommandInput, ListImagePackagesCommandOutput } from "@aws-sdk/client-imagebuilder";
import { operation } from "../../engine/operation.ts";
import { on } from "./authorization.ts";
import { requireImage } from "./images.ts";
import { pageOf } from "./page.ts";

/** Name and version of what inventory found; empty before that, and without enhanced metadata. */
export const listImagePackages = operation<
  ListImagePackagesCommandInput,
  Omit<ListImagePackagesCommandOutput, "$metadata">
>({
  authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
  run(input, call) {
    const { packages } = requireImage(call, input.imageBuildVersionArn);
    const { items, nextToken } = pageOf(packages, input);
    return { requestId: call.requestId, imagePackageList: items, nextToken };
  },
});
