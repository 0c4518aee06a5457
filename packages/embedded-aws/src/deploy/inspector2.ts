import type { EnableCommandInput, ResourceScanType } from "@aws-sdk/client-inspector2";
import type { Creator } from "./creator.ts";

export const createEnabler: Creator = async (inputs, site) => {
  const accountIds = inputs.texts("accountIds") ?? [];
  const resourceTypes = inputs.texts<ResourceScanType>("resourceTypes");
  await site.call("inspector2", "Enable", { accountIds, resourceTypes } satisfies EnableCommandInput);
  return { id: `${accountIds.join(":")}-${resourceTypes?.join(":")}` };
};
