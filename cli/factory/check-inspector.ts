import type { Inspector2Client } from "@aws-sdk/client-inspector2";
import { findUnscanned } from "../../adapters/evidence/inspector-status.ts";
import { scannedResources } from "../../core/evidence/scanned-resources.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Finding } from "./finding.ts";

/** Checks Amazon Inspector if the factory does not enable it: without it, no pipeline can be created. */
export async function checkInspector(factory: Factory, account: string, client: Inspector2Client): Promise<Finding[]> {
  const { enableInspector, buildRegion } = factory;
  if (enableInspector) return [];
  const unscanned = await findUnscanned(client, account, scannedResources(factory));
  if (unscanned.length === 0) return [];
  const types = unscanned.join(" and ");
  return [
    {
      where: "enableInspector",
      what: `is false, and Amazon Inspector does not scan ${types} in ${buildRegion}: Image Builder refuses pipelines that scan`,
      fix: `aws inspector2 enable --resource-types ${unscanned.join(" ")} --region ${buildRegion}, or set enableInspector: true`,
    },
  ];
}
