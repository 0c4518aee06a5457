import type { InProcessHandler } from "embedded-aws";

/** How the SDK reaches the embedded AWS as an account: there, a 12-digit access key is that account. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Without a socket, where the embedded AWS runs in this process. */
  readonly requestHandler?: InProcessHandler;
}

export const clientOptions = (endpoint: string, account: string, region: string): ClientOptions => ({
  region,
  endpoint,
  credentials: { accessKeyId: account, secretAccessKey: "embedded" },
});
