import { parentChannels } from "../../core/channel/parents.ts";
import { parentParameter } from "../../core/names.ts";
import { factory } from "../program/given.ts";
import { logicalName, tags } from "../resources/deployment.ts";
import { amiNamedBy } from "./ami-parameters.ts";

/**
 * What recipes of a channel's children start from. Image Builder may look a recipe's parent up when the recipe is created,
 * and the channel's own parameter does not exist before its first promotion: so this one is made with the AMI that
 * everything starts from, and follows the channel from then on. `start-build` builds no child before.
 *
 * Deployments leave its value alone. They leave its description alone, too: with that the provider would put the value it
 * knows, the first one.
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

/** The parameter that children of a channel start from. @throws Error where no image of the factory is such a child */
export function parentParameterOf({ image, channel }: { readonly image: string; readonly channel: string }) {
  const found = byChannel.get(`${image}/${channel}`);
  if (!found) throw new Error(`No AMI of the factory is made from ${image}, channel ${channel}.`);
  return found;
}
