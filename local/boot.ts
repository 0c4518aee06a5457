import type { Clock } from "./clock/clock.ts";
import { createEmbeddedAws } from "./create-embedded-aws.ts";
import type { Blueprint } from "./deploy/blueprint.ts";
import { type Deployment, type DeployOptions, deploy } from "./deploy/deploy.ts";
import type { EmbeddedAws } from "./embedded-aws.ts";
import { endpointOf } from "./endpoint.ts";
import { policyAuthorizer } from "./iam/policy-authorizer.ts";
import { type RunningServer, startServer } from "./server.ts";
import { allServices } from "./services/all.ts";
import { seedPublicImages } from "./services/ec2/seed-public-images.ts";
import { InProcessRunner } from "./services/lambda/in-process-runner.ts";
import { closeLambda, useRunner } from "./services/lambda/runner.ts";
import { type OrganizationSeed, seedOrganization } from "./services/organizations/seed-organization.ts";
import { seedPublicTopics } from "./services/sns/seed-public-topics.ts";
import { enforcePublishedLimits } from "./throttle/throttle.ts";

export interface BootOptions extends DeployOptions {
  readonly clock: Clock;
  readonly blueprint: Blueprint;
  readonly organization?: OrganizationSeed;
  /** What others do before the blueprint is deployed, such as the organization's management account. */
  readonly before?: (aws: EmbeddedAws) => Promise<void>;
  /** Regions with AWS's and Canonical's public images; left out: those of the blueprint. */
  readonly publicImages?: readonly string[];
  /** Serves on 127.0.0.1, 0 for any free port; left out: reached in process only. */
  readonly port?: number;
  /**
   * Where functions run; `workers` unless said. `in-process`: in this thread and without sockets, so that the same run
   * gives the same answers to the last byte.
   */
  readonly functions?: "in-process" | "workers";
  /**
   * Whose requests beyond the rates that AWS publishes (`local/throttle/`) are refused; left out: nobody's. `roles`: not
   * those of an account's root user, who may look on while time stands still.
   */
  readonly limits?: "everybody" | "roles";
}

export interface BootedAws {
  readonly aws: EmbeddedAws;
  /** Where it is served; without a port nobody listens there. */
  readonly url: string;
  readonly deployment: Deployment;
  /** Ends the server and all functions' workers. */
  close(): Promise<void>;
}

/** An AWS with an organization and public images, on which a blueprint is deployed. Nothing stays behind when it fails. */
export async function bootAws(options: BootOptions): Promise<BootedAws> {
  const { clock, blueprint, organization, publicImages = regionsOf(blueprint), port } = options;
  const aws = createEmbeddedAws({ clock, services: allServices, authorizer: policyAuthorizer() });
  if (organization) seedOrganization(aws, organization);
  seedPublicImages(aws, publicImages);
  seedPublicTopics(aws);
  // Queues' addresses begin with the server's.
  const server = port === undefined ? undefined : await startServer(aws, { port });
  try {
    await options.before?.(aws);
    const deployment = await deploy(aws, blueprint, options);
    if (options.functions === "in-process") await runInProcess(aws);
    if (options.limits) enforcePublishedLimits(aws, options.limits);
    return { aws, url: endpointOf(aws), deployment, close: () => close(aws, server) };
  } catch (error) {
    await close(aws, server);
    throw error;
  }
}

async function runInProcess(aws: EmbeddedAws): Promise<void> {
  const runner = new InProcessRunner(aws);
  useRunner(aws, runner);
  await runner.prepare();
}

async function close(aws: EmbeddedAws, server: RunningServer | undefined): Promise<void> {
  await closeLambda(aws);
  await server?.close();
}

const regionsOf = ({ buildRegion, resources }: Blueprint): string[] => [
  ...new Set([buildRegion, ...resources.map(({ region }) => region)]),
];
