import { scannedResources } from "../../core/evidence/scanned-resources.ts";
import { factory } from "../program/given.ts";
import { arnOf, place } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";

/**
 * Image Builder's CVE findings come from Inspector, and it refuses a pipeline that scans where Inspector is off: pipelines
 * depend on this. Inspector stays on when the stack goes, because others may rely on it by then. Undefined where the
 * config leaves it to others; `amint validate` looks at the account then.
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

/** What an instance needs to have itself scanned: the scan, its own tag, and to report what its agent found. */
export const scanItself: Grant[] = !evaluatesBenchmarks
  ? []
  : [
      {
        actions: ["inspector2:CreateCisScanConfiguration"],
        resources: configurations,
        conditions: [ofThisFactory("aws:RequestTag/amint:factory")],
      },
      // Lists have no resources, and sessions belong to none (service authorization reference, "Amazon Inspector2" and
      // "Amazon EC2"). The four of sessions are AWS's AmazonInspector2ManagedCisPolicy.
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

/** What reading a scan needs, and leaving nothing of it behind. */
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
