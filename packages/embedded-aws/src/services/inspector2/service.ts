import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { batchGetAccountStatus, disable, enable } from "./account-status.ts";
import { createCisScanConfiguration, deleteCisScanConfiguration } from "./cis-scan-configurations.ts";
import { getCisScanResultDetails, listCisScanResultsAggregatedByTargetResource } from "./cis-scan-results.ts";
import { sendCisSessionHealth, sendCisSessionTelemetry, startCisSession, stopCisSession } from "./cis-sessions.ts";
import { listCisScans } from "./list-cis-scans.ts";

/** Amazon Inspector: the parts that Image Builder's findings come from, and CIS scans that run once. */
export const service: Service = {
  name: "inspector2",
  client: () => import("@aws-sdk/client-inspector2"),
  operations: bindTokens(
    {
      BatchGetAccountStatus: batchGetAccountStatus,
      CreateCisScanConfiguration: createCisScanConfiguration,
      DeleteCisScanConfiguration: deleteCisScanConfiguration,
      Disable: disable,
      Enable: enable,
      GetCisScanResultDetails: getCisScanResultDetails,
      ListCisScanResultsAggregatedByTargetResource: listCisScanResultsAggregatedByTargetResource,
      ListCisScans: listCisScans,
      SendCisSessionHealth: sendCisSessionHealth,
      SendCisSessionTelemetry: sendCisSessionTelemetry,
      StartCisSession: startCisSession,
      StopCisSession: stopCisSession,
    },
    { asked: "nextToken", given: "nextToken", refusal: "ValidationException" },
  ),
};
