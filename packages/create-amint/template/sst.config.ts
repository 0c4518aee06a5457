/// <reference path="./.sst/platform/config.d.ts" />

// SST reads this file before its platform is installed, so all imports are inside the functions.
const factory = async () => (await import("./factory.config.ts")).default;
const program = () => import("amint/sst");

export default $config({
  app: async () => ({ ...(await program()).app(await factory()), protect: true }),
  run: async () => (await program()).run(await factory()),
});
