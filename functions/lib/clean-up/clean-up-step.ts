import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { CanaryClients } from "../../../adapters/canary.ts";
import type { EnterConsumer } from "../../../adapters/consumer.ts";
import type { Step } from "../step.ts";

/** What is needed to remove leftovers. */
export type CleanUpStep = Step<
  "PROMOTION_ARN",
  {
    readonly ec2: (region: string) => EC2Client;
    readonly ecr: (region: string) => ECRClient;
    readonly imageBuilder: ImagebuilderClient;
    readonly promotions: SFNClient;
    readonly consumer: EnterConsumer<CanaryClients>;
  }
>;
