import type { EmbeddedAws } from "../../../local/embedded-aws.ts";
import { startServer } from "../../../local/server.ts";
import { inProcessHandler } from "../../../local/wire/in-process-handler.ts";

/** What an SDK client is told, so that it reaches the embedded AWS. */
export interface Connection {
  readonly options: { endpoint?: string; requestHandler?: ReturnType<typeof inProcessHandler> };
  close(): Promise<void>;
}

/** The two ways to the embedded AWS; they must not differ. */
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
];

export const credentials = (account: string) => ({ accessKeyId: account, secretAccessKey: "any" });
