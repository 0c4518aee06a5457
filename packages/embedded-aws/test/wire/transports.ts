import { Client } from "@smithy/core/client";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { type InProcessHandler, inProcessHandler } from "../../src/in-process-handler.ts";
import { DirectSender, type SdkClient, type SdkCommand } from "../../src/lambda-runtime/direct-client.ts";
import { startServer } from "../../src/server.ts";

/** An SDK client's settings for the embedded AWS. */
export interface Connection {
  readonly options: { endpoint?: string; requestHandler?: InProcessHandler };
  close(): Promise<void>;
}

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

/** The connections to the embedded AWS; their results must not differ. */
export const TRANSPORTS: readonly { name: string; connect(aws: EmbeddedAws): Promise<Connection> }[] = [
  {
    name: "over HTTP",
    async connect(aws) {
      const server = await startServer(aws, { port: 0 });
      return { options: { endpoint: server.url }, close: () => server.close() };
    },
  },
  {
    name: "in process",
    connect: async (aws) => ({ options: { requestHandler: inProcessHandler(aws) }, close: async () => {} }),
  },
  {
    name: "directly",
    connect: async (aws) => ({ options: { requestHandler: directHandler(aws) }, close: async () => {} }),
  },
];

export const credentials = (account: string) => ({ accessKeyId: account, secretAccessKey: "any" });
