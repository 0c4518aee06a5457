import { join } from "node:path";
import { platform, root, stage } from "./places.ts";

/** What SST's CLI puts around a program; see `src/shim` and `src/auto` in its platform. */
export async function provideSstGlobals(): Promise<void> {
  Object.assign(globalThis, {
    $app: { name: "amint", stage, removal: "retain", protect: true, providers: { aws: {} } },
    $dev: false,
    $cli: {
      // None of SST's: nothing is to be deployed, so nothing needs to be bundled.
      command: "blueprint",
      rpc: "",
      env: process.env,
      home: "/",
      state: { version: {} },
      paths: { root, home: "/", work: join(root, ".sst"), platform },
    },
  });
  Object.assign(globalThis, {
    sst: await import("../../.sst/platform/src/components/index.ts"),
    aws: await import("@pulumi/aws"),
  });
}
