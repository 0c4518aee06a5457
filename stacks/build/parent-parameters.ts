import { parentChannels } from "../../core/channel/parents.ts";
import { parentParameter } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { logicalName, tags } from "../resources/deployment.ts";
import { amiNamedBy } from "./ami-parameters.ts";

/**
 * Parameters with the parent AMI of images that are built from a channel. Image Builder may look up a recipe's parent when
 * the recipe is created, and the channel's own parameter does not exist before its first promotion: so this parameter is
 * created with the root AMI, and follows the channel from then on. Until then `start-build` does not build the child images.
 *
 * Deployments do not change its value. They do not change its description either: the provider would also write back the
 * value that it knows, the first one.
 */
const parents = parentChannels(factory).map(
  ({ image, channel, root }) =>
    [
      `${image}/${channel}`,
      new aws.ssm.Parameter(
        `Parent${logicalName(image)}${logicalName(channel)}`,
        {
          name: parentParameter(factory.name, image, channel),
          description: `What recipes start from whose parent is ${image}, channel ${channel}`,
          type: "String",
          dataType: "aws:ec2:image",
          value: amiNamedBy(root),
          tags,
        },
        { ignoreChanges: ["value", "description"] },
      ),
    ] as const,
);

const byChannel = new Map<string, aws.ssm.Parameter>(parents);

/** The parameter with the parent AMI of a channel's child images. @throws Error if no image is built from the channel */
export function parentParameterOf({ image, channel }: { readonly image: string; readonly channel: string }) {
  const found = byChannel.get(`${image}/${channel}`);
  if (!found) throw new Error(`None of the factory's AMIs is built from ${image}, channel ${channel}.`);
  return found;
}
