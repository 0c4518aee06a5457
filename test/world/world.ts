import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { OrganizationsClient, PutResourcePolicyCommand } from "@aws-sdk/client-organizations";
import { type Clock, type EmbeddedAws, inProcessHandler, RealClock, startAws } from "embedded-aws";
import { addImage, type OrganizationSeed } from "embedded-aws/seeds";
import { ec2State } from "embedded-aws/state";
import { onTestFinished } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { moveInLedger } from "../../adapters/channel/history.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { type AmiId, type ArtifactId, type BuildArn, parseAmiId, parseBuildArn } from "../../events/ids.ts";
import type { ClientClass } from "../../functions/invocation.ts";
import { clientOptions } from "../../local/boot/client-options.ts";
import { listBuilt, recordBuilt } from "./built.ts";
import { hear, makeBus } from "./bus.ts";
import { factoryOf, HOME, IMAGE, imageOf, REGIONS } from "./factory-of.ts";
import { makeLedger } from "./ledger.ts";
import { FACTORY, MANAGEMENT, organization, readDelegation } from "./organization.ts";
import { sdkClients } from "./sdk-clients.ts";
import { type StepParts, stepOf } from "./step-of.ts";
import { passing, through } from "./time.ts";

interface Wanted<Time extends Clock> {
  /** Real time, unless another is given. */
  readonly clock?: Time;
  readonly seed?: OrganizationSeed;
  readonly regions?: readonly string[];
  /** Of the image `base`; default: one, shared with the organization. */
  readonly channels?: FactoryInput["images"][string]["channels"];
  readonly factory?: Partial<FactoryInput>;
  /** An existing one; default: a new one with the organization. */
  readonly aws?: EmbeddedAws;
  /** Serves a new one over HTTP, for clients in other processes; the SDK's clients call it in process all the same. */
  readonly served?: true;
}

export type World = Awaited<ReturnType<typeof openWorld<Clock>>>;

/** Builds' outputs by region. */
interface Outputs {
  readonly build: BuildArn;
  readonly amis: Readonly<Record<string, AmiId>>;
}

/**
 * A factory's ledger, bus and AMIs on an embedded AWS, for functions' bodies with real SDK clients. The files in this
 * folder have more for particular suites.
 */
export async function openWorld<Time extends Clock = RealClock>({
  clock: given,
  seed = organization as OrganizationSeed,
  regions = REGIONS,
  channels,
  factory: changes,
  aws: there,
  served,
}: Wanted<Time> = {}) {
  const started = there
    ? undefined
    : await startAws({ clock: given ?? new RealClock(), organization: seed, ...(served && { port: 0, lingerMs: 25 }) });
  if (started) onTestFinished(() => started.close());
  const aws = (there ?? started?.aws) as EmbeddedAws;
  const clock = aws.clock as Time;
  /** SDK options to call this AWS as an account. */
  const optionsOf = (account: string, region: string = HOME) => ({
    ...clientOptions(started?.url ?? "http://127.0.0.1:1", account, region),
    requestHandler: inProcessHandler(aws),
    maxAttempts: 1,
  });
  const factory = factoryOf({
    regions: [...regions],
    organization: { id: seed.id ?? organization.id, managementAccountId: MANAGEMENT },
    images: { [IMAGE]: imageOf(channels && { channels }) },
    ...changes,
  });
  const ledger = await makeLedger(optionsOf(FACTORY));
  const bus = await makeBus(new EventBridgeClient(optionsOf(FACTORY)), factory.name);
  const said = hear(aws, bus.name);
  if (started) {
    const Content = JSON.stringify(readDelegation);
    await new OrganizationsClient(optionsOf(MANAGEMENT)).send(new PutResourcePolicyCommand({ Content }));
  }
  const ofFactory = sdkClients(optionsOf(FACTORY));

  return {
    aws,
    url: started?.url ?? "",
    clock,
    factory,
    ledger,
    said,
    /** Details of all events with a name so far. */
    details: (event: string) => said.filter(({ name }) => name === event).map(({ detail }) => detail),
    optionsOf,
    /** The SDK client of an account; default: the factory's in its build region. */
    client: <Client extends object>(
      Client: ClientClass<Client>,
      { account = FACTORY, region = HOME }: { readonly account?: string; readonly region?: string } = {},
    ): Client => (account === FACTORY ? ofFactory(Client, region) : new Client(optionsOf(account, region))),
    /** The arguments of a function's body. */
    step: <Variable extends string = never>(more: Partial<StepParts<Variable>> = {}) =>
      stepOf<Variable>({
        factory,
        ledger,
        bus,
        client: ofFactory,
        now: new Date(clock.now()),
        wait: (ms) => clock.sleep(ms),
        ...more,
      }),
    pass: passing(clock),
    through: through(clock),
    /**
     * A build that passed its gate, with an AMI in each region.
     * @param addAmi creates one and returns its id; default: without snapshots
     */
    async addBuild(nth: number, addAmi?: (region: string) => string): Promise<Outputs> {
      const build = parseBuildArn(
        `arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${factory.name}-${IMAGE}/1.0.0/${nth}`,
      );
      const plain = { name: `build-${nth}`, architecture: "x86_64" as const, source: undefined, devices: [] };
      const amis: Record<string, AmiId> = {};
      for (const region of regions) {
        const id = addAmi?.(region) ?? addImage(aws, { account: FACTORY, region }, plain).id;
        aws.state(ec2State, FACTORY, region).tags.set(id, new Map([["amint:factory", factory.name]]));
        amis[region] = parseAmiId(id);
      }
      listBuilt(aws, build, amis);
      const at = new Date(clock.now() + nth).toISOString();
      await recordBuilt(ledger, { image: IMAGE, build, outputs: amis, at, gate: { verdict: "passed" } });
      return { build, amis };
    },
    /** Points a channel of the image at a build. */
    async point(
      channel: string,
      built: { readonly build: BuildArn; readonly amis: Readonly<Record<string, ArtifactId>> },
    ) {
      const now = new Date(clock.now());
      const before = await findChannel(ledger, IMAGE, channel);
      const next = { ...built, startedAt: now.toISOString(), how: "promotion" as const };
      await moveInLedger(ledger, { image: IMAGE, channel, now }, before, next);
    },
    /** Whether an account itself may launch an AMI: ownership and public permissions do not count. */
    async sees(account: string, region: string, ami: AmiId): Promise<boolean> {
      const { Images = [] } = await new EC2Client(optionsOf(account, region)).send(
        new DescribeImagesCommand({ ExecutableUsers: ["self"], Filters: [{ Name: "image-id", Values: [ami] }] }),
      );
      return Images.length === 1;
    },
  };
}
