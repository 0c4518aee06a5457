import type * as Sdk from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { authorizeImage } from "./authorization.ts";
import { requireOwnImage } from "./find-image.ts";
import { publishImageState } from "./image-state-change.ts";
import { imageUnavailable, invalidParameter } from "./refusals.ts";
import { isPublic } from "./viewer.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const TEN_YEARS = 3652 * DAY;
const TWO_YEARS = 730 * DAY;

export const operations = {
  /** Launch permissions go and don't come back: EnableImage reverses the state only. */
  DisableImage: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.state !== "available" && image.state !== "disabled") throw imageUnavailable(image.id);
      if (image.state === "available") publishImageState(call.aws, image, "disabled");
      image.state = "disabled";
      image.permissions.clear();
      return { Return: true };
    },
  },
  EnableImage: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.state === "disabled") {
        image.state = "available";
        publishImageState(call.aws, image, "available");
      }
      return { Return: true };
    },
  },
  /** To the minute; at most in 10 years, of a public image 2 years after it was made (EC2 API reference, EnableImageDeprecation). */
  EnableImageDeprecation: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      const { DeprecateAt: asked = new Date(0) } = input;
      const now = call.aws.clock.now();
      const at = Math.round(asked.getTime() / MINUTE) * MINUTE;
      // Dates are minutes: the present one is not past, so that an image can be deprecated at once.
      const latest = isPublic(image) ? image.createdAt + TWO_YEARS : now + TEN_YEARS;
      if (at < Math.floor(now / MINUTE) * MINUTE || at > latest) {
        throw invalidParameter(
          `The deprecation date ${asked.toISOString()} must not be in the past, and at most ${new Date(latest).toISOString()}.`,
        );
      }
      image.deprecateAt = at;
      return { Return: true };
    },
  },
  DisableImageDeprecation: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      requireOwnImage(call, input.ImageId).deprecateAt = undefined;
      return { Return: true };
    },
  },
  EnableImageDeregistrationProtection: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      image.protection = input.WithCooldown ? "enabled-with-cooldown" : "enabled-without-cooldown";
      return { Return: "true" };
    },
  },
  /** With cooldown, the image stays protected for another 24 hours. */
  DisableImageDeregistrationProtection: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.protection === "enabled-with-cooldown") image.cooldownUntil = call.aws.clock.now() + DAY;
      image.protection = "disabled";
      return { Return: "true" };
    },
  },
} satisfies Operations<typeof Sdk>;
