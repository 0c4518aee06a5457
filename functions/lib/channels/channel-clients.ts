import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { SSMClient } from "@aws-sdk/client-ssm";
import { makeClient } from "../clients.ts";
import { perRegion } from "../step.ts";

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** For functions that change channels' parameters. */
export const parameterClients = () => ({
  ecr: perRegion((region) => makeClient(ECRClient, { region })),
  ssm: perRegion((region) => makeClient(SSMClient, { region })),
  wait,
});

/** For functions that change who may have what builds yield. */
export const artifactClients = () => ({
  ecr: perRegion((region) => makeClient(ECRClient, { region })),
  ec2: perRegion((region) => makeClient(EC2Client, { region })),
});

/** For a function that changes who may have what builds yield, while nothing else does. */
export const restoringClients = () => ({ ...artifactClients(), wait });

/** For functions that move a channel to a build that is not being promoted. */
export const channelClients = () => ({ ...parameterClients(), ...artifactClients() });
