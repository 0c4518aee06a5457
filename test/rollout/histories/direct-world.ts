import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  AwsError,
  accountPrincipal,
  allowEverything,
  createAws,
  type EmbeddedAws,
  VirtualClock,
  watchBus,
} from "embedded-aws";
import { addImage } from "embedded-aws/seeds";
import { expect } from "vitest";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { recordOrganization } from "../../../adapters/organization/organization.ts";
import type { Factory, FactoryInput } from "../../../core/factory/factory-schema.ts";
import { type AmiId, parseAmiId, parseBuildArn } from "../../../events/ids.ts";
import type { ClientOf, Invocation } from "../../../functions/invocation.ts";
import { listBuilt, recordBuilt } from "../../world/built.ts";
import { makeBus } from "../../world/bus.ts";
import { directClients, toSdk } from "../../world/direct-clients.ts";
import { factoryOf, HOME, IMAGE, imageOf } from "../../world/factory-of.ts";
import { documentsOf, LedgerMemory, operationOf } from "../../world/ledger-memory.ts";
import { FACTORY } from "../../world/organization.ts";
import { stepOf } from "../../world/step-of.ts";
import { BEGIN, passing } from "../../world/time.ts";
import {
  amiOf,
  BUILDING,
  type Built,
  CHANNEL,
  Machine,
  ONE_WAVE,
  PRODUCTION,
  type RolloutInput,
  rolloutDriver,
  shareWithConsumers,
  TESTING,
  WAVES,
} from "../rollout-driver.ts";

/** A function's call to AWS, or to the ledger (`dynamodb`). */
export interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
}

/** Around each call of the functions that roll out: refuses it before, looks at it, or fails it after. */
export type Around = (asked: Asked, carryOut: () => Promise<object>) => Promise<object>;

interface Wanted {
  readonly rollout?: RolloutInput;
  readonly consumers?: NonNullable<FactoryInput["consumers"]>["rollout"];
  readonly factory?: Partial<FactoryInput>;
  readonly regions?: readonly string[];
}

interface Stage {
  readonly aws: EmbeddedAws;
  readonly clock: VirtualClock;
  readonly memory: LedgerMemory;
  readonly machine: Machine;
  around: Around;
}

/** SDK clients are slow to create: all worlds of this process share them, and they reach the newest one. */
let stage: Stage;

/** Errors as the SDK throws them, with the status that distinguishes refusals from failures. */
function refuse(error: unknown): never {
  if (!(error instanceof AwsError) || error.code === "ParameterNotFound") return toSdk(error);
  const $metadata = { httpStatusCode: error.status ?? 400 };
  throw Object.assign(new Error(error.message), { name: error.code, $metadata });
}

async function carryOut({ service, operation, input, account, region }: Asked): Promise<object> {
  const { aws, machine } = stage;
  if (service === "sts") return session(String(input.RoleArn).split(":")[4] ?? "");
  if (service === "lambda") {
    machine.asked.push(JSON.parse(String(input.Payload)));
    return {};
  }
  if (operation === "ListExecutions") return { executions: machine.executions.map(({ name }) => ({ name })) };
  if (operation === "StartExecution") {
    machine.start(String(input.name), String(input.input));
    return {};
  }
  return aws.call<object>(service, operation, input, { principal: accountPrincipal(account), region }).catch(refuse);
}

/** Any account admits the factory; `around` decides which are denied. */
const session = (account: string) => ({
  Credentials: {
    AccessKeyId: account,
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: new Date(Date.UTC(2100, 0)),
  },
});

const toAsked = (service: string, operation: string, input: object, region: string, account = FACTORY): Asked => ({
  service,
  operation,
  input: input as Asked["input"],
  account,
  region,
});

const clients = {
  calm: directClients((...call) => carryOut(toAsked(...call)), HOME),
  acting: directClients((...call) => {
    const asked = toAsked(...call);
    return stage.around(asked, () => carryOut(asked));
  }, HOME),
};
const ledgers = {
  calm: documentsOf((command) => stage.memory.send(command)),
  acting: documentsOf((command) => {
    const asked = toAsked("dynamodb", operationOf(command), command.input, HOME);
    return stage.around(asked, () => stage.memory.send(command));
  }),
};

const ROOT = "r-exam";
const account = (id: string, parent: string) => ({ id, name: id, parent, active: true });
const tree = {
  rootId: ROOT,
  units: [
    { id: "ou-exam-workload", name: "Workloads", parent: ROOT },
    { id: "ou-exam-produc11", name: "Production", parent: "ou-exam-workload" },
  ],
  accounts: [
    account(FACTORY, ROOT),
    account(BUILDING, "ou-exam-workload"),
    account(TESTING, "ou-exam-workload"),
    account(PRODUCTION, "ou-exam-produc11"),
  ],
};

export type DirectWorld = Awaited<ReturnType<typeof openDirect>>;

/**
 * As `openRollouts`, for thousands of histories: calls go straight to the embedded AWS's operations, the ledger is in
 * memory, and everything is allowed. Only the newest world can be used.
 */
export async function openDirect({
  rollout = { waves: WAVES },
  consumers = { templateVersions: [BUILDING, TESTING, PRODUCTION] },
  factory: changes,
  regions = [HOME],
}: Wanted = {}) {
  const clock = new VirtualClock(BEGIN);
  const aws = createAws({ clock, authorizer: allowEverything });
  const machine = new Machine();
  const now: Stage = { aws, clock, machine, memory: new LedgerMemory(), around: (_, carriedOut) => carriedOut() };
  stage = now;
  const channel = { name: CHANNEL, share: { organizationalUnits: ["ou-exam-workload"] }, rollout };
  const factory: Factory = factoryOf({
    regions: [...regions],
    images: { [IMAGE]: imageOf({ channels: [channel] }) },
    consumers: { verify: [BUILDING], mirror: true, rollout: consumers },
    ...changes,
  });
  const ledger = { documents: ledgers.calm, table: "ledger" };
  const bus = await makeBus(clients.calm(EventBridgeClient), factory.name);
  const said: { readonly name: string; readonly detail: Record<string, unknown> }[] = [];
  watchBus(aws, FACTORY, HOME, bus.name, ({ "detail-type": name, detail }) =>
    said.push({ name, detail: detail as Record<string, unknown> }),
  );
  const pass = passing(clock);
  const env = { MIRROR_CHANNEL_FUNCTION: "mirror-channel", ROLLOUT_ARN: "arn:machine" };
  const stepWith = (client: ClientOf, documents: Ledger["documents"]): Invocation<keyof typeof env> =>
    stepOf({
      factory,
      env,
      ledger: { documents, table: "ledger" },
      bus: { ...bus, client: client(EventBridgeClient) },
      client,
      now: new Date(clock.now()),
      wait: pass,
    });
  const step = () => stepWith(clients.acting, ledgers.acting);
  const calm = () => stepWith(clients.calm, ledgers.calm);
  await recordOrganization(ledger, { ...tree, readAt: new Date(clock.now()).toISOString() });
  const client = <Client extends object>(
    Client: Parameters<typeof clients.calm<Client>>[0],
    where: { readonly account: string; readonly region: string },
  ): Client => clients.calm(Client, sessionOf(where));
  const driver = rolloutDriver({ factory, clock, ledger, machine, step, calm, client, pass });

  /** A build that passed its gate and that every account may launch. */
  async function build(nth: number, gated = true): Promise<Built> {
    const arn = parseBuildArn(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${factory.name}-${IMAGE}/1.0.0/${nth}`);
    const amis: Record<string, AmiId> = {};
    for (const region of regions) {
      const added = addImage(
        aws,
        { account: FACTORY, region },
        { name: `build-${nth}`, architecture: "x86_64", source: undefined, devices: [] },
      );
      await pass(0);
      await clients.calm(EC2Client, region).send(shareWithConsumers(added.id));
      amis[region] = parseAmiId(added.id);
    }
    listBuilt(aws, arn, amis);
    const at = new Date(clock.now() + nth).toISOString();
    const gate = gated ? { gate: { verdict: "passed" as const } } : {};
    await recordBuilt(ledger, { image: IMAGE, build: arn, outputs: amis, at, ...gate });
    return { build: arn, amis };
  }
  /** Built, shared in every region, and the channel points at it; copies follow. */
  async function promote(nth: number): Promise<Built> {
    const built = await build(nth);
    await pass(1_000);
    await driver.point(built);
    return built;
  }
  return {
    ...driver,
    aws,
    clock,
    ledger,
    factory,
    pass,
    step,
    calm,
    client,
    build,
    details: (event: string) => said.filter(({ name }) => name === event).map(({ detail }) => detail),
    /** `good` must get the build whatever is wrong with the others. */
    async goodIsDone(built: Built): Promise<void> {
      expect((await driver.states()).good).toBe("done");
      expect(await driver.amis("good", TESTING)).toEqual([amiOf(built), amiOf(built)]);
    },
    promote,
    /** The channel moves to a new build, which is rolled out until the roll-out has ended or `until` holds. */
    async follow(nth: number, until?: () => boolean | Promise<boolean>): Promise<Built> {
      const built = await promote(nth);
      await driver.start();
      await driver.drive(until);
      return built;
    },
    /** Around each call of the functions that roll out from now on. */
    around(next: Around): void {
      now.around = next;
    },
  };
}

/** With two groups that run the first build: `good`, and `shop`, which the test hinders. */
export async function openShop(wanted: Wanted = {}) {
  const world = await openDirect({ rollout: ONE_WAVE, ...wanted });
  const first = await world.promote(1);
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  await world.addGroup("shop", { image: amiOf(first) });
  return { ...world, first };
}

const sessions = new Map<string, { keys: never; account: string; region: string }>();
function sessionOf({ account: id, region }: { readonly account: string; readonly region: string }) {
  const name = `${id} ${region}`;
  const known = sessions.get(name) ?? { keys: {} as never, account: id, region };
  sessions.set(name, known);
  return known;
}
