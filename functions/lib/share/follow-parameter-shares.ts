import { putEvent } from "../../../adapters/bus.ts";
import { findChannel } from "../../../adapters/ledger/channels.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import { entities } from "../../../core/launch-permission.ts";
import { channelParameter } from "../../../core/names.ts";
import { parametersOf } from "../../../core/share/held-regions.ts";
import type { OrganizationTree } from "../../../core/share/organization-tree.ts";
import { needsTree } from "../../../core/share/resolve-share.ts";
import { driftRepaired } from "../../../events/drift-repaired.ts";
import type { Step } from "../step.ts";
import { followPrincipals } from "./parameter-shares.ts";
import { permissionIn } from "./read-permission.ts";

/**
 * After the organization has changed: whoever joined what a share means can read the channel's parameter, whoever left it
 * cannot. Units and the organization as a whole are followed by RAM itself.
 * @returns how many shares were changed
 */
export async function followParameterShares(
  image: string,
  { channels }: Image,
  tree: OrganizationTree,
  step: Step,
): Promise<number> {
  const { ledger, settings, bus } = step;
  let followed = 0;
  for (const { name: channel, share } of channels) {
    if (!needsTree(share)) continue;
    const principals = entities(permissionIn(share, tree, settings));
    const pointed = await findChannel(ledger, image, channel);
    for (const region of Object.keys(parametersOf(pointed))) {
      const changed = await followPrincipals({ image, channel }, { region, principals }, step);
      if (changed.length === 0) continue;
      followed++;
      const parameter = channelParameter(settings.factory.name, image, channel);
      const repair = `${parameter} in ${region} follows the organization: ${changed.join("; ")}`;
      await putEvent(bus, driftRepaired, { image, repair });
    }
  }
  return followed;
}
