import type { Factory } from "../../core/factory/factory-schema.ts";
import { give } from "./given.ts";

interface App {
  readonly name: string;
  readonly home: "aws";
  readonly removal: "retain";
  readonly providers: { aws: { region: aws.Region }; random: string };
}

/** What SST needs to know before it runs the program: the `app()` of `sst.config.ts`. */
export const app = ({ buildRegion }: Factory): App => ({
  name: "amint",
  home: "aws",
  removal: "retain",
  // SST's own components are made with this version of random.
  providers: { aws: { region: buildRegion as aws.Region }, random: "4.16.6" },
});

/** Registers every resource of the factory: the `run()` of `sst.config.ts`. */
export async function run(factory: Factory): Promise<void> {
  give(factory);
  await import("../evidence/inspector.ts");
  await import("../retirement/recycle-bin.ts");
  await import("../organization/consumers.ts");
  await import("../build/images.ts");
  await import("../promotion/distribution.ts");
  await import("../rollout/state-machine.ts");
  await import("../rules/rules.ts");
  await import("../repair/drift.ts");
  await import("../rules/schedules.ts");
  await import("../advisories/watches.ts");
  await import("../revocation/functions.ts");
  await import("../promotion/promote-build.ts");
  await import("../monitoring/alarms.ts");
  // It shows what all the others made.
  await import("../monitoring/dashboard.ts");
}
