/** How the SDK reaches the embedded AWS as an account: there, a 12-digit access key is that account. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const clientOptions = (endpoint: string, account: string, region: string): ClientOptions => ({
  region,
  endpoint,
  credentials: { accessKeyId: account, secretAccessKey: "embedded" },
});
