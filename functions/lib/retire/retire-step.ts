import type { EC2Client } from "@aws-sdk/client-ec2";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { Step } from "../step.ts";

/** What is needed to retire builds. */
export type RetireStep = Step<
  "PROMOTION_ARN",
  { readonly ec2: (region: string) => EC2Client; readonly promotions: SFNClient }
>;
