import type { Factory } from "../factory/factory-schema.ts";
import { channelMarkKey, pipelineName } from "../names.ts";

/** The effect on AMIs that no criterion allows: `audit` only marks them, `enabled` hides them and blocks launches. */
export type AllowedImagesMode = "audit" | "enabled";

/** Limits for names in a criterion and criteria in an account (EC2 API reference, ImageCriterionRequest). */
const MOST_NAMES = 50;
const MOST_CRITERIA = 10;

/**
 * The declarative policy for EC2 that allows the factory's AMIs: those of its account with its pipelines' names. The policy
 * syntax does not support watermarks (Organizations user guide, "Declarative policy syntax and examples").
 */
export function allowedImagesPolicy(
  factory: Pick<Factory, "name" | "images">,
  account: string,
  mode: AllowedImagesMode,
): object {
  const criteria = namesInParts(factory).map((names, nth) => [
    `criteria_${nth + 1}`,
    { allowed_image_providers: { "@@append": [account] }, image_names: { "@@append": names } },
  ]);
  return {
    ec2_attributes: {
      exception_message: {
        "@@assign": `AMIs come from the image factory ${factory.name} (account ${account}). Ask its owners for missing images.`,
      },
      allowed_images_settings: {
        state: { "@@assign": mode === "audit" ? "audit_mode" : "enabled" },
        image_criteria: Object.fromEntries(criteria),
      },
    },
  };
}

/**
 * The same as an account's setting in one region: the `--cli-input-json` of
 * `aws ec2 replace-image-criteria-in-allowed-images-settings`. It also requires the watermark of one of the image's channels,
 * so that only builds that passed the gate are allowed, and no longer after they are revoked.
 * @param channels channels whose watermarks count
 */
export function allowedImagesSetting(
  factory: Pick<Factory, "name" | "images">,
  account: string,
  channels: readonly string[],
): object {
  const marks = (pipeline: string, some: readonly string[]) =>
    some.map((channel) => ({ WatermarkKey: channelMarkKey(account, pipeline, channel) }));
  const ImageProviders = [account];
  const { name, images } = factory;
  const inChannels = Object.entries(images).flatMap(([image, config]) => {
    const own = channels.filter((channel) => config.channels.some((one) => one.name === channel));
    return own.length > 0 ? [{ pipeline: pipelineName(name, image), own }] : [];
  });
  // Each image has a criterion with its own watermarks. With more images than criteria, they share criteria with a pattern.
  return {
    ImageCriteria:
      inChannels.length <= MOST_CRITERIA
        ? inChannels.map(({ pipeline, own }) => ({
            ImageProviders,
            ImageNames: [amiNames(pipeline)],
            ImageWatermarks: marks(pipeline, own),
          }))
        : namesInParts(factory).map((ImageNames) => ({
            ImageProviders,
            ImageNames,
            ImageWatermarks: marks(pipelineName(name, "*"), channels),
          })),
  };
}

/** Image Builder names AMIs after the recipe, a space, and the date. */
const amiNames = (pipeline: string): string => `${pipeline} *`;

function namesInParts({ name, images }: Pick<Factory, "name" | "images">): string[][] {
  const names = Object.keys(images).map((image) => amiNames(pipelineName(name, image)));
  const count = Math.ceil(names.length / MOST_NAMES);
  return Array.from({ length: count }, (_, nth) => names.slice(nth * MOST_NAMES, (nth + 1) * MOST_NAMES));
}
