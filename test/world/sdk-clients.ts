import { type ClientOf, clientsOf } from "../../functions/step.ts";

type Config = ConstructorParameters<Parameters<ClientOf>[0]>[0];

/** Clients as functions are given them, by a test's own way to its AWS. @param options of the account in the build region */
export const sdkClients = ({ region: home, ...options }: Partial<Config> & { readonly region: string }): ClientOf =>
  clientsOf(home, (Client, config) => new Client({ maxAttempts: 3, ...options, ...config }));
