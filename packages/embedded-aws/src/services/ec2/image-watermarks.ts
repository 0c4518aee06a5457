import type * as Sdk from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { authorizeImage } from "./authorization.ts";
import { isPublic, requireOwnImage } from "./find-image.ts";
import { imageUnavailable, invalidParameter, notPermitted } from "./refusals.ts";
import type { Watermark } from "./state.ts";

/** EC2 API reference, AttachImageWatermark. */
const NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;
const KEY = /^\d{12}:[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;

export const operations = {
  /**
   * Owner only, and not on public images. Attaching a watermark again changes nothing: AWS's reference documents
   * neither that case nor the error codes.
   */
  AttachImageWatermark: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const name = input.WatermarkName ?? "";
      if (!NAME.test(name)) {
        throw invalidParameter(
          `Value (${name}) for parameter watermarkName is invalid. Watermark names are 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _`,
        );
      }
      const image = requireOwnImage(call, input.ImageId);
      if (image.state !== "available" && image.state !== "disabled") throw imageUnavailable(image.id);
      if (isPublic(image)) {
        throw notPermitted(`The image ${image.id} is public: watermarks cannot be attached to public images.`);
      }
      const key = `${call.account}:${name}`;
      if (!image.watermarks.has(key)) {
        image.watermarks.set(key, {
          key,
          sourceImageId: image.id,
          sourceRegion: image.region,
          sourceCreatedAt: image.createdAt,
          attachedAt: call.aws.clock.now(),
        });
      }
      return { WatermarkKey: key };
    },
  },
  /** Copies with the watermark keep it. Succeeds even if the image does not have it. */
  DetachImageWatermark: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const key = input.WatermarkKey ?? "";
      if (!KEY.test(key)) {
        throw invalidParameter(
          `Value (${key}) for parameter watermarkKey is invalid. Watermark keys are <account id>:<watermark name>`,
        );
      }
      requireOwnImage(call, input.ImageId).watermarks.delete(key);
      return { Return: true };
    },
  },
} satisfies Operations<typeof Sdk>;

export const toWatermark = (watermark: Watermark): Sdk.ImageWatermark => ({
  WatermarkKey: watermark.key,
  SourceImageId: watermark.sourceImageId,
  SourceImageRegion: watermark.sourceRegion,
  SourceImageCreationTime: new Date(watermark.sourceCreatedAt),
  WatermarkCreationTime: new Date(watermark.attachedAt),
});
