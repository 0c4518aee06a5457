import type { Clock } from "./clock/clock.ts";
import { createEmbeddedAws } from "./create-embedded-aws.ts";
import type { EmbeddedAws } from "./embedded-aws.ts";
import { policyAuthorizer } from "./iam/policy-authorizer.ts";
import { startServer } from "./server.ts";
import { allServices } from "./services/all.ts";
import { regionNames } from "./services/ec2/regions.ts";
import { seedPublicImages } from "./services/ec2/seed-public-images.ts";
import { closeLambda } from "./services/lambda/runner.ts";
import { type OrganizationSeed, seedOrganization } from "./services/organizations/seed-organization.ts";
import { seedPublicTopics } from "./services/sns/seed-public-topics.ts";
import { enforcePublishedLimits } from "./throttle/throttle.ts";

export interface EmptyAwsOptions {
  readonly clock: Clock;
  readonly organization: OrganizationSeed;
  /** On 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  /** Rates of requests that are refused; left out: those that AWS publishes (`local/throttle/`). */
  readonly limits?: "published" | "none";
}

export interface ServedAws {
  readonly aws: EmbeddedAws;
  readonly url: string;
  /** Ends the server and all functions' workers. */
  close(): Promise<void>;
}

/** A client that runs on has asked again by then; the next step of a script in a shell has not. */
const LINGER_MS = 25;

/** An AWS with an organization and, in every region, Amazon's and Canonical's public images; nothing else. */
export async function serveEmptyAws({
  clock,
  organization,
  port,
  limits = "published",
}: EmptyAwsOptions): Promise<ServedAws> {
  const aws = createEmbeddedAws({ clock, services: allServices, authorizer: policyAuthorizer() });
  seedOrganization(aws, organization);
  seedPublicImages(aws, regionNames);
  seedPublicTopics(aws);
  if (limits === "published") enforcePublishedLimits(aws);
  const server = await startServer(aws, { port, lingerMs: LINGER_MS });
  const close = async () => {
    await closeLambda(aws);
    await server.close();
  };
  return { aws, url: server.url, close };
}
