import type * as Sdk from "@aws-sdk/client-ec2";
import type { ImageAncestryEntry } from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { findImage, requireVisibleImage } from "./find-image.ts";
import { ownerAlias } from "./owner-alias.ts";
import type { Image } from "./state.ts";

export const operations = {
  /**
   * An image, what it was made from, what that was made from, to the root. An image that is gone by now ends the chain:
   * what was known of it is not documented to outlive it.
   */
  GetImageAncestry: {
    // The action has no resource types (service authorization reference, "Amazon EC2").
    run(input, call) {
      const entries: ImageAncestryEntry[] = [];
      for (let image: Image | undefined = requireVisibleImage(call, input.ImageId); image; ) {
        entries.push(toEntry(image));
        image = image.source && findImage(call.aws, image.source.region, image.source.imageId);
      }
      return { ImageAncestryEntries: entries };
    },
  },
} satisfies Operations<typeof Sdk>;

const toEntry = (image: Image): ImageAncestryEntry => ({
  CreationDate: new Date(image.createdAt),
  ImageId: image.id,
  ImageOwnerAlias: ownerAlias(image.owner),
  SourceImageId: image.source?.imageId,
  SourceImageRegion: image.source?.region,
});
