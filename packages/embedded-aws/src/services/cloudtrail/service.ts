import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteTrail, startLogging, stopLogging, updateTrail } from "./change-trail.ts";
import { createTrail } from "./create-trail.ts";
import { describeTrails, getTrail, listTrails } from "./describe-trails.ts";
import { getEventSelectors, putEventSelectors } from "./event-selectors.ts";
import { addTags, listTags, removeTags } from "./tags.ts";
import { getTrailStatus } from "./trail-status.ts";

/** AWS CloudTrail: trails, and the management events that they put on default buses. No log files are written. */
export const service: Service = {
  name: "cloudtrail",
  client: () => import("@aws-sdk/client-cloudtrail"),
  operations: bindTokens(
    {
      AddTags: addTags,
      CreateTrail: createTrail,
      DeleteTrail: deleteTrail,
      DescribeTrails: describeTrails,
      GetEventSelectors: getEventSelectors,
      GetTrail: getTrail,
      GetTrailStatus: getTrailStatus,
      ListTags: listTags,
      ListTrails: listTrails,
      PutEventSelectors: putEventSelectors,
      RemoveTags: removeTags,
      StartLogging: startLogging,
      StopLogging: stopLogging,
      UpdateTrail: updateTrail,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidTokenException" },
  ),
};
