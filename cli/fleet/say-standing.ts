import type { Standing } from "../../core/fleet/list-fleet.ts";

/** Where a build stands beside its image's channels: `in stable`, `2 builds, 28d behind stable`. */
export function sayStanding(standing: Standing): string {
  switch (standing.kind) {
    case "in":
      return `in ${standing.channels.join(", ")}`;
    case "behind": {
      const { builds, days, channel } = standing;
      return `${builds} ${builds === 1 ? "build" : "builds"}, ${days}d behind ${channel}`;
    }
    case "ahead":
      return `ahead of ${standing.channel}`;
    case "none":
      return "no channel points at a build";
  }
}
