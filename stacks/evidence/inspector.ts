import { scannedResources } from "../../core/evidence/scanned-resources.ts";
import { factory } from "../program/factory.ts";
import { arnOf, place } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";

/**
 * Image Builder's CVE findings come from Inspector, and it rejects a pipeline with scans if Inspector is off: pipelines
 * depend on this. Inspector stays on when the stack is removed, because others may use it. Undefined if the config does
 * not enable it; then `amint validate` checks the account.
 */
export const inspector = factory.enableInspector
  ? new aws.inspector2.Enabler(
      "Inspector",
      { accountIds: [place.account], resourceTypes: scannedResources(factory) },
      { retainOnDelete: true },
    )
  : undefined;

const evaluatesBenchmarks = Object.values(factory.images).some(({ gate }) => gate.benchmark?.by === "inspector");

const configurations = [arnOf("inspector2", `owner/${place.account}/cis-configuration/*`)];
const ofThisFactory = (variable: string) => ({ test: "StringEquals", variable, values: [factory.name] });

/** Permissions of an instance that has itself scanned: create the scan, read its own tags, report the agent's results. */
export const scanItself: Grant[] = !evaluatesBenchmarks
  ? []
  : [
      {
        actions: ["inspector2:CreateCisScanConfiguration"],
        resources: configurations,
        conditions: [ofThisFactory("aws:RequestTag/amint:factory")],
      },
      // List actions and sessions have no resource types (service authorization reference, "Amazon Inspector2" and
      // "Amazon EC2"). The four session actions are AWS's AmazonInspector2ManagedCisPolicy.
      {
        actions: [
          "ec2:DescribeTags",
          "inspector2:ListCisScans",
          "inspector2:StartCisSession",
          "inspector2:SendCisSessionTelemetry",
          "inspector2:SendCisSessionHealth",
          "inspector2:StopCisSession",
        ],
        resources: ["*"],
      },
    ];

/** Permissions to read a scan and then delete its configuration. */
export const readCisScans: Grant[] = !evaluatesBenchmarks
  ? []
  : [
      {
        actions: [
          "inspector2:ListCisScans",
          "inspector2:ListCisScanResultsAggregatedByTargetResource",
          "inspector2:GetCisScanResultDetails",
        ],
        resources: ["*"],
      },
      {
        actions: ["inspector2:DeleteCisScanConfiguration"],
        resources: configurations,
        conditions: [ofThisFactory("aws:ResourceTag/amint:factory")],
      },
    ];
