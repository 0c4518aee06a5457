import { Client } from "@smithy/core/client";
import { onTestFinished } from "vitest";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { type InProcessHandler, inProcessHandler } from "../../src/in-process-handler.ts";
import { DirectSender, type SdkClient, type SdkCommand } from "../../src/lambda-runtime/direct-client.ts";
import { startServer } from "../../src/server.ts";

/** An SDK client's settings for the embedded AWS. */
export type Connection = { readonly endpoint?: string; readonly requestHandler?: InProcessHandler };
export type Connect = (aws: EmbeddedAws) => Promise<Connection>;

const senders = new WeakMap<object, DirectSender>();
const sendHttp = Client.prototype.send;

/** As in the functions' bundles: a client with this handler sends its commands without serialization. */
Client.prototype.send = function (this: InstanceType<typeof Client>, ...given: Parameters<typeof sendHttp>) {
  const client = this as unknown as SdkClient & { readonly config: { readonly requestHandler: object } };
  const [command, options] = given as unknown as [SdkCommand, unknown];
  const sent = senders.get(client.config.requestHandler)?.send(client, command, options);
  return (sent ?? sendHttp.apply(this, given)) as never;
} as never;

/** A handler whose clients send calls, not HTTP requests. */
export function directHandler(aws: EmbeddedAws): InProcessHandler {
  const handler = inProcessHandler(aws);
  senders.set(handler, new DirectSender(handler));
  return handler;
}

/** The connections to the embedded AWS, which end with the test; their results must not differ. */
export const TRANSPORTS: readonly { readonly name: string; readonly connect: Connect }[] = [
  {
    name: "over HTTP",
    async connect(aws) {
      const server = await startServer(aws, { port: 0 });
      onTestFinished(() => server.close());
      return { endpoint: server.url };
    },
  },
  { name: "in process", connect: async (aws) => ({ requestHandler: inProcessHandler(aws) }) },
  { name: "directly", connect: async (aws) => ({ requestHandler: directHandler(aws) }) },
];

export const credentials = (account: string) => ({ accessKeyId: account, secretAccessKey: "any" });

/** Settings of an account's SDK clients, in eu-west-1. */
export const settingsFor = async (connect: Connect, aws: EmbeddedAws, account = "111122223333") => ({
  region: "eu-west-1",
  credentials: credentials(account),
  ...(await connect(aws)),
});
export type Settings = Awaited<ReturnType<typeof settingsFor>>;
