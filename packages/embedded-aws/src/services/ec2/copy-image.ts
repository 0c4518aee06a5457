import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { authorizeCreationTags, authorizeImage, ec2Arn } from "./authorization.ts";
import { authorizeCopyKeys } from "./authorize-copy-keys.ts";
import { copyImageInternally } from "./copy-image-internally.ts";
import { requireVisibleImage } from "./find-image.ts";
import { canUse, findSnapshot } from "./find-snapshot.ts";
import { invalidParameter, missingParameter } from "./refusals.ts";
import { isRegion } from "./regions.ts";
import { specifiedTags, tagsOf } from "./resource-tags.ts";
import type { Image } from "./state.ts";

/** How long a copy is pending. In AWS it depends on the size and the regions; minutes are usual. */
const COPY_MS = 5 * 60_000;

export const operations = {
  /** Into the region of the request. Of another account's image, its snapshots must be shared too. */
  CopyImage: {
    authorize(input, call) {
      const origin = { ...call, region: input.SourceRegion || call.region };
      return [
        authorizeImage(origin, input.SourceImageId),
        { resources: [ec2Arn(call, "image", "*"), ec2Arn(call, "snapshot", "*")] },
        ...authorizeCreationTags(call, "CopyImage", input.TagSpecifications),
        ...authorizeCopyKeys(call, origin, input),
      ];
    },
    run(input, call) {
      const { aws, account } = call;
      const from = input.SourceRegion;
      if (!from) throw missingParameter("sourceRegion");
      if (!isRegion(from)) throw invalidParameter(`Invalid source region: ${from}`);
      const source = requireVisibleImage({ ...call, region: from }, input.SourceImageId);
      requireStorage(source, call);
      if (input.KmsKeyId && input.Encrypted === false) {
        throw new AwsError("InvalidParameterCombination", "KmsKeyId cannot be specified with encrypted set to false", {
          status: 400,
        });
      }
      const userTags = input.CopyImageTags ? tagsOf(aws, { account, region: from }, source.id) : [];
      const imageId = copyImageInternally(aws, {
        account,
        fromRegion: from,
        toRegion: call.region,
        imageId: source.id,
        name: input.Name ?? "",
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        encrypted: input.Encrypted,
        tags: Object.fromEntries([...userTags, ...specifiedTags(input.TagSpecifications, "image")]),
        snapshotTags: Object.fromEntries(specifiedTags(input.TagSpecifications, "snapshot")),
        availableAfterMs: COPY_MS,
      });
      return { ImageId: imageId };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireStorage(source: Image, { aws, account }: Call): void {
  if (source.owner === account) return;
  for (const { snapshotId } of source.devices) {
    const snapshot = findSnapshot(aws, source.region, snapshotId);
    if (!snapshot || !canUse(snapshot, account)) {
      throw new AwsError("InvalidRequest", "You do not have permission to access the storage of this ami", {
        status: 400,
      });
    }
  }
}
