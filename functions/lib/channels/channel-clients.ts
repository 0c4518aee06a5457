import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { SSMClient } from "@aws-sdk/client-ssm";
import { makeClient } from "../clients.ts";
import { perRegion } from "../step.ts";

/** For functions that change channels' parameters. */
export const parameterClients = () => ({
  ecr: perRegion((region) => makeClient(ECRClient, { region })),
  ssm: perRegion((region) => makeClient(SSMClient, { region })),
  wait: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** For functions that change who may have what builds yield. */
export const artifactClients = () => ({
  ecr: perRegion((region) => makeClient(ECRClient, { region })),
  ec2: perRegion((region) => makeClient(EC2Client, { region })),
});

/** For functions that move a channel to a build that is not being promoted. */
export const channelClients = () => ({ ...parameterClients(), ...artifactClients() });
