import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import { MAX_ATTEMPTS, Pace, type Pacing } from "../../adapters/pace/pace.ts";

/** One for all clients of an execution environment, which has one invocation at a time. */
export const pace = new Pace();

/** What differs between clients: where they are, whom they act as, and what they speak through. */
type ClientConfig = Pick<EC2ClientConfig, "region" | "credentials" | "endpoint" | "requestHandler">;

export type ClientClass<Client> = new (config: ClientConfig & { readonly maxAttempts: number }) => Client;

/**
 * Every client of AWS is made here: paced by the rates that AWS publishes for an account and region, and with retries
 * that jitter.
 * @param account whose rates it spends, where that is not the factory's: the account of the credentials' role
 */
export function makeClient<Client extends Pacing>(
  Client: ClientClass<Client>,
  config: ClientConfig,
  account = process.env.FACTORY_ACCOUNT ?? "the factory's account",
): Client {
  const client = new Client({ ...config, maxAttempts: MAX_ATTEMPTS });
  pace.apply(client, account);
  return client;
}
