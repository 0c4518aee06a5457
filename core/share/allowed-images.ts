import type { Factory } from "../factory/factory-schema.ts";
import { channelMarkKey, pipelineName } from "../names.ts";

/** What becomes of AMIs that no criterion allows: they are only said to be so, or neither found nor launched. */
export type AllowedImagesMode = "audit" | "enabled";

/** Names that one criterion takes, and criteria that an account takes (EC2 API reference, ImageCriterionRequest). */
const MOST_NAMES = 50;
const MOST_CRITERIA = 10;

/**
 * The declarative policy for EC2 that allows the factory's AMIs: those of its account, by the names that its pipelines
 * give. The stored syntax knows no watermarks (Organizations user guide, "Declarative policy syntax and examples").
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
        "@@assign": `AMIs come from the image factory ${factory.name} (account ${account}): ask its owners for what is missing.`,
      },
      allowed_images_settings: {
        state: { "@@assign": mode === "audit" ? "audit_mode" : "enabled" },
        image_criteria: Object.fromEntries(criteria),
      },
    },
  };
}

/**
 * The same as an account's own setting, in one region: what `aws ec2 replace-image-criteria-in-allowed-images-settings`
 * takes as `--cli-input-json`. It also asks for the mark of one of the image's channels, so that only what passed its gate is
 * allowed, and no more once it is revoked.
 * @param channels whose marks count
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
  // A criterion for each image asks for that image's own marks. More images than criteria share them, by a pattern.
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
