import type { BuildRecord } from "../../adapters/ledger/builds.ts";
import { putMetrics } from "./metrics.ts";

/** Tells CloudWatch what became of a build, and how long one took that is available. */
export function measureBuild(factory: string, { image, status, config, startedAt, endedAt }: BuildRecord): void {
  switch (status) {
    case "building":
      return;
    case "available": {
      // Nobody knows when one was started that the factory did not start: its config is unknown, too.
      const known = config !== undefined && endedAt !== undefined;
      const seconds = known ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000 : undefined;
      putMetrics({ factory, image }, { BuildsAvailable: 1, ...(seconds !== undefined && { BuildDuration: seconds }) });
      return;
    }
    case "failed":
      putMetrics({ factory, image }, { BuildsFailed: 1 });
      return;
    case "cancelled":
      putMetrics({ factory, image }, { BuildsCancelled: 1 });
      return;
  }
}
