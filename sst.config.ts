/// <reference path="./.sst/platform/config.d.ts" />

// SST reads this file before the platform is there, so everything is imported inside the functions.
export default $config({
  async app() {
    const { default: factory } = await import("./factory.config.ts");
    return {
      name: "amint",
      home: "aws",
      removal: "retain",
      protect: true,
      // SST's own components are made with this version of random.
      providers: { aws: { region: factory.buildRegion as aws.Region }, random: "4.16.6" },
    };
  },
  async run() {
    await import("./stacks/evidence/inspector.ts");
    await import("./stacks/retirement/recycle-bin.ts");
    await import("./stacks/organization/consumers.ts");
    await import("./stacks/build/images.ts");
    await import("./stacks/promotion/distribution.ts");
    await import("./stacks/rules/rules.ts");
    await import("./stacks/repair/drift.ts");
    await import("./stacks/rules/schedules.ts");
    await import("./stacks/advisories/watches.ts");
    await import("./stacks/revocation/functions.ts");
    await import("./stacks/promotion/promote-build.ts");
    await import("./stacks/monitoring/alarms.ts");
    // It shows what all the others made.
    await import("./stacks/monitoring/dashboard.ts");
  },
});
