import { type EmbeddedAws, endpointOf, type InProcessHandler, inProcessHandler } from "embedded-aws";

/** SDK client options for an account of the embedded AWS: there, a 12-digit access key identifies the account. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Calls the embedded AWS without a socket if it runs in this process. */
  readonly requestHandler?: InProcessHandler;
}

export const clientOptions = (endpoint: string, account: string, region: string): ClientOptions => ({
  region,
  endpoint,
  credentials: { accessKeyId: account, secretAccessKey: "embedded" },
});

/** The same AWS as another account, in any region. */
export const asAccount = (options: ClientOptions, account: string, region: string): ClientOptions => ({
  ...options,
  ...clientOptions(options.endpoint, account, region),
});

/** The same for an embedded AWS in this process, which need not listen. */
export const optionsInProcess = (aws: EmbeddedAws, account: string, region: string): ClientOptions => ({
  ...clientOptions(endpointOf(aws), account, region),
  requestHandler: inProcessHandler(aws),
});
