import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Step } from "../step.ts";

interface ParameterClients {
  /** Tags of container images move with the parameter. */
  readonly ecr: (region: string) => ECRClient;
  readonly ssm: (region: string) => SSMClient;
  /** Lets so many milliseconds pass. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What is needed to change channels' parameters. */
export type ParameterStep = Step<never, ParameterClients>;

interface ArtifactClients {
  readonly ecr: (region: string) => ECRClient;
  readonly ec2: (region: string) => EC2Client;
}

/** What is needed to change who may have what builds yield. */
export type ArtifactStep = Step<never, ArtifactClients>;

/** What is needed to move a channel to a build that is not being promoted. */
export type ChannelStep = Step<never, ParameterClients & ArtifactClients>;

/** One of an image's channels. */
export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}
