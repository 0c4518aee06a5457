import type { Factory } from "../../core/factory/factory-schema.ts";
import { setFactory } from "./factory.ts";

interface App {
  readonly name: string;
  readonly home: "aws";
  readonly removal: "retain";
  readonly providers: { aws: { region: aws.Region }; random: string };
}

/** The `app()` of `sst.config.ts`, which SST reads before it runs the program. */
export const app = ({ buildRegion }: Factory): App => ({
  name: "amint",
  home: "aws",
  removal: "retain",
  // The version that SST's own components use.
  providers: { aws: { region: buildRegion as aws.Region }, random: "4.16.6" },
});

/** Registers every resource of the factory: the `run()` of `sst.config.ts`. */
export async function run(factory: Factory): Promise<void> {
  setFactory(factory);
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
  // Last, because it shows the resources of all others.
  await import("../monitoring/dashboard.ts");
}
