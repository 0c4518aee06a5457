import type { Logger } from "@aws-lambda-powertools/logger";
import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import type { Bus } from "../adapters/bus.ts";
import type { Ledger } from "../adapters/ledger/table.ts";
import { MAX_ATTEMPTS, Pace, type Pacing } from "../adapters/pace/pace.ts";
import type { ConsumerSession } from "../adapters/share/consumer.ts";
import type { Factory } from "../core/factory/factory-schema.ts";
import type { Place } from "../core/names.ts";
import factory from "../factory.config.ts";

/** What every function's body gets beside its event. */
export interface Invocation<Variable extends string = never> {
  readonly settings: Settings<Variable>;
  readonly ledger: Ledger;
  readonly bus: Bus;
  readonly client: ClientOf;
  readonly now: Date;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Lambda's request id: the same for every retry of one event. */
  readonly requestId: string;
  /** Waits for a time in milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/** The function's settings, read on each invocation: several functions may share one process. */
export interface Settings<Variable extends string = never> {
  readonly factory: Factory;
  /** The factory's account in the build region. */
  readonly place: Place;
  /** The function's own environment variables. */
  readonly env: Readonly<Record<Variable, string>>;
}

const always = ["FACTORY_ACCOUNT", "PARTITION", "LEDGER_TABLE", "BUS_NAME"] as const;

/** @throws MissingSetting naming each variable that is absent */
export function readSettings<Variable extends string>(
  wanted: readonly Variable[],
  environment: NodeJS.ProcessEnv = process.env,
): Settings<Variable | (typeof always)[number]> {
  const names = [...always, ...wanted];
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) throw new MissingSetting(missing);
  const env = Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<
    (typeof names)[number],
    string
  >;
  return {
    factory,
    place: { partition: env.PARTITION, region: factory.buildRegion, account: env.FACTORY_ACCOUNT },
    env,
  };
}

class MissingSetting extends Error {
  override readonly name = "MissingSetting";

  constructor(names: readonly string[]) {
    super(`Missing environment variables: ${names.join(", ")}. Deploy the stack again.`);
  }
}

/** One for all clients of an execution environment, which has one invocation at a time. */
export const pace = new Pace();

/** What differs between clients: region, credentials and transport. */
type ClientConfig = Pick<EC2ClientConfig, "region" | "credentials" | "endpoint" | "requestHandler">;

export type ClientClass<Client> = new (config: ClientConfig & { readonly maxAttempts: number }) => Client;

/**
 * The SDK client of a class, created at first use and kept for the life of the execution environment.
 * @param where a region, with the function's role, or a session in a consumer account; default: the build region
 */
export type ClientOf = <Client extends object>(Client: ClientClass<Client>, where?: string | ConsumerSession) => Client;

/**
 * Creates every AWS client: paced by the rates that AWS publishes for an account and region, with jittered retries.
 * @param account the account whose rates it uses: the factory's, or that of the assumed role
 */
export function makeClient<Client extends object>(
  Client: ClientClass<Client>,
  config: ClientConfig,
  account = process.env.FACTORY_ACCOUNT ?? "the factory's account",
): Client {
  const client = new Client({ ...config, maxAttempts: MAX_ATTEMPTS });
  // By their types, clients such as EBS, whose operations all require input, do not accept generic middleware.
  pace.apply(client as Pacing, account);
  return client;
}

/**
 * @param home the build region
 * @param make creates a client; tests of function bodies pass their own to reach their AWS
 */
export function clientsOf(home: string, make: typeof makeClient = makeClient): ClientOf {
  const inRegions = new Map<string, Made>();
  // A session's clients are dropped with it.
  const inSessions = new WeakMap<ConsumerSession, Made>();
  return <Client extends object>(Client: ClientClass<Client>, where: string | ConsumerSession = home): Client => {
    const inRegion = typeof where === "string";
    const made = inRegion ? keep(inRegions, where, newMade) : keep(inSessions, where, newMade);
    return keep(made, Client, () =>
      inRegion
        ? make(Client, { region: where })
        : make(Client, { region: where.region, credentials: where.keys }, where.account),
    ) as Client;
  };
}

/** By class: bundlers rename classes, so a name cannot be the key. */
type Made = Map<unknown, object>;

const newMade = (): Made => new Map();

function keep<Key, Value>(
  kept: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const value = kept.get(key) ?? make();
  kept.set(key, value);
  return value;
}
