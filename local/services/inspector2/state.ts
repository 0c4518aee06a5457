import type { ResourceScanType } from "@aws-sdk/client-inspector2";
import type { EmbeddedAws } from "../../embedded-aws.ts";
import { defineState } from "../../state.ts";

/** What Amazon Inspector scans in one account and region; nothing until it is enabled. */
export const inspectorState = defineState<{ scanned: Set<ResourceScanType> }>("inspector2", () => ({
  scanned: new Set(),
}));

/** Whether EC2 scanning is on: Image Builder's scans need it. */
export const scansInstances = (aws: EmbeddedAws, account: string, region: string): boolean =>
  aws.state(inspectorState, account, region).scanned.has("EC2");
