import { bootFactory, type FactoryOptions, type RunningFactory } from "../local/boot/boot-factory.ts";
import { startPackageRepository } from "../local/package-feeds/package-repository.ts";
import { exampleOrganization } from "./organization.ts";
import { publications } from "./publications.ts";

/** Boots the example in its organization, with repositories that publish the month's packages, or with given ones. */
export const bootExample = (
  options: Omit<FactoryOptions, "organization" | "repository"> &
    Partial<Pick<FactoryOptions, "organization" | "repository">>,
): Promise<RunningFactory> =>
  bootFactory({
    organization: exampleOrganization(options.factory, options.blueprint.account),
    repository: monthOfPackages,
    ...options,
  });

const monthOfPackages: FactoryOptions["repository"] = async (now) => {
  const repository = await startPackageRepository({ now });
  for (const publication of publications) if (!publication.onlyUpdates) repository.publish(publication);
  return repository;
};
