import { EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { type ConsumerSession, type EnterConsumer, enterConsumers } from "../../../adapters/consumer.ts";
import { makeClient } from "../clients.ts";

/**
 * For functions that act in consumers' accounts.
 * @param connect makes the clients that the function needs there
 */
export const consumersClient = <Clients>(connect: (session: ConsumerSession) => Clients): EnterConsumer<Clients> =>
  enterConsumers(makeClient(STSClient, {}), connect);

/** Each consumer's own EC2, paced by the account's own rates. */
export const ec2Of = ({ keys, region, account }: ConsumerSession): EC2Client =>
  makeClient(EC2Client, { region, credentials: keys }, account);
