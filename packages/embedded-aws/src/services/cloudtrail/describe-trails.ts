import type {
  DescribeTrailsCommandInput,
  DescribeTrailsCommandOutput,
  GetTrailCommandInput,
  GetTrailCommandOutput,
  ListTrailsCommandInput,
  ListTrailsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { operation } from "../../engine/operation.ts";
import { paginate } from "../paginate.ts";
import { findTrail, requireTrail, trailsIn } from "./find-trail.ts";
import { trailsOf } from "./state.ts";
import { toTrail } from "./to-trail.ts";
import { trailResource } from "./trail-name.ts";

/**
 * A shadow is a trail of another region, or the organization's in a member account. With names or ARNs the answer has
 * those that are there; a missing one is not an error.
 */
export const describeTrails = operation<DescribeTrailsCommandInput, Omit<DescribeTrailsCommandOutput, "$metadata">>({
  run({ trailNameList = [], includeShadowTrails = true }, call) {
    const named = trailNameList.map((one) => findTrail(call, one)).filter((one) => one !== undefined);
    const found = trailNameList.length > 0 ? named : trailsIn(call);
    const wanted = found.filter(
      (trail) => includeShadowTrails || (trail.homeRegion === call.region && trail.account === call.account),
    );
    return { trailList: [...new Set(wanted)].map(toTrail) };
  },
});

/** A trail of another region, or the organization's in a member account, is found by its ARN only. */
export const getTrail = operation<GetTrailCommandInput, Omit<GetTrailCommandOutput, "$metadata">>({
  authorize: ({ Name }, call) => [{ resources: [trailResource(call, Name)] }],
  run: ({ Name }, call) => ({ Trail: toTrail(requireTrail(call, Name)) }),
});

const PAGE = 1000;

/** The account's own trails, of all regions. That organization trails are not listed in member accounts is inferred. */
export const listTrails = operation<ListTrailsCommandInput, Omit<ListTrailsCommandOutput, "$metadata">>({
  run({ NextToken }, { aws, account }) {
    const own = [...trailsOf(aws).values()].filter((trail) => trail.account === account);
    const page = paginate(own, NextToken, PAGE, "InvalidTokenException");
    const Trails = page.items.map(({ arn, name, homeRegion }) => ({
      TrailARN: arn,
      Name: name,
      HomeRegion: homeRegion,
    }));
    return { Trails, ...(page.next && { NextToken: page.next }) };
  },
});
