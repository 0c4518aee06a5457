import type { EmbeddedAws } from "./embedded-aws.ts";
import type { Service } from "./operation.ts";
import { defineState } from "./state.ts";

/** Loads each service on first use, by signing name. */
export type ServiceLoaders = Readonly<Record<string, () => Promise<Service>>>;

const services = defineState("services", () => ({
  loaders: {} as ServiceLoaders,
  loaded: new Map<string, Promise<Service>>(),
}));

export const setServices = (aws: EmbeddedAws, loaders: ServiceLoaders): void => {
  aws.state(services, "", "").loaders = loaders;
};

/** Undefined if this AWS does not have the service. */
export async function findService(aws: EmbeddedAws, signingName: string): Promise<Service | undefined> {
  const { loaders, loaded } = aws.state(services, "", "");
  // A request can name any service, including `constructor`.
  const load = Object.hasOwn(loaders, signingName) ? loaders[signingName] : undefined;
  if (!load) return undefined;
  const service = loaded.get(signingName) ?? aws.clock.hold(load());
  loaded.set(signingName, service);
  return service;
}

/** The signing names of all services of this AWS. */
export const serviceNames = (aws: EmbeddedAws): string[] => Object.keys(aws.state(services, "", "").loaders);
