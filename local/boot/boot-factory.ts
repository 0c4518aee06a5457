import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type EmbeddedAws, type StartedAws, type StartOptions, startAws, VirtualClock, watchBus } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { type InstancePlan, simulateInstances } from "embedded-aws/instances";
import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findSlackKey, storeSlackSecret } from "../../adapters/notice/slack-secrets.ts";
import { functionOf } from "../../core/factory/blueprint.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { busName } from "../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import { driftSources } from "../../core/repair/drift-events.ts";
import { programOf } from "../../stacks/blueprint/project.ts";
import type { Place } from "../consumers/read-back.ts";
import { type PackageRepository, startPackageRepository } from "../package-feeds/package-repository.ts";
import type { Publication } from "../package-feeds/publication.ts";
import { approveBuild, promoteUrgently, type RequestOptions, requestBuild } from "../people/call-as.ts";
import { type SimulatedSlack, startSlack } from "../slack/slack.ts";
import { type ClientOptions, optionsInProcess } from "./client-options.ts";
import { setUpManagementAccount } from "./set-up-management-account.ts";

/** An event on the factory's bus, in factory time. */
export interface FactoryEvent {
  readonly time: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
}

export interface RunningFactory {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly booted: StartedAws;
  readonly clock: VirtualClock;
  readonly slack: SimulatedSlack;
  /** The vendors' package feeds. */
  readonly repository: PackageRepository;
  readonly events: readonly FactoryEvent[];
  /** SDK options for the factory's account in its build region. */
  readonly options: ClientOptions;
  readonly ledger: Ledger;
  /** Where its channels are read back. */
  readonly place: Place;
  /** Invokes the function `functions/<name>.ts` with an event, as its source would. */
  send(name: string, event: object): Promise<void>;
  /** Requests a build with the credentials of `who`: a name in the config's `people`, or another one. */
  request(image: string, who: string, options?: RequestOptions): Promise<void>;
  /** Approves a build, as the CLI does. */
  approve(build: string, who: string): Promise<void>;
  /** Requests as this person that a build is promoted as an urgent one. */
  promoteUrgently(build: { image: string; build: string }, who: string, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** A factory, its resources, and the folder of its functions. */
export interface Program {
  readonly factory: Factory;
  readonly blueprint: Blueprint;
  readonly program: string;
}

/** `program` is by default the checkout's. */
export interface FactoryOptions extends Pick<Program, "factory" | "blueprint">, Partial<Pick<Program, "program">> {
  /** Where the embedded AWS also listens for other processes; 0 chooses a free port. */
  readonly port?: number;
  /** Where functions run (default: `in-process`, where a function that waits does so in factory time). */
  readonly functions?: "in-process" | "workers";
  /** When factory time begins, in milliseconds since the epoch. */
  readonly begin: number;
  readonly plan: InstancePlan;
  /** The organization, with the factory's account. */
  readonly organization: OrganizationSeed;
  /** The packages and advisories that vendors publish, each from its time on (default: none). */
  readonly publications?: readonly Publication[];
  readonly onEvent?: (event: FactoryEvent) => void;
  /** Creates what the config expects to exist, before the deployment. */
  readonly before?: (aws: EmbeddedAws) => Promise<void>;
  /** When Image Builder first resolves a recipe's parent (default: `at-creation`). */
  readonly recipeParents?: StartOptions["recipeParents"];
}

/** Within this time the management account is set up, before the factory is deployed. */
const SETUP_MS = 60_000;
const TICK_MS = 5_000;

async function setUpOrganization(aws: EmbeddedAws, clock: VirtualClock, { factory, blueprint, begin }: FactoryOptions) {
  const { account, partition } = blueprint;
  const { managementAccountId } = factory.organization;
  const options = optionsInProcess(aws, managementAccountId, ORGANIZATIONS_REGION);
  await setUpManagementAccount({ factory, account, partition }, options, () => clock.runUntil(clock.now() + TICK_MS));
  await clock.runUntil(begin);
}

const slackToken = "xoxb-simulated";
const signingSecret = "5ca1ab1e".repeat(4);

/** The same as `amint slack secrets`, once the stack's key exists. */
async function storeSlackSecrets({ name: factory, notify }: Factory, options: ClientOptions): Promise<void> {
  if (!notify.slack) return;
  const key = await findSlackKey(new KMSClient(options), factory);
  if (!key) throw new Error("The blueprint has no key for Slack's secrets.");
  const [ssm, tags] = [new SSMClient(options), {}];
  await storeSlackSecret(ssm, { factory, secret: "bot-token", value: slackToken, key, tags });
  await storeSlackSecret(ssm, { factory, secret: "signing-secret", value: signingSecret, key, tags });
}

const ledgerIn = ({ resources }: Blueprint, options: ClientOptions): Ledger => ({
  documents: DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  table: String(resources.find(({ type }) => type === "aws:dynamodb/table:Table")?.inputs.name),
});

/** Boots the embedded AWS from the blueprint, with the organization, simulated instances, Slack and package feeds. */
export async function bootFactory(wanted: FactoryOptions): Promise<RunningFactory> {
  const { factory, blueprint, program = programOf(), port, functions = "in-process", plan, onEvent } = wanted;
  const { publications = [], recipeParents } = wanted;
  const { account, buildRegion } = blueprint;
  const clock = new VirtualClock(wanted.begin - SETUP_MS);
  const slack = await startSlack(slackToken, { signingSecret, now: () => clock.now() });
  const repository = await startPackageRepository({ now: () => clock.now() });
  for (const publication of publications) repository.publish(publication);
  const closeServers = () => {
    slack.close();
    repository.close();
  };
  try {
    const booted = await startAws(
      {
        clock,
        ...(port !== undefined && { port }),
        // A function in a worker waits in real time: in factory time its second try comes too early, and is throttled again.
        ...(functions === "in-process" && { limits: "roles" }),
        ...(recipeParents && { recipeParents }),
        organization: {
          ...wanted.organization,
          trail: factory.cloudTrail === "none" ? "none" : "organization",
        },
      },
      {
        blueprint,
        root: program,
        functions,
        before: async (aws) => {
          await wanted.before?.(aws);
          await setUpOrganization(aws, clock, wanted);
        },
        secrets: { SlackApiUrl: slack.url, FeedMirrors: JSON.stringify(repository.mirrors) },
      },
    );
    const events: FactoryEvent[] = [];
    watchBus(booted.aws, account, buildRegion, busName(factory.name), (event) => {
      // AWS's change events follow each of the factory's own writes.
      if (driftSources.includes(event.source)) return;
      const said = { time: event.time, detailType: event["detail-type"], detail: event.detail };
      events.push(said);
      onEvent?.(said);
    });
    simulateInstances(booted.aws, account, buildRegion, plan);
    const options = optionsInProcess(booted.aws, account, buildRegion);
    await booted.aws.clock.hold(storeSlackSecrets(factory, options));
    const lambda = new LambdaClient(options);
    const send = async (name: string, event: object) => {
      const FunctionName = functionOf(blueprint, name);
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: JSON.stringify(event) }));
    };
    const close = async () => {
      closeServers();
      await booted.close();
    };
    const where = { aws: booted.aws, clock, factory, account, options };
    const request: RunningFactory["request"] = (...asked) => requestBuild(where, ...asked);
    const approve = (build: string, who: string) => approveBuild(where, build, who);
    const urge: RunningFactory["promoteUrgently"] = (...asked) => promoteUrgently(where, ...asked);
    const place = { options, factory, factoryAccount: account };
    const own = { factory, blueprint, booted, clock, slack, repository, events, options, place };
    const ledger = ledgerIn(blueprint, options);
    return { ...own, ledger, send, request, approve, promoteUrgently: urge, close };
  } catch (error) {
    closeServers();
    throw error;
  }
}
