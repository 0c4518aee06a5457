import { bootFactory, type FactoryOptions, type RunningFactory } from "../local/boot/boot-factory.ts";
import { monthOfInstances } from "./instances.ts";
import { exampleOrganization } from "./organization.ts";
import { publications } from "./publications.ts";
import { begin } from "./story.ts";

type Given = Pick<FactoryOptions, "factory" | "blueprint"> & Partial<FactoryOptions>;

/** The example in its organization at the month's beginning, with the month's instances and feeds; or with given ones. */
export const exampleWorld = (given: Given): FactoryOptions => ({
  begin,
  plan: monthOfInstances,
  organization: exampleOrganization(given.factory, given.blueprint.account),
  publications: publications.filter(({ onlyUpdates }) => !onlyUpdates),
  ...given,
});

export const bootExample = (given: Given): Promise<RunningFactory> => bootFactory(exampleWorld(given));
