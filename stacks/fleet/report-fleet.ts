import { askForUsage, describeImages, readUsage } from "../channel/functions.ts";
import { factory } from "../program/factory.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/** Undefined if the notice is off. */
export const reportFleet = factory.fleet.monthlyNotice
  ? asyncFunction("fleet/report-fleet", {
      // Requests a usage report for every launchable AMI, at EC2's published rates.
      timeoutSeconds: 900,
      ledger: ["Query", "PutItem"],
      putsEvents: true,
      grants: [
        describeImages,
        // DescribeSnapshots has no resource types either.
        { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
        askForUsage,
        readUsage,
      ],
    })
  : undefined;
