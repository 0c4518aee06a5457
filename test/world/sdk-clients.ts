import { type ClientOf, clientsOf } from "../../functions/invocation.ts";

type Config = ConstructorParameters<Parameters<ClientOf>[0]>[0];

/** Clients as functions receive them, connected to the test's AWS. @param options of the account in the build region */
export const sdkClients = ({ region: home, ...options }: Partial<Config> & { readonly region: string }): ClientOf =>
  clientsOf(home, (Client, config) => new Client({ maxAttempts: 3, ...options, ...config }));
