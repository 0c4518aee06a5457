import type { InProcessHandler } from "embedded-aws";

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
