import type * as Sdk from "@aws-sdk/client-cloudtrail";
import type { Operations } from "../../engine/operation.ts";
import { findTrail, requireTrail, trailsIn } from "./find-trail.ts";
import { trailsOf } from "./state.ts";
import { toTrail } from "./to-trail.ts";
import { trailResource } from "./trail-name.ts";

export const operations = {
  /**
   * A shadow is a trail of another region, or the organization's in a member account. With names or ARNs the answer has
   * those that are there; a missing one is not an error.
   */
  DescribeTrails: {
    run({ trailNameList = [], includeShadowTrails = true }, call) {
      const named = trailNameList.map((one) => findTrail(call, one)).filter((one) => one !== undefined);
      const found = trailNameList.length > 0 ? named : trailsIn(call);
      const wanted = found.filter(
        (trail) => includeShadowTrails || (trail.homeRegion === call.region && trail.account === call.account),
      );
      return { trailList: [...new Set(wanted)].map(toTrail) };
    },
  },
  /** A trail of another region, or the organization's in a member account, is found by its ARN only. */
  GetTrail: {
    authorize: ({ Name }, call) => [{ resources: [trailResource(call, Name)] }],
    run: ({ Name }, call) => ({ Trail: toTrail(requireTrail(call, Name)) }),
  },
  /** The account's own trails, of all regions. That organization trails are not listed in member accounts is inferred. */
  ListTrails: {
    list: "Trails",
    run(_, { aws, account }) {
      const own = [...trailsOf(aws).values()].filter((trail) => trail.account === account);
      return {
        Trails: own.map(({ arn, name, homeRegion }) => ({ TrailARN: arn, Name: name, HomeRegion: homeRegion })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
