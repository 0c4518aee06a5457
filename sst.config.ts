/// <reference path="./.sst/platform/config.d.ts" />

// SST reads this file before it installs the platform, so everything is imported inside the functions.
const factory = async () => (await import("./factory.config.ts")).default;
const program = () => import("./stacks/program/program.ts");

export default $config({
  app: async () => ({ ...(await program()).app(await factory()), protect: true }),
  run: async () => (await program()).run(await factory()),
});
