import { bootFactory, type FactoryOptions, type RunningFactory } from "../local/boot/boot-factory.ts";
import { monthOfInstances } from "./instances.ts";
import { exampleOrganization } from "./organization.ts";
import { publications } from "./publications.ts";
import { begin } from "./story.ts";

type Given = Pick<FactoryOptions, "factory" | "blueprint"> & Partial<FactoryOptions>;

/** Boots the example in its organization, with the month's instances and feeds, at its beginning; or with given ones. */
export const bootExample = (options: Given): Promise<RunningFactory> =>
  bootFactory({
    begin,
    plan: monthOfInstances,
    organization: exampleOrganization(options.factory, options.blueprint.account),
    publications: publications.filter(({ onlyUpdates }) => !onlyUpdates),
    ...options,
  });
