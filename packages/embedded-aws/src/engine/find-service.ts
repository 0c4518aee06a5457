import { defineState, type EmbeddedAws } from "./embedded-aws.ts";
import type { Service } from "./operation.ts";

/** Loads each service on first use, by signing name. */
export type ServiceLoaders = Readonly<Record<string, () => Promise<Service>>>;

const services = defineState("services", () => ({
  loaders: {} as ServiceLoaders,
  loading: new Map<string, Promise<Service>>(),
  loaded: new Map<string, Service>(),
}));

export const setServices = (aws: EmbeddedAws, loaders: ServiceLoaders): void => {
  aws.state(services, "", "").loaders = loaders;
};

/** Undefined until it was found once. */
export const loadedService = (aws: EmbeddedAws, signingName: string): Service | undefined =>
  aws.state(services, "", "").loaded.get(signingName);

/** Undefined if this AWS does not have the service. */
export async function findService(aws: EmbeddedAws, signingName: string): Promise<Service | undefined> {
  const { loaders, loading, loaded } = aws.state(services, "", "");
  // A request can name any service, including `constructor`.
  const load = Object.hasOwn(loaders, signingName) ? loaders[signingName] : undefined;
  if (!load) return undefined;
  const found = loading.get(signingName) ?? aws.clock.hold(load());
  loading.set(signingName, found);
  const service = await found;
  loaded.set(signingName, service);
  return service;
}

/** The signing names of all services of this AWS. */
export const serviceNames = (aws: EmbeddedAws): string[] => Object.keys(aws.state(services, "", "").loaders);
