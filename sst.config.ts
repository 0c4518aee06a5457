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
      providers: { aws: { region: factory.buildRegion as aws.Region } },
    };
  },
  async run() {
    await import("./stacks/inspector.ts");
    await import("./stacks/recycle-bin.ts");
    await import("./stacks/consumers.ts");
    await import("./stacks/images.ts");
    await import("./stacks/distribution.ts");
    await import("./stacks/rules.ts");
    await import("./stacks/drift.ts");
    await import("./stacks/schedules.ts");
    await import("./stacks/watches.ts");
    await import("./stacks/functions/channel-steps-back.ts");
    await import("./stacks/functions/promote-build.ts");
    await import("./stacks/alarms.ts");
    // It shows what all the others made.
    await import("./stacks/dashboard.ts");
  },
});
