import { createAws } from "./create-aws.ts";
import type { Blueprint } from "./deploy/blueprint.ts";
import { type Deployment, type DeployOptions, deploy, requireCache } from "./deploy/deploy.ts";
import type { Clock } from "./engine/clock/clock.ts";
import { type EmbeddedAws, endpointOf } from "./engine/embedded-aws.ts";
import { functionTransport } from "./in-process-handler.ts";
import { enforcePublishedLimits, type Limited } from "./limits/throttle.ts";
import { type RunningServer, startServer } from "./server.ts";
import { regionNames } from "./services/ec2/regions.ts";
import { seedPublicImages } from "./services/ec2/release-public-image.ts";
import { type ParentsResolved, resolveParentsAtBuild } from "./services/imagebuilder/build/resolve-parent.ts";
import { InProcessRunner } from "./services/lambda/in-process-runner.ts";
import { closeLambda, runnerOf, useRunner } from "./services/lambda/runner.ts";
import { type OrganizationSeed, seedOrganization } from "./services/organizations/seed-organization.ts";
import { seedPublicTopics } from "./services/sns/seed-public-topics.ts";

/** The program to deploy, and how its functions run. */
export interface Program extends DeployOptions {
  readonly blueprint: Blueprint;
  /** Called before the blueprint is deployed, for example to set up the organization. */
  readonly before?: (aws: EmbeddedAws) => Promise<void>;
  /**
   * Where functions run; default `workers`. `in-process`: in this thread and without sockets, so that the same run
   * gives byte-identical answers.
   */
  readonly functions?: "in-process" | "workers";
}

export interface StartOptions {
  readonly clock: Clock;
  readonly organization?: OrganizationSeed;
  /** Regions with AWS's and Canonical's public images; omitted: those of the blueprint, or all. */
  readonly publicImages?: readonly string[];
  /** Serves on 127.0.0.1; 0 for any free port; omitted: in process only. */
  readonly port?: number;
  /**
   * How long virtual time stands still after an answer over HTTP, so that the client can continue; in real
   * milliseconds.
   */
  readonly lingerMs?: number;
  /**
   * Throttles requests above the rates that AWS publishes (`published-limits.ts`); omitted: no limits. `roles`: does
   * not limit an account's root user, which tests use to inspect while time stands still.
   */
  readonly limits?: Limited;
  /** When Image Builder resolves the parent of an AMI's recipe, which AWS does not document; default `at-creation`. */
  readonly recipeParents?: ParentsResolved;
}

export interface StartedAws {
  readonly aws: EmbeddedAws;
  /** Its URL; without `port` no server listens there. */
  readonly url: string;
  /** Of the program; empty without one. */
  readonly deployment: Deployment;
  /** Deploys another blueprint with the program's secrets; time stands still meanwhile. */
  redeploy(blueprint: Blueprint, options: Omit<DeployOptions, "secrets">): Promise<Deployment>;
  /** Stops the server and all functions' workers. */
  close(): Promise<void>;
}

/**
 * An AWS with public images and, optionally, an organization, a server and a deployed program. Cleans up if it
 * fails.
 * @throws Error naming the resource that cannot be deployed, or the port that is in use; FolderUnusable
 */
export async function startAws(options: StartOptions, program?: Program): Promise<StartedAws> {
  const { organization, port, lingerMs } = options;
  if (program) requireCache(program.blueprint, program);
  const aws = createAws(options);
  if (options.recipeParents === "at-build") resolveParentsAtBuild(aws);
  if (organization) seedOrganization(aws, organization);
  seedPublicImages(aws, options.publicImages ?? (program ? regionsOf(program.blueprint) : regionNames));
  seedPublicTopics(aws);
  // Queue URLs begin with the server's.
  const server =
    port === undefined ? undefined : await startServer(aws, { port, ...(lingerMs !== undefined && { lingerMs }) });
  try {
    const deployment = program ? await deployProgram(aws, program) : new Map();
    if (options.limits) enforcePublishedLimits(aws, options.limits);
    const redeploy: StartedAws["redeploy"] = (blueprint, changes) =>
      aws.clock.hold(deployAndPrepare(aws, { ...program, ...changes, blueprint }));
    return { aws, url: endpointOf(aws), deployment, redeploy, close: () => close(aws, server) };
  } catch (error) {
    await close(aws, server);
    throw error;
  }
}

async function deployProgram(aws: EmbeddedAws, program: Program): Promise<Deployment> {
  await program.before?.(aws);
  if (program.functions === "in-process") useRunner(aws, new InProcessRunner(aws, functionTransport(aws)));
  return deployAndPrepare(aws, program);
}

async function deployAndPrepare(aws: EmbeddedAws, program: Program): Promise<Deployment> {
  const deployment = await deploy(aws, program.blueprint, program);
  const runner = runnerOf(aws);
  if (runner instanceof InProcessRunner) await runner.prepare();
  return deployment;
}

async function close(aws: EmbeddedAws, server: RunningServer | undefined): Promise<void> {
  await closeLambda(aws);
  await server?.close();
}

const regionsOf = ({ buildRegion, resources }: Blueprint): string[] => [
  ...new Set([buildRegion, ...resources.map(({ region }) => region)]),
];
