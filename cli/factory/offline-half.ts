import { partition } from "@aws-sdk/core/client";
import { checkDates } from "../../core/factory/check-dates.ts";
import type { FactoryConfigError } from "../../core/factory/define-factory.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { findProject, root } from "../../stacks/blueprint/project.ts";
import { ConfigNotLoaded, loadFactory } from "../command/load-factory.ts";
import { checkComponents, checkDockerfiles } from "./check-components.ts";
import { checkComponentParameters } from "./check-parameters.ts";
import { checkSystems } from "./check-systems.ts";
import { configFinding, type Finding } from "./finding.ts";

export interface OfflineHalf {
  /** Undefined if the config is unusable. */
  readonly factory: Factory | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Runs the checks that need no credentials and no network.
 * @param config path of a config other than the project's
 */
export async function offlineHalf(config: string | undefined, now: Date): Promise<OfflineHalf> {
  const factory = await loadFactory(config).catch(toFindings);
  if (Array.isArray(factory)) return { factory: undefined, findings: factory };
  const folders = { project: findProject(config).root, program: root };
  return {
    factory,
    findings: [
      ...checkRegionNames(factory),
      ...checkSystems(factory, now),
      ...checkComponents(factory, folders),
      ...checkComponentParameters(factory, folders),
      ...(await checkDockerfiles(factory, folders.project)),
      ...checkDates(factory, now).map(
        ({ harmless, ...fault }): Finding => ({
          ...fault,
          fix: harmless ? "remove it, or move the date" : "change it in factory.config.ts",
          ...(harmless && { warning: true }),
        }),
      ),
    ],
  };
}

function toFindings(error: unknown): Finding[] {
  if (error instanceof ConfigNotLoaded) return [{ where: error.at, what: error.what, fix: error.fix }];
  // Compared by name: the config may load its own copy of the class.
  if (error instanceof Error && error.name === "FactoryConfigError") {
    return (error as FactoryConfigError).faults.map(configFinding);
  }
  throw error;
}

/** Only existing regions have a description. */
const isRegion = (name: string): boolean => "description" in partition(name);

/** Finds regions that the SDK's list does not have. */
function checkRegionNames({ regions }: Pick<Factory, "regions">): Finding[] {
  return regions.flatMap((region, nth): Finding[] => {
    if (isRegion(region)) return [];
    const others = Array.from({ length: 9 }, (_, n) => region.replace(/\d$/, String(n + 1))).filter(isRegion);
    const fix =
      others.length > 0
        ? `did you mean ${others.map((one) => `"${one}"`).join(" or ")}?`
        : 'name a region such as "eu-west-1"; a region that is newer than this version of Amint needs an upgrade';
    return [{ where: `regions[${nth}]`, what: `AWS has no region "${region}"`, fix }];
  });
}
