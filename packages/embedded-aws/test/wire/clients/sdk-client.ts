import { allServices } from "../../../src/services/all.ts";
import { type Connection, credentials } from "../transports.ts";
import { FACTORY } from "../whole-aws.ts";
import type { Client, Told } from "./factory-call.ts";

interface Sdk {
  send(command: unknown): Promise<Record<string, unknown>>;
}

type Constructor<T> = new (input: object) => T;

/** AWS SDK for JavaScript v3, over the given connection. */
export function sdkClient(connection: Connection): Client {
  const settings = {
    region: "eu-west-1",
    credentials: credentials(FACTORY),
    maxAttempts: 1,
    // SQS's client warns about each queue URL with another endpoint; in process, all have one.
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    ...connection,
  };
  const clients = new Map<string, Promise<Sdk>>();

  async function clientOf(service: string): Promise<Sdk> {
    const module = await moduleOf(service);
    const name = Object.keys(module).find((key) => key.endsWith("Client") && key !== "__Client") ?? "";
    return new (module[name] as Constructor<Sdk>)(settings);
  }

  return {
    async send(call, input) {
      const [service = "", operation] = call.split(":");
      const client = clients.get(service) ?? clientOf(service);
      clients.set(service, client);
      const Command = (await moduleOf(service))[`${operation}Command`] as Constructor<unknown> | undefined;
      if (!Command) return { unknown: true };
      return (await client).send(new Command(toSdk(input) as object)).then(toAnswer, toRefusal);
    },
  };
}

async function moduleOf(service: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await allServices[service]?.();
  if (!found) throw new Error(`${service} is not a signing name of the embedded AWS: ${Object.keys(allServices)}`);
  return found.client();
}

function toSdk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSdk);
  if (typeof value !== "object" || value === null) return value;
  if ("bytes" in value) return Buffer.from(String(value.bytes));
  if ("time" in value) return new Date(String(value.time));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toSdk(one)]));
}

async function toAnswer(output: Record<string, unknown>): Promise<Told> {
  const answer: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(output)) answer[key] = await plain(value);
  return { answer };
}

const plain = async (value: unknown): Promise<unknown> => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value === "object" && value !== null && "transformToString" in value) {
    return await (value as { transformToString(): Promise<string> }).transformToString();
  }
  return value;
};

function toRefusal(error: Error & { $metadata?: { httpStatusCode?: number } }): Told {
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined) throw error;
  return { refused: { code: error.name, message: error.message, status } };
}
