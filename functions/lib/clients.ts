import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import type { ConsumerSession } from "../../adapters/consumer.ts";
import { MAX_ATTEMPTS, Pace, type Pacing } from "../../adapters/pace/pace.ts";

/** One for all clients of an execution environment, which has one invocation at a time. */
export const pace = new Pace();

/** What differs between clients: where they are, whom they act as, and what they speak through. */
type ClientConfig = Pick<EC2ClientConfig, "region" | "credentials" | "endpoint" | "requestHandler">;

export type ClientClass<Client> = new (config: ClientConfig & { readonly maxAttempts: number }) => Client;

/**
 * The SDK client of a class, made at its first use and kept for the life of the execution environment.
 * @param where a region, as the factory, or a session in a consumer's account; left out: the build region
 */
export type ClientOf = <Client extends object>(Client: ClientClass<Client>, where?: string | ConsumerSession) => Client;

/**
 * Every client of AWS is made here: paced by the rates that AWS publishes for an account and region, and with retries
 * that jitter.
 * @param account whose rates it spends, where that is not the factory's: the account of the credentials' role
 */
export function makeClient<Client extends object>(
  Client: ClientClass<Client>,
  config: ClientConfig,
  account = process.env.FACTORY_ACCOUNT ?? "the factory's account",
): Client {
  const client = new Client({ ...config, maxAttempts: MAX_ATTEMPTS });
  // By their types, clients of services like EBS, whose operations all take input, take no middleware of everybody's.
  pace.apply(client as Pacing, account);
  return client;
}

/**
 * @param home the build region
 * @param make makes a client; tests of functions' bodies reach their AWS by one of their own
 */
export function clientsOf(home: string, make: typeof makeClient = makeClient): ClientOf {
  const inRegions = new Map<string, Made>();
  // A session that ended takes its clients with it.
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

/** By their classes: bundlers rename these, so that a name is no key. */
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
